"""Uploads by tus 1.0.0, the hash that a source tells of its file, and how far an upload is."""

import contextlib
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.http import anybody, may, no_event, route
from accounts.permissions import Permission as P
from accounts.rest import ApiRequest, ApiView
from evidence import access, credentials, describing, intake, leases, naming, tus
from evidence.bodies import Sent
from evidence.credentials import Holder
from evidence.intake import Announced, Chunk, Source
from evidence.models import Item, Upload
from evidence.transfer_errors import WrongContentType, WrongTusVersion
from verifier.events import Event

_BY_CREDENTIAL = "the upload's own credential is the right; parts have no entries of their own"
_UPLOADS = no_event("the person's own unfinished uploads")


class TusView(ApiView):
    """What every answer of the protocol carries."""

    def finalize_response(self, request: Request, response: Response, *args: Any, **kwargs: Any) -> Response:
        """Add the protocol's headers."""
        answer = super().finalize_response(request, response, *args, **kwargs)
        answer["Tus-Resumable"] = tus.VERSION
        if answer.status_code == WrongTusVersion.status:
            answer["Tus-Version"] = tus.VERSION
        if request.method == "PATCH" and answer.status_code >= 400:
            answer["Connection"] = "close"
        return answer


def _demand_tus(request: ApiRequest) -> None:
    version = request.headers.get("Tus-Resumable", "")
    if version != tus.VERSION:
        raise WrongTusVersion(version=version[:20] or "nothing")


def _holder(request: ApiRequest, upload_id: UUID) -> Holder:
    """Who shows the upload's credential. From here on the request is that person's, refusals too."""
    inner: Any = request._request  # noqa: SLF001 - DRF has no public name for it
    holder = credentials.show(request.headers.get("Authorization", ""), upload_id, inner.origin)
    inner.actor = holder.actor
    return holder


@route(
    "api/v1/uploads/", name="api-uploads",
    GET=may(P.CASE_FILE, _UPLOADS),
    POST=may(P.CASE_FILE, Event.UPLOAD_STARTED),
    OPTIONS=anybody(no_event("what the protocol offers")),
)  # fmt: skip
class Uploads(TusView):
    """The person's unfinished uploads, and the beginning of a new one."""

    @extend_schema(responses=inline_serializer("UploadList", {
        "results": serializers.ListField(child=serializers.DictField()), "next": serializers.URLField(allow_null=True),
    }))  # fmt: skip
    def get(self, request: ApiRequest) -> Response:
        """Each comes with a fresh credential; those that were given before stay good."""
        found = [_listed(request, upload, secret) for upload, secret in intake.unfinished(request.actor)]
        return Response({"results": found, "next": None})

    @extend_schema(request=None, responses={201: None})
    def post(self, request: ApiRequest) -> HttpResponse:
        """Tus creation. `Upload-Metadata`: filename, case, relative_path, modified, type, source_hash."""
        _demand_tus(request)
        upload, secret = intake.start(request.actor, _announced(request))
        answer = HttpResponse(status=201)
        answer["Location"] = request.build_absolute_uri(reverse("api-upload", args=[upload.id]))
        answer["Proofroom-Item"] = str(upload.item_id)
        answer["Proofroom-Credential"] = secret
        answer["Cache-Control"] = "no-store"
        return _placed(answer, upload)

    @extend_schema(responses={204: None})
    def options(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Response:
        """What of tus is offered."""
        del request, args, kwargs
        answer = Response(status=204)
        answer["Tus-Version"], answer["Tus-Extension"] = tus.VERSION, tus.EXTENSIONS
        answer["Tus-Checksum-Algorithm"] = ",".join(tus.ALGORITHMS)
        answer["Tus-Max-Size"] = str(intake.LONGEST)
        return answer


@route(
    "api/v1/uploads/<uuid:upload_id>/", name="api-upload",
    HEAD=anybody(no_event(_BY_CREDENTIAL)), PATCH=anybody(no_event(_BY_CREDENTIAL)),
    DELETE=anybody(Event.UPLOAD_ABANDONED), OPTIONS=anybody(no_event("what the protocol offers")),
)  # fmt: skip
class OneUpload(TusView):
    """One upload, by its own credential."""

    @extend_schema(responses={200: None})
    def head(self, request: ApiRequest, upload_id: UUID) -> HttpResponse:
        """How much is durable."""
        _demand_tus(request)
        upload = intake.look(_holder(request, upload_id))
        answer = HttpResponse(status=200)
        answer["Cache-Control"] = "no-store"
        if upload.length is None:
            answer["Upload-Defer-Length"] = "1"
        else:
            answer["Upload-Length"] = str(upload.length)
        if seconds := leases.busy_for(upload):
            # What is durable still grows: who sends now would send a part for nothing.
            answer["Proofroom-Busy"] = str(seconds)
        answer["Upload-Metadata"] = ",".join(f"{key} {value}".strip() for key, value in upload.metadata.items())
        return _placed(answer, upload)

    @extend_schema(request={tus.CHUNK_TYPE: OpenApiTypes.BINARY}, responses={204: None})
    def patch(self, request: ApiRequest, upload_id: UUID) -> HttpResponse:
        """Bytes from `Upload-Offset` on. What is answered as the new offset is durable."""
        _demand_tus(request)
        if request.headers.get("Content-Type", "").lower() != tus.CHUNK_TYPE:
            raise WrongContentType
        holder, told = _holder(request, upload_id), request.headers.get("Upload-Length")
        chunk = Chunk(
            offset=tus.count("Upload-Offset", request.headers.get("Upload-Offset")),
            body=Sent(request.META),
            length=None if told is None else tus.count("Upload-Length", told),
            checksum=tus.checksum(request.headers.get("Upload-Checksum")),
        )
        return _placed(HttpResponse(status=204), intake.append(holder, chunk))

    @extend_schema(responses={204: None})
    def delete(self, request: ApiRequest, upload_id: UUID) -> HttpResponse:
        """Give it up."""
        _demand_tus(request)
        intake.end(_holder(request, upload_id))
        return HttpResponse(status=204)

    @extend_schema(responses={204: None})
    def options(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Response:
        """What of tus is offered."""
        return Uploads().options(request, *args, **kwargs)


class SourceSerializer(serializers.Serializer[Any]):
    """What a source says of the file that it sent."""

    sha256 = serializers.RegexField(r"^[0-9a-f]{64}$")
    bytes = serializers.IntegerField(min_value=0, max_value=2**53 - 1, required=False, allow_null=True)
    path = serializers.CharField(required=False, allow_blank=True, max_length=4096, trim_whitespace=False)
    modified = serializers.DateTimeField(required=False, allow_null=True)


@route(
    "api/v1/uploads/<uuid:upload_id>/source", name="api-upload-source", PUT=anybody(Event.SOURCE_HASH_GIVEN),
)  # fmt: skip
class UploadSource(ApiView):
    """The hash that the source has of its file."""

    @extend_schema(request=SourceSerializer, responses={204: None})
    def put(self, request: ApiRequest, upload_id: UUID) -> HttpResponse:
        """Sealing compares it; one that comes after the seal is compared at once and gets its own entry."""
        holder = _holder(request, upload_id)
        told = self.sent(request, SourceSerializer)
        path, modified = told.get("path", ""), told.get("modified")
        intake.tell_source(holder, Source(told["sha256"], told.get("bytes"), path, modified))
        return HttpResponse(status=204)


@route(
    "api/v1/uploads/<uuid:upload_id>/state", name="api-upload-state",
    GET=may(P.CASE_FILE, no_event("how far the person's own upload is"), background=True),
)  # fmt: skip
class UploadState(ApiView):
    """How far one of the person's own uploads is, on to its seal and its preparation."""

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: ApiRequest, upload_id: UUID) -> Response:
        """States of upload, item and processing."""
        upload = intake.own(request.actor, upload_id)
        allowed = access.actions_on_item(request.actor, upload.item)
        return Response(_state(upload, shown=P.ITEM_VIEW in allowed and describing.shows(upload.item, allowed)))


def _announced(request: ApiRequest) -> Announced:
    raw = tus.metadata(request.headers.get("Upload-Metadata", ""))
    said = {key: tus.opened(value) for key, value in raw.items()}
    return Announced(
        name=said.get("filename") or said.get("name") or b"",
        length=tus.length(request.headers.get("Upload-Length"), request.headers.get("Upload-Defer-Length")),
        case=naming.decoded(said.get("case", b"")),
        path=said.get("relative_path", b""),
        modified=_moment(naming.decoded(said.get("modified", b""))),
        source_hash=said.get("source_hash") == b"sha256",
        raw=raw,
    )


def _moment(said: str) -> datetime | None:
    """A time as the source wrote it; one without a zone, or nonsense, is left out (the raw text is kept)."""
    with contextlib.suppress(ValueError, OverflowError):
        found = datetime.fromisoformat(said)
        # As UTC: a time of the year 0 or 10000 can be stored, and could never be read again.
        return found.astimezone(UTC) if found.tzinfo else None
    return None


def _placed(answer: HttpResponse, upload: Upload) -> HttpResponse:
    answer["Upload-Offset"] = str(upload.offset)
    answer["Upload-Expires"] = tus.expires(upload.ends_at)
    return answer


def _listed(request: ApiRequest, upload: Upload, secret: str) -> dict[str, object]:
    home = upload.item.filings.filter(home=True, ended_at=None).select_related("case").first()
    return {
        "id": str(upload.id), "item": str(upload.item_id), "number": upload.item.number, "name": upload.item.name,
        "path": upload.source_path, "case": home.case.number if home else None, "length": upload.length,
        "offset": upload.offset, "state": upload.state, "source_expected": upload.source_expected,
        "location": request.build_absolute_uri(reverse("api-upload", args=[upload.id])), "credential": secret,
        "modified": upload.source_modified, "started_at": upload.created_at, "ends_at": upload.ends_at,
    }  # fmt: skip


def _state(upload: Upload, *, shown: bool) -> dict[str, object]:
    """Who has lost access since, or may not look into a quarantine, learns the states and no more."""
    item: Item = upload.item
    return {
        "id": str(upload.id), "upload_state": upload.state, "offset": upload.offset, "length": upload.length,
        "item": str(item.id), "number": item.number, "item_state": item.state, "state": item.state,
        "processing": item.processing, "processing_percent": item.processing_percent,
        "processing_reason": item.processing_reason if shown else "",
        "reason": item.quarantine_reason if shown else "", "sha256": item.sha256 if shown else "", "url": reverse("item", args=[item.id]),
    }  # fmt: skip
