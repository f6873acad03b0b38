"""Exporting the custody bundle of one item: what a stranger verifies offline with the log's key."""

import io
from uuid import UUID

from django.db import transaction
from django.http import HttpResponse

from accounts.permissions import Permission
from custody import bundles
from custody.actors import Actor
from custody.models import Subject as SubjectRow
from custody.recording import Subject
from evidence import access
from evidence.about import about
from evidence.models import Item
from evidence.sight import Reader


def of_item(actor: Actor, item_id: UUID) -> tuple[str, bytes]:
    """The bundle's file name and its bytes: a ZIP of every entry about the item, cut at the export's own entry.

    Entries and fields that the reader may not see are given as digests and counted. Call it outside a transaction,
    since it waits for the sequencer. Raises NotVisible, NotAllowed, SequencerAway.
    """
    with transaction.atomic():
        item = access.item_for(actor, item_id, Permission.CUSTODY_EXPORT)
        reader = Reader(actor, item.agency_id)
        scope = reader.scope(_beside(item))
        ordered = bundles.order_export(
            actor, owner=item.agency_id, scope=[Subject("item", item.id)], subjects=about(item)[1:],
            sight=lambda entry: None if reader.leaves_out(entry) else reader.closed(entry, scope),
            fields={"number": item.number, "name": item.name},
        )  # fmt: skip
    target = io.BytesIO()
    bundles.cut(ordered, target)
    return f"{item.number}-custody.zip", target.getvalue()


def answer(name: str, raw: bytes) -> HttpResponse:
    """The bundle as an attachment."""
    return HttpResponse(raw, content_type="application/zip", headers={
        "Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff",
    })  # fmt: skip


def _beside(item: Item) -> list[tuple[str, UUID]]:
    """What the entries about this item are about: (kind, id) of items and cases."""
    entries = SubjectRow.objects.filter(kind="item", object_id=item.id).values("entry")
    beside = SubjectRow.objects.filter(kind__in=["item", "case"], entry__in=entries)
    return list(beside.values_list("kind", "object_id").distinct())
