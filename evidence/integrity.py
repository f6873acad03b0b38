"""What is done when evidence is not what it was: it is kept apart, told to custodians, and never deleted."""

from django.db import transaction
from django.urls import reverse

from accounts import notices
from accounts.permissions import Permission
from custody.actors import Actor
from custody.models import Entry
from custody.recording import Subject, record
from evidence.about import about
from evidence.models import Item
from vault.errors import VaultError
from verifier.events import Event


def quarantine(actor: Actor, item: Item, trouble: str, *more: Subject) -> Entry:
    """Keep an item apart, with why, and tell the agency's custodians. Needs the transaction that locked its row."""
    item.state, item.was_quarantined, item.quarantine_reason = Item.State.QUARANTINED, True, trouble[:400]
    item.accepted_at = None
    item.save(update_fields=["state", "was_quarantined", "quarantine_reason", "accepted_at"])
    fields = {"name": item.name, "number": item.number, "reason": trouble}
    fields |= {"sha256": item.sha256} if item.sha256 else {}
    fields |= {"source_sha256": item.source_sha256} if item.source_sha256 else {}
    entry = record(
        actor, Event.ITEM_QUARANTINED, owner=item.agency_id, subjects=[*about(item), *more], fields=fields
    )  # fmt: skip
    notices.tell_holders(
        item.agency_id, Permission.QUARANTINE_END, "item.quarantined",
        f"{item.number} was put in quarantine: {trouble}", reverse("item", args=[item.id]),
    )  # fmt: skip
    return entry


def found_damaged(actor: Actor, item: Item, damage: VaultError) -> None:
    """Sealed bytes could not be given out because they are not what was sealed: an entry, and quarantine. Once."""
    with transaction.atomic():
        item = Item.objects.select_for_update().get(pk=item.pk)
        if item.state != Item.State.SEALED:
            return
        record(
            actor, Event.INTEGRITY_FAILED, owner=item.agency_id, subjects=about(item),
            fields={"name": item.name, "number": item.number, "reason": str(damage)},
        )  # fmt: skip
        quarantine(actor, item, str(damage))
