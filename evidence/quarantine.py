"""Ending quarantine. What came in otherwise than its source said is kept apart until a custodian has looked at it."""

from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from accounts import notices
from accounts.permissions import Permission
from custody.actors import Actor
from custody.recording import record
from evidence import access
from evidence.about import about
from evidence.cases import needed_reason
from evidence.errors import NotQuarantined
from evidence.models import Item
from jobs import queue
from verifier.events import Event


def quarantined(actor: Actor) -> QuerySet[Item]:
    """The items in quarantine that the actor may look into, the newest first."""
    items = access.visible_items(actor, Permission.QUARANTINE_VIEW).filter(state=Item.State.QUARANTINED)
    return items.order_by("-added_at", "-id")


def end(actor: Actor, item_id: UUID, reason: str) -> Item:
    """End the quarantine of an item: it is sealed as it is in the vault, and the flag stays.

    Sealing reads everything back once more. It passes over a source hash that differs, and quarantines again what the
    vault itself can't give back unchanged. Raises NotVisible, NotAllowed, NotQuarantined, NeedsReason.
    """
    with transaction.atomic():
        item = access.item_for(actor, item_id, Permission.QUARANTINE_END, lock=True)
        if item.state != Item.State.QUARANTINED:
            raise NotQuarantined(number=item.number)
        item.state, item.was_quarantined, item.accepted_at = Item.State.RECEIVED, True, timezone.now()
        item.save(update_fields=["state", "was_quarantined", "accepted_at"])
        record(
            actor, Event.QUARANTINE_ENDED, owner=item.agency_id, subjects=about(item),
            fields={"number": item.number, "name": item.name, "reason": needed_reason(reason)},
        )  # fmt: skip
        notices.tell(
            item.added_by_id, "quarantine.ended", f"{actor.name} ended the quarantine of {item.number}, {item.name}.",
            reverse("item", args=[item.id]),
        )  # fmt: skip
        queue.ask_again("item.seal", str(item.id))
    return item
