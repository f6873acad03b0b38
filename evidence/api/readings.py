"""The original's bytes for programs: one request, one reading."""

from typing import Any
from uuid import UUID

from django.http import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request

from accounts.http import may, no_event, route
from accounts.permissions import Permission as P
from accounts.rest import ApiRequest, ApiView
from evidence import reading, streaming
from evidence.reading import Outcome, Purpose
from verifier.events import Event


class Whatever(BaseContentNegotiation):
    """Bytes are bytes, whatever a client says that it accepts; errors are JSON."""

    def select_parser(self, _request: Request, parsers: Any) -> Any:
        """The only one."""
        return parsers[0]

    def select_renderer(
        self, _request: Request, _renderers: Any, _format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:  # fmt: skip
        """JSON."""
        return JSONRenderer(), JSONRenderer.media_type


@route(
    "api/v1/items/<uuid:item_id>/content", name="api-item-content",
    GET=may(P.ITEM_DOWNLOAD, Event.READING_OPENED),
    HEAD=may(P.ITEM_DOWNLOAD, no_event("no byte of the file leaves")),
)  # fmt: skip
class ItemContent(ApiView):
    """An original, whole or by range."""

    content_negotiation_class = Whatever

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY,
                              (206, "application/octet-stream"): OpenApiTypes.BINARY})  # fmt: skip
    def get(self, request: ApiRequest, item_id: UUID) -> HttpResponseBase:
        """The file as it was sealed. `Range` with one range, `If-Range` with the ETag, which is the file's SHA-256."""
        handle = reading.open_reading(request.actor, [item_id], Purpose.DOWNLOAD)

        def over(sent: bool) -> None:
            reading.end(handle.id, Outcome.COMPLETE if sent else Outcome.INTERRUPTED)

        content = streaming.original(handle.reading.items.get())
        try:
            answer = streaming.stream(request, content, handle, over)
        except Exception:
            over(sent=False)
            raise
        if not answer.streaming:
            over(sent=False)
        return answer

    @extend_schema(responses={200: None})
    def head(self, request: ApiRequest, item_id: UUID) -> HttpResponseBase:
        """Size, type and ETag."""
        return streaming.headers_only(streaming.original(reading.demand(request.actor, item_id, Purpose.DOWNLOAD)))
