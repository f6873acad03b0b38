"""REST for cases and their members."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from accounts.http import may, no_event, route
from accounts.paging import page_of
from accounts.permissions import Permission as P
from accounts.rest import ApiRequest, ApiView
from evidence import access, cases, listing, members, timelines, touch
from evidence.api import asked, shapes
from evidence.api.paging import answer, following
from evidence.models import Case
from verifier.events import Event

_NAMES = no_event("names in a list that the person may see")


def _told(request: ApiRequest, found: Case) -> dict[str, Any]:
    return shapes.case(found, listing.items_in(request.actor, found))


@route(
    "api/v1/cases/", name="api-cases", GET=may(P.CASE_VIEW, _NAMES, objectless=True),
    POST=may(P.CASE_OPEN, Event.CASE_OPENED, objectless=True),
)  # fmt: skip
class Cases(ApiView):
    """Cases."""

    @extend_schema(operation_id="cases_list", parameters=asked.CASE_QUERY, responses=shapes.CasePage)
    def get(self, request: ApiRequest) -> Response:
        """The cases that the person may see."""
        query = request.GET.dict()
        _sort, order = listing.order_by(listing.CASE_SORTS, query.get("sort", ""), "-touched")
        rows, cursor = page_of(listing.cases(request.actor, query), query.get("cursor", ""), order=order)
        return answer([shapes.case(row, row.items) for row in rows], following(request, cursor))

    @extend_schema(operation_id="cases_open", request=asked.NewCase, responses={201: shapes.CaseShape})
    def post(self, request: ApiRequest) -> Response:
        """Open a case."""
        opened = cases.open_case(request.actor, **self.sent(request, asked.NewCase))
        return Response(_told(request, opened), status=201)


@route(
    "api/v1/cases/<uuid:case_id>/", name="api-case", GET=may(P.CASE_VIEW, Event.CASE_VIEWED),
    PATCH=may(P.CASE_EDIT, Event.CASE_CHANGED),
)  # fmt: skip
class OneCase(ApiView):
    """One case."""

    @extend_schema(operation_id="cases_show", responses=shapes.CaseShape)
    def get(self, request: ApiRequest, case_id: UUID) -> Response:
        """What the case says."""
        found = access.case_for(request.actor, case_id, P.CASE_VIEW)
        touch.case(request.actor, found)
        return Response(_told(request, found))

    @extend_schema(operation_id="cases_change", request=asked.CaseChanges, responses=shapes.CaseShape)
    def patch(self, request: ApiRequest, case_id: UUID) -> Response:
        """Change what the case says."""
        changes = cases.Changes(**self.sent(request, asked.CaseChanges))
        return Response(_told(request, cases.change(request.actor, case_id, changes)))


@route("api/v1/cases/<uuid:case_id>/close/", name="api-case-close", POST=may(P.CASE_CLOSE, Event.CASE_CLOSED))
class CloseCase(ApiView):
    """Closing."""

    @extend_schema(operation_id="cases_close", request=asked.Reason, responses=shapes.CaseShape)
    def post(self, request: ApiRequest, case_id: UUID) -> Response:
        """Close the case: nothing is added to it any more."""
        told = self.sent(request, asked.Reason)
        return Response(_told(request, cases.close(request.actor, case_id, told["reason"])))


@route("api/v1/cases/<uuid:case_id>/reopen/", name="api-case-reopen", POST=may(P.CASE_CLOSE, Event.CASE_REOPENED))
class ReopenCase(ApiView):
    """Reopening."""

    @extend_schema(operation_id="cases_reopen", request=asked.Reason, responses=shapes.CaseShape)
    def post(self, request: ApiRequest, case_id: UUID) -> Response:
        """Open the closed case again."""
        told = self.sent(request, asked.Reason)
        return Response(_told(request, cases.reopen(request.actor, case_id, told["reason"])))


@route(
    "api/v1/cases/<uuid:case_id>/members/", name="api-case-members", GET=may(P.CASE_VIEW, Event.CASE_VIEWED),
    POST=may(P.CASE_PEOPLE, Event.CASE_MEMBER_ADDED),
)  # fmt: skip
class Members(ApiView):
    """Who works on a case."""

    @extend_schema(operation_id="members_list", responses=shapes.MemberList)
    def get(self, request: ApiRequest, case_id: UUID) -> Response:
        """All members."""
        found = access.case_for(request.actor, case_id, P.CASE_VIEW)
        touch.case(request.actor, found)
        return answer([shapes.member(grant) for grant in members.members_of(found)], None)

    @extend_schema(operation_id="members_add", request=asked.NewMember, responses={201: shapes.MemberShape})
    def post(self, request: ApiRequest, case_id: UUID) -> Response:
        """Add a person of the case's agency, or change the level of a member."""
        told = self.sent(request, asked.NewMember)
        grant = members.add_member(request.actor, case_id, told["person"], members.Level(told["level"]))
        return Response(shapes.member(grant), status=201)


@route(
    "api/v1/cases/<uuid:case_id>/members/<uuid:person_id>/", name="api-case-member",
    DELETE=may(P.CASE_PEOPLE, Event.CASE_MEMBER_REMOVED),
)  # fmt: skip
class Member(ApiView):
    """One member."""

    @extend_schema(operation_id="members_remove", request=None, responses={204: None})
    def delete(self, request: ApiRequest, case_id: UUID, person_id: UUID) -> Response:
        """End the membership."""
        members.remove_member(request.actor, case_id, person_id)
        return Response(status=204)


@route(
    "api/v1/cases/<uuid:case_id>/custody/", name="api-case-custody",
    GET=may(P.CUSTODY_VIEW, Event.CUSTODY_VIEWED),
)  # fmt: skip
class CaseCustody(ApiView):
    """A case's custody."""

    @extend_schema(operation_id="cases_custody", parameters=asked.CUSTODY_QUERY, responses=shapes.LinePage)
    def get(self, request: ApiRequest, case_id: UUID) -> Response:
        """What happened in the case, newest first."""
        query: dict[str, Any] = request.GET.dict()
        _case, page = timelines.of_case(request.actor, case_id, query)
        return answer([shapes.line(line) for line in page.lines], following(request, page.cursor))
