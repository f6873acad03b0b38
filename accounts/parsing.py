"""JSON that clients send: so many bytes at the most, and no deeper than any of ours."""

from typing import IO, Any

from django.conf import settings
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser

_SAYS = "The JSON is too large or nested too deeply."


class BoundedJson(JSONParser):
    """DRF reads a body to its end, however long it is; Django's own limit counts for forms only."""

    def parse(self, stream: IO[bytes], media_type: str | None = None, parser_context: Any = None) -> Any:
        """The data. Raises ParseError."""
        try:
            return super().parse(_Bounded(stream), media_type, parser_context)
        except RecursionError:
            raise ParseError(_SAYS) from None


class _Bounded:
    def __init__(self, stream: IO[bytes]) -> None:
        self._stream, self._left = stream, settings.DATA_UPLOAD_MAX_MEMORY_SIZE

    def read(self, size: int = -1) -> bytes:
        wanted = self._left + 1 if size < 0 else min(size, self._left + 1)
        data = self._stream.read(wanted)
        self._left -= len(data)
        if self._left < 0:
            raise ParseError(_SAYS)
        return data
