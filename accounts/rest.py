"""The REST side: problem details (RFC 9457), lists, and the base of every API view."""

from rest_framework.response import Response
from rest_framework.views import APIView


def problem(error: Exception, context: dict[str, object]) -> Response | None:
    """One map from errors to problem details."""
    raise error


class ApiView(APIView):
    """The base of every API view: JSON in and out, the actor in `request.actor`."""
