"""Bytes on their way out over HTTP: whole or by range, under an open reading, without a database connection."""

import logging
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass

from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse

from evidence import integrity, naming, ranges
from evidence.bodies import hang_up_on_silence
from evidence.models import Item
from evidence.reading import Handle
from evidence.transfer_errors import ReadingEnded
from evidence.transfers import Place
from vault.errors import VaultError
from vault.models import VaultFile

log = logging.getLogger("proofroom.readings")
# What a browser plays and can't run. The probe decided the type by content; anything else leaves as attachment only.
INLINE = frozenset({
    "video/mp4", "video/webm", "audio/mpeg", "audio/mp4", "audio/wav", "audio/webm", "audio/ogg", "audio/flac",
})  # fmt: skip
_PICTURES = frozenset({"image/webp", "image/jpeg", "image/png"})  # our own re-encoded ones
_NEVER_RUN = "sandbox; default-src 'none'"


@dataclass(frozen=True, slots=True)
class Content:
    """A file to give out: its item, its place in the vault, its strong ETag and its type (empty: as attachment)."""

    item: Item
    file: VaultFile
    etag: str
    mime: str = ""


def original(item: Item, mime: str = "") -> Content:
    """The file as it came in; `mime` where it is to be played."""
    file = VaultFile.objects.select_related("object").get(object=item.object_id, kind=VaultFile.Kind.DATA)
    return Content(item, file, f'"{item.sha256}"', mime if mime in INLINE else "")


def picture(item: Item, file: VaultFile, mime: str) -> Content:
    """A preview or poster that we made."""
    return Content(item, file, f'"{bytes(file.sha256 or b"").hex()}"', mime if mime in _PICTURES else "")


def headers_only(content: Content) -> HttpResponseBase:
    """The answer to HEAD: what GET would say, and no byte."""
    response = HttpResponse()
    response["Content-Length"] = str(content.file.bytes)
    return _dressed(response, content)


def stream(
    request: HttpRequest, content: Content, handle: Handle, after: Callable[[bool], None] = lambda _sent: None
) -> HttpResponseBase:
    """The answer to GET (RFC 9110, section 14): 200, 206 or 416. `after` is told at the end whether every byte asked for has left.

    Raises TooBusy, and before the first byte whatever reading raises; later the connection is cut.
    """
    size = content.file.bytes
    try:
        span = ranges.asked(_range_of(request, content), size)
    except ranges.Unsatisfiable:
        response = HttpResponse(status=416)
        response["Content-Range"] = f"bytes */{size}"
        return _dressed(response, content)
    first, last = span or (0, size - 1)
    hang_up_on_silence(request.META.get("gunicorn.socket"))
    answer = StreamingHttpResponse(Sending(content, handle, (first, last), after), status=206 if span else 200)
    answer["Content-Length"] = str(last - first + 1)
    if span:
        answer["Content-Range"] = f"bytes {first}-{last}/{size}"
    return _dressed(answer, content)


def _range_of(request: HttpRequest, content: Content) -> str:
    """The Range header, unless If-Range names another version of the file."""
    condition = request.headers.get("If-Range", content.etag)
    return request.headers.get("Range", "") if condition == content.etag else ""


def _dressed(response: HttpResponseBase, content: Content) -> HttpResponseBase:
    response["Content-Type"] = content.mime or "application/octet-stream"
    response["Content-Disposition"] = "inline" if content.mime else naming.disposition(content.item.name)
    response["Accept-Ranges"] = "bytes"
    response["ETag"] = content.etag
    response["Cache-Control"] = "no-store"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = _NEVER_RUN
    return response


class Sending:
    """The body of one answer, as WSGI iterates it. It holds a place among the transfers until it is closed."""

    def __init__(self, content: Content, handle: Handle, span: ranges.Span, after: Callable[[bool], None]) -> None:
        """Take a place and read the first segment, so that what stands against it is still told with a status."""
        self._content, self._after, self._over = content, after, False
        self._place = Place()
        self._actor = handle.actor
        try:
            self._chunks = handle.read(content.file, *span) if span[1] >= span[0] else iter(())
            self._next: memoryview | None = next(self._chunks, None)
        except BaseException as error:
            self._fail(error)
            self.close()
            raise

    def __iter__(self) -> Iterator[memoryview]:
        """Segment by segment. Held connections are given back first: a stream may take hours."""
        connection.close()
        try:
            while self._next is not None:
                yield self._next
                self._next = next(self._chunks, None)
        except ReadingEnded:
            log.info("a stream was stopped: its reading has ended")
            raise
        except Exception as error:
            self._fail(error)
            raise
        self._finish(sent=True)

    def close(self) -> None:
        """Called when everything was sent, or the connection is gone."""
        try:
            self._finish(sent=False)
        finally:
            self._place.give_back()
            connection.close()

    def _finish(self, *, sent: bool) -> None:
        self._close_chunks()
        if not self._over:
            self._over = True
            self._after(sent)

    def _close_chunks(self) -> None:
        chunks = getattr(self, "_chunks", None)
        if isinstance(chunks, Generator):
            chunks.close()

    def _fail(self, error: BaseException) -> None:
        if isinstance(error, VaultError):
            integrity.found_damaged(self._actor, self._content.item, error)
