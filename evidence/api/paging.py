"""The form of every list: `{results, next}`."""

from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response


def following(request: Request, cursor: str) -> str | None:
    """The address of the next page, None at the end."""
    if not cursor:
        return None
    query = request.GET.copy()
    query["cursor"] = cursor
    return request.build_absolute_uri(f"{request.path}?{query.urlencode()}")


def answer(results: list[Any], following_url: str | None) -> Response:
    """A page."""
    return Response({"results": results, "next": following_url})
