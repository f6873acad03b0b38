"""REST for items: reading, describing, filing, custody."""

from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from accounts.http import may, no_event, route
from accounts.paging import page_of
from accounts.permissions import Permission as P
from accounts.rest import ApiRequest, ApiView
from accounts.rights import permissions_of
from custody.actors import Actor
from evidence import access, bundles, describing, filing, listing, quarantine, timelines, touch
from evidence.api import asked, shapes
from evidence.api.paging import answer, following
from evidence.models import Item
from verifier.events import Event


def _shown(actor: Actor, item_id: UUID) -> dict[str, object]:
    """The item as it is now; a move may have taken it out of the actor's reach, which is told as not visible."""
    found = access.item_for(actor, item_id, P.ITEM_VIEW)
    told = listing.told(actor, Item.objects.filter(id=found.id)).get()
    return shapes.item(told, access.actions_on_item(actor, found))


@route(
    "api/v1/items/", name="api-items",
    GET=may(P.ITEM_VIEW, no_event("names in a list that the person may see; words make it a search"), objectless=True),
)  # fmt: skip
class Items(ApiView):
    """Items."""

    @extend_schema(operation_id="items_list", parameters=asked.ITEM_QUERY, responses=shapes.ItemPage)
    def get(self, request: ApiRequest) -> Response:
        """The items that the person may see."""
        query = request.GET.dict()
        case = listing.case_named(request.actor, query["case"]) if query.get("case") else None
        _sort, order = listing.order_by(listing.ITEM_SORTS, query.get("sort", ""), "-added")
        found = listing.told(request.actor, listing.items(request.actor, query, case))
        rows, cursor = page_of(found, query.get("cursor", ""), order=order)
        allowed = permissions_of(request.actor)
        return answer([shapes.item(row, allowed) for row in rows], following(request, cursor))


@route(
    "api/v1/items/<uuid:item_id>/", name="api-item", GET=may(P.ITEM_VIEW, Event.ITEM_VIEWED),
    PATCH=may(P.ITEM_DESCRIBE, Event.ITEM_DESCRIBED),
)  # fmt: skip
class OneItem(ApiView):
    """One item."""

    @extend_schema(operation_id="items_show", responses=shapes.ItemShape)
    def get(self, request: ApiRequest, item_id: UUID) -> Response:
        """What is known about the item."""
        touch.item(request.actor, access.item_for(request.actor, item_id, P.ITEM_VIEW))
        return Response(_shown(request.actor, item_id))

    @extend_schema(operation_id="items_change", request=asked.ItemChanges, responses=shapes.ItemShape)
    def patch(self, request: ApiRequest, item_id: UUID) -> Response:
        """Change name or description."""
        describing.describe(request.actor, item_id, **self.sent(request, asked.ItemChanges))
        return Response(_shown(request.actor, item_id))


@route("api/v1/items/<uuid:item_id>/flags/", name="api-item-flags", POST=may(P.ITEM_DESCRIBE, Event.ITEM_FLAGGED))
class ItemFlags(ApiView):
    """Flags."""

    @extend_schema(operation_id="items_flag", request=asked.Flag, responses=shapes.ItemShape)
    def post(self, request: ApiRequest, item_id: UUID) -> Response:
        """Set or lift a flag."""
        told = self.sent(request, asked.Flag)
        describing.flag(request.actor, item_id, told["flag"], on=told["on"])
        return Response(_shown(request.actor, item_id))


@route(
    "api/v1/items/<uuid:item_id>/tags/", name="api-item-tags", GET=may(P.ITEM_VIEW, Event.ITEM_VIEWED),
    POST=may(P.ITEM_DESCRIBE, Event.ITEM_TAGGED),
)  # fmt: skip
class ItemTags(ApiView):
    """Tags."""

    @extend_schema(operation_id="tags_list", responses=shapes.TagList)
    def get(self, request: ApiRequest, item_id: UUID) -> Response:
        """The item's tags."""
        found = access.item_for(request.actor, item_id, P.ITEM_VIEW)
        touch.item(request.actor, found)
        shown = describing.shows(found, access.actions_on_item(request.actor, found))
        return answer(describing.tags_of(found) if shown else [], None)

    @extend_schema(operation_id="tags_add", request=asked.Tags, responses=shapes.TagList)
    def post(self, request: ApiRequest, item_id: UUID) -> Response:
        """Put tags on the item."""
        told = self.sent(request, asked.Tags)
        return answer(describing.add_tags(request.actor, item_id, told["tags"]), None)


@route(
    "api/v1/items/<uuid:item_id>/tags/remove/", name="api-item-tags-remove",
    POST=may(P.ITEM_DESCRIBE, Event.ITEM_TAGGED),
)  # fmt: skip
class RemoveTag(ApiView):
    """Taking a tag off."""

    @extend_schema(operation_id="tags_remove", request=asked.OneTag, responses=shapes.TagList)
    def post(self, request: ApiRequest, item_id: UUID) -> Response:
        """Take a tag off the item."""
        return answer(describing.remove_tag(request.actor, item_id, self.sent(request, asked.OneTag)["tag"]), None)


@route(
    "api/v1/items/<uuid:item_id>/filings/", name="api-item-filings", GET=may(P.ITEM_VIEW, Event.ITEM_VIEWED),
    POST=may(P.ITEM_MOVE, Event.ITEM_FILED),
)  # fmt: skip
class ItemFilings(ApiView):
    """The cases that an item is in."""

    @extend_schema(operation_id="filings_list", responses=shapes.FilingList)
    def get(self, request: ApiRequest, item_id: UUID) -> Response:
        """The cases that the item is in, as far as the person may see them."""
        found = access.item_for(request.actor, item_id, P.ITEM_VIEW)
        touch.item(request.actor, found)
        return answer([shapes.filing(one) for one in filing.cases_of(request.actor, found)], None)

    @extend_schema(operation_id="filings_add", request=asked.IntoCase, responses={201: shapes.ItemShape})
    def post(self, request: ApiRequest, item_id: UUID) -> Response:
        """Put the item into one more case."""
        access.item_for(request.actor, item_id, P.ITEM_MOVE)
        case = filing.case_named(request.actor, self.sent(request, asked.IntoCase)["case"])
        filing.file(request.actor, item_id, case.id)
        return Response(_shown(request.actor, item_id), status=201)


@route(
    "api/v1/items/<uuid:item_id>/filings/<uuid:case_id>/end/", name="api-item-filing-end",
    POST=may(P.ITEM_MOVE, Event.ITEM_UNFILED),
)  # fmt: skip
class EndFiling(ApiView):
    """Taking an item out of a case."""

    @extend_schema(operation_id="filings_end", request=asked.Reason, responses={204: None})
    def post(self, request: ApiRequest, item_id: UUID, case_id: UUID) -> Response:
        """Take the item out of a case that is not its home."""
        filing.unfile(request.actor, item_id, case_id, self.sent(request, asked.Reason)["reason"])
        return Response(status=204)


@route(
    "api/v1/items/<uuid:item_id>/move/", name="api-item-move",
    GET=may(P.ITEM_MOVE, no_event("who would gain and lose access; nothing is moved")),
    POST=may(P.ITEM_MOVE, Event.ITEM_MOVED),
)  # fmt: skip
class MoveItem(ApiView):
    """Moving."""

    @extend_schema(
        operation_id="items_move_preview", responses=shapes.MoveShape,
        parameters=[asked.word("case", "Where to: id or number.", required=True)],
    )  # fmt: skip
    def get(self, request: ApiRequest, item_id: UUID) -> Response:
        """Who would gain and who would lose access."""
        access.item_for(request.actor, item_id, P.ITEM_MOVE)
        case = filing.case_named(request.actor, request.GET.get("case", ""))
        move = filing.before_move(request.actor, item_id, case.id)
        return Response({"gain": move.gain, "lose": move.lose})

    @extend_schema(operation_id="items_move", request=asked.Moving, responses=shapes.ItemShape)
    def post(self, request: ApiRequest, item_id: UUID) -> Response:
        """Move the item to another case, as its new home."""
        access.item_for(request.actor, item_id, P.ITEM_MOVE)
        told = self.sent(request, asked.Moving)
        case = filing.case_named(request.actor, told["case"])
        filing.move(request.actor, item_id, to=case.id, reason=told["reason"])
        return Response(_shown(request.actor, item_id))


@route("api/v1/items/<uuid:item_id>/custody/", name="api-item-custody", GET=may(P.CUSTODY_VIEW, Event.CUSTODY_VIEWED))
class ItemCustody(ApiView):
    """An item's custody."""

    @extend_schema(operation_id="items_custody", parameters=asked.CUSTODY_QUERY, responses=shapes.LinePage)
    def get(self, request: ApiRequest, item_id: UUID) -> Response:
        """What happened to the item, newest first."""
        _item, page = timelines.of_item(request.actor, item_id, request.GET.dict())
        return answer([shapes.line(line) for line in page.lines], following(request, page.cursor))


@route(
    "api/v1/items/<uuid:item_id>/bundle/", name="api-item-bundle",
    POST=may(P.CUSTODY_EXPORT, Event.CUSTODY_EXPORTED, step_up=True, or_token=True),
)  # fmt: skip
class ItemBundle(ApiView):
    """The custody bundle."""

    @extend_schema(operation_id="items_bundle", request=None, responses={(200, "application/zip"): OpenApiTypes.BINARY})
    def post(self, request: ApiRequest, item_id: UUID) -> HttpResponse:
        """Make the item's custody bundle, which the command line verifies offline."""
        return bundles.answer(*bundles.of_item(request.actor, item_id))


@route(
    "api/v1/items/<uuid:item_id>/quarantine/end/", name="api-item-quarantine-end",
    POST=may(P.QUARANTINE_END, Event.QUARANTINE_ENDED),
)  # fmt: skip
class EndQuarantine(ApiView):
    """Ending quarantine."""

    @extend_schema(operation_id="items_end_quarantine", request=asked.Reason, responses=shapes.ItemShape)
    def post(self, request: ApiRequest, item_id: UUID) -> Response:
        """End the item's quarantine, with a reason. It is sealed next; the flag stays."""
        quarantine.end(request.actor, item_id, self.sent(request, asked.Reason)["reason"])
        return Response(_shown(request.actor, item_id))
