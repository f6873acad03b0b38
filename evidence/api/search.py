"""REST for searching."""

from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from accounts.errors import BadInput
from accounts.http import may, route
from accounts.paging import page_of
from accounts.permissions import Permission as P
from accounts.rest import ApiRequest, ApiView
from accounts.rights import permissions_of
from evidence import listing
from evidence import search as searching
from evidence.api import asked, shapes
from evidence.api.paging import answer, following
from verifier.events import Event


@route("api/v1/search/", name="api-search", GET=may(P.ITEM_VIEW, Event.SEARCHED, objectless=True))
class Search(ApiView):
    """Search."""

    @extend_schema(
        operation_id="search", responses=shapes.ItemPage,
        parameters=[asked.word("q", "Words or a number.", required=True), asked.CURSOR],
    )  # fmt: skip
    def get(self, request: ApiRequest) -> Response:
        """The items that the words find among those that the person may see, newest first."""
        words = request.GET.get("q", "").strip()
        if not words:
            raise BadInput("Say what to look for: ?q=…")
        found = listing.told(request.actor, searching.search(request.actor, words))
        rows, cursor = page_of(found, request.GET.get("cursor", ""), order=("-added_at", "-id"))
        allowed = permissions_of(request.actor)
        return answer([shapes.item(row, allowed) for row in rows], following(request, cursor))
