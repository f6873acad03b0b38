"""The REST side: problem details (RFC 9457), lists, and the base of every API view."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from django.http import HttpResponse
from rest_framework.exceptions import APIException, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer
from rest_framework.views import APIView

from accounts import http
from accounts.actors import Origin
from accounts.answers import ours, problem_details
from accounts.errors import BadInput
from accounts.models import Person, SignedInSession
from accounts.paging import page_of
from custody.actors import Actor
from verifier.errors import ProofroomError

M = TypeVar("M", bound=Model)


class ApiRequest(Request):
    """What an API view gets: DRF's request, which passes our attributes through."""

    actor: Actor
    person: Person
    signed_in_session: SignedInSession | None
    origin: Origin


class _Foreign(ProofroomError):
    """An error of the framework, told in our form."""

    says = "{detail}"

    def __init__(self, error: APIException) -> None:
        self.code, self.status = str(error.default_code).replace("_", "-"), error.status_code
        super().__init__(detail=error.detail)


def _field_errors(detail: Any) -> dict[str, list[str]]:
    if not isinstance(detail, dict):
        return {"": [str(line) for line in detail]}
    return {str(name): [str(line) for line in (lines if isinstance(lines, list) else [lines])]
            for name, lines in detail.items()}  # fmt: skip


def problem(error: Exception, context: dict[str, Any]) -> HttpResponse | None:
    """One map from errors to problem details; None lets the unexpected go on to Django's log and a plain 500."""
    if isinstance(error, ValidationError):
        error = BadInput("Some of what was sent can't be used.", _field_errors(error.detail))
    if isinstance(error, APIException):
        return problem_details(_Foreign(error))
    if known := ours(error):
        return http.settle(context["request"]._request, known)  # noqa: SLF001 - DRF has no public name for it
    return None


class ApiView(APIView):
    """The base of every API view: JSON in and out, the actor in `request.actor`."""

    serializer_class: type[BaseSerializer[Any]] | None = None

    def sent(self, request: Request, serializer: type[BaseSerializer[Any]]) -> dict[str, Any]:
        """What was sent, checked by a serializer. Raises a problem with the reasons by field."""
        checked = serializer(data=request.data)
        checked.is_valid(raise_exception=True)
        return dict(checked.validated_data)

    def listed(
        self, request: Request, found: QuerySet[M], show: Callable[[M], dict[str, Any]], *, order: tuple[str, ...],
        size: int = 50,
    ) -> Response:  # fmt: skip
        """A page of `{results, next}`, by keyset over the columns of `order`, the last of which is unique."""
        rows, cursor = page_of(found, request.GET.get("cursor", ""), order=order, size=size)
        following = None
        if cursor:
            query = request.GET.copy()
            query["cursor"] = cursor
            following = request.build_absolute_uri(f"{request.path}?{query.urlencode()}")
        return Response({"results": [show(row) for row in rows], "next": following})
