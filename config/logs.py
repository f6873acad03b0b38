"""Structured logs with a request id. Secrets never reach them: URLs are logged without query and with tokens redacted."""

import contextvars
import logging
import logging.config
import re
import sys
import uuid
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

_request_id: contextvars.ContextVar[str] = contextvars.ContextVar("request_id", default="")
_TOKEN_IN_PATH = re.compile(r"(/s/)[^/\s\"?]+")


def redact(text: str) -> str:
    """Take link tokens out of a text that is about to be logged."""
    return _TOKEN_IN_PATH.sub(r"\1…", text)


class RequestIdFilter(logging.Filter):
    """Adds the request id to each record, and redacts."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Always true: nothing is left out, only completed."""
        record.request_id = _request_id.get()
        # A token may stand in an argument, such as the path that Django's own sentence gets.
        record.msg, record.args = redact(record.getMessage()), None
        return True


class RequestIdMiddleware:
    """Gives each request an id, in the logs and in `X-Request-Id`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The answer, with its id."""
        token = _request_id.set(uuid.uuid4().hex)
        try:
            response = self.get_response(request)
            response["X-Request-Id"] = _request_id.get()
            return response
        finally:
            _request_id.reset(token)


def configure(settings: dict[str, object]) -> None:
    """What Django calls with LOGGING."""
    logging.config.dictConfig({
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"request_id": {"()": RequestIdFilter}},
        "formatters": {
            "json": {
                "()": "pythonjsonlogger.json.JsonFormatter",
                "fmt": "%(asctime)s %(levelname)s %(name)s %(message)s %(request_id)s",
            }
        },
        "handlers": {
            "stderr": {
                "class": "logging.StreamHandler", "stream": sys.stderr, "formatter": "json", "filters": ["request_id"],
            }
        },
        "root": {"handlers": ["stderr"], "level": settings.get("level", "INFO")},
        "loggers": {"django.request": {"level": "ERROR"}, "botocore": {"level": "WARNING"}},
    })  # fmt: skip
