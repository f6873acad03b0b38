"""What a person finds on the home page."""

from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from accounts.models import Notice
from accounts.permissions import Permission as P
from accounts.rights import permissions_of
from custody.actors import Actor
from evidence import access, listing, panels, quarantine
from evidence.models import Case, Item, Upload
from evidence.standing import person_of

SHOWN = 6
# An upload that nobody has touched for so long has been forgotten, and waits for its person.
_STALE = timedelta(minutes=30)


def overview(actor: Actor) -> dict[str, Any]:
    """Cards for what the person's roles hold; each list is cut at six, with its whole count."""
    may = permissions_of(actor)
    context: dict[str, Any] = {"cards": panels.home_cards(actor, may), "needs": []}
    if P.ITEM_VIEW in may:
        context["needs"] = _needs(actor, may)
    if P.CASE_VIEW in may:
        context["cases"] = list(_my_cases(actor)[:SHOWN])
    if P.ITEM_ADD in may or P.CASE_FILE in may:
        context["uploads"] = list(_uploads(actor)[:SHOWN])
    context["notices"] = list(
        Notice.objects.filter(person_id=person_of(actor), read_at=None).order_by("-created_at")[:SHOWN]
    )
    return context


def _needs(actor: Actor, may: frozenset[P]) -> list[dict[str, Any]]:
    mine = access.visible_items(actor).filter(added_by_id=actor.id)
    waits = mine.filter(state=Item.State.RECEIVED, received_at__lt=timezone.now() - _STALE)
    failed = mine.filter(state=Item.State.SEALED, processing=Item.Processing.FAILED)
    needs = [
        _need("Not sealed yet", "These arrived over half an hour ago and are not sealed.", waits),
        _need("No preview", "Sealed and complete, but nothing could be made to look at.", failed),
        _need("In no case", "File them in a case, so that its people can work with them.",
              listing.uncategorised(actor), reverse("uncategorised")),
    ]  # fmt: skip
    if P.QUARANTINE_VIEW in may:
        told = "These did not come in as their source said. Look at them and decide."
        needs.insert(0, _need("In quarantine", told, quarantine.quarantined(actor), reverse("quarantine")))
    else:
        held = mine.filter(state=Item.State.QUARANTINED)
        needs.insert(0, _need("In quarantine", "A custodian has to look at them first.", held))
    return [need for need in needs if need["items"]]


def _need(title: str, text: str, items: QuerySet[Item], url: str = "") -> dict[str, Any]:
    newest = items.order_by("-added_at", "-id")
    return {"title": title, "text": text, "items": list(newest[:SHOWN]), "count": newest[:100].count(), "url": url}


def _my_cases(actor: Actor) -> QuerySet[Case]:
    mine = listing.cases(actor, {"mine": "1", "status": "open"})
    return mine.order_by("-touched_at", "-id")


def _uploads(actor: Actor) -> QuerySet[Upload]:
    going = [Upload.State.OPENING, Upload.State.OPEN, Upload.State.COMPLETING]
    return (
        Upload.objects.filter(person_id=person_of(actor), state__in=going)
        .select_related("item")
        .order_by("-created_at")
    )
