"""Doors through which bytes leave: downloads, playing, previews, small pictures, and what the player says of it."""

import json
from uuid import UUID

from django.http import HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse

from accounts.errors import BadInput
from accounts.http import SignedInRequest, may, no_event, route
from accounts.permissions import Permission as P
from evidence import playing, reading, streaming
from evidence.reading import Purpose
from verifier.events import Event

_NAMED = no_event("bytes under a reading whose entry was written when it was opened")


@route("items/<uuid:item_id>/download/", POST=may(P.ITEM_DOWNLOAD, Event.READING_OPENED))
def item_download(request: SignedInRequest, item_id: UUID) -> HttpResponse:
    """Open a reading and lead to its file."""
    handle = reading.open_reading(request.actor, [item_id], Purpose.DOWNLOAD)
    return redirect("reading_file", handle.id)


@route("readings/<uuid:reading_id>/file", GET=may(P.ITEM_DOWNLOAD, _NAMED))
def reading_file(request: SignedInRequest, reading_id: UUID) -> HttpResponseBase:
    """The original as attachment, whole or by range."""
    handle = reading.resume(request.actor, reading_id, Purpose.DOWNLOAD)
    content = playing.original_of(handle, inline=False)
    if request.method == "HEAD":
        return streaming.headers_only(content)
    return streaming.stream(request, content, handle, lambda _sent: reading.finish_if_whole(handle, content.file.bytes))


@route("items/<uuid:item_id>/play/", POST=may(P.ITEM_PLAY, Event.READING_OPENED))
def item_play(request: SignedInRequest, item_id: UUID) -> JsonResponse:
    """Open a reading to show an item; the answer says where its bytes are."""
    opened = playing.open_for_showing(request.actor, item_id)
    url = reverse(f"reading_{opened.kind}", args=[opened.handle.id])
    return JsonResponse({"reading": opened.handle.id, "url": url, "mime": opened.mime})


@route("readings/<uuid:reading_id>/stream", GET=may(P.ITEM_PLAY, _NAMED, background=True))
def reading_stream(request: SignedInRequest, reading_id: UUID) -> HttpResponseBase:
    """The original for a player, by range."""
    handle = reading.resume(request.actor, reading_id, Purpose.PLAY)
    content = playing.original_of(handle, inline=True)
    if request.method == "HEAD":
        return streaming.headers_only(content)
    return streaming.stream(request, content, handle)


@route("readings/<uuid:reading_id>/preview", GET=may(P.ITEM_PLAY, _NAMED))
def reading_preview(request: SignedInRequest, reading_id: UUID) -> HttpResponseBase:
    """The re-encoded picture of an item."""
    handle = reading.resume(request.actor, reading_id, Purpose.PREVIEW)
    content = playing.preview_of(handle)
    if request.method == "HEAD":
        return streaming.headers_only(content)
    return streaming.stream(request, content, handle)


# A player that plays says so every 20 seconds: watching is activity, and a long recording does not sign its viewer out.
@route("readings/<uuid:reading_id>/beacon", POST=may(P.ITEM_PLAY, _NAMED))
def reading_beacon(request: SignedInRequest, reading_id: UUID) -> HttpResponse:
    """What the player says was watched, and whether it is over."""
    watched, ended = _said(request.body)
    reading.report(request.actor, reading_id, watched, ended=ended)
    return HttpResponse(status=204)


@route("cases/<uuid:case_id>/posters/", POST=may(P.CASE_VIEW, Event.READING_OPENED))
def case_posters(request: SignedInRequest, case_id: UUID) -> JsonResponse:
    """One reading for the small pictures of a grid, and where each is."""
    handle, there = playing.open_posters(request.actor, case_id, _asked(request.body))
    if handle is None:
        return JsonResponse({"reading": None, "posters": {}})
    posters = {str(item_id): reverse("reading_poster", args=[handle.id, item_id]) for item_id in there}
    return JsonResponse({"reading": handle.id, "posters": posters})


@route("readings/<uuid:reading_id>/poster/<uuid:item_id>", GET=may(P.ITEM_PLAY, _NAMED))
def reading_poster(request: SignedInRequest, reading_id: UUID, item_id: UUID) -> HttpResponseBase:
    """The small picture of one item of a grid."""
    handle = reading.resume(request.actor, reading_id, Purpose.LIST)
    content = playing.poster_of(handle, item_id)
    if request.method == "HEAD":
        return streaming.headers_only(content)
    return streaming.stream(request, content, handle)


def _said(body: bytes) -> tuple[list[tuple[float, float]], bool]:
    try:
        said = json.loads(body or b"{}")
        watched = [(max(0.0, float(first)), max(0.0, float(last))) for first, last in said.get("watched", [])[:500]]
        return [(first, last) for first, last in watched if first <= last < 10_000_000], bool(said.get("ended"))
    except (ValueError, TypeError, AttributeError, OverflowError, RecursionError):
        raise BadInput("What the player said can't be read.") from None


def _asked(body: bytes) -> list[UUID]:
    try:
        return [UUID(str(item)) for item in json.loads(body or b"{}").get("items", [])[: reading.LIST_MOST]]
    except (ValueError, TypeError, AttributeError, RecursionError):
        raise BadInput("Name the items by their ids.") from None
