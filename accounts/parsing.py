"""JSON that clients send. How long it may be, Django's DATA_UPLOAD_MAX_MEMORY_SIZE says."""

from typing import IO, Any

from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser


class ShallowJson(JSONParser):
    """Answers what is nested too deeply for the parser as what can't be read, and not as a broken server."""

    def parse(self, stream: IO[bytes], media_type: str | None = None, parser_context: Any = None) -> Any:
        """The data. Raises ParseError."""
        try:
            return super().parse(stream, media_type, parser_context)
        except RecursionError:
            raise ParseError("The JSON is nested too deeply.") from None
