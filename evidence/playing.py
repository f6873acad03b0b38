"""What of an item can be shown in a page, and the readings under which it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from accounts.permissions import Permission
from custody.actors import Actor
from evidence import access, reading, streaming
from evidence.models import Derivative, Item
from evidence.reading import Handle, Purpose
from evidence.streaming import Content
from evidence.transfer_errors import NotPlayable
from vault.models import VaultFile


@dataclass(frozen=True, slots=True)
class Opened:
    """A reading under which something is shown. `kind` is stream or preview; `mime` is what will come."""

    handle: Handle
    kind: str
    mime: str


def open_for_showing(actor: Actor, item_id: UUID) -> Opened:
    """Open the right reading to show an item: its original where a browser plays it, else its preview.

    Raises what reading.open_reading raises, and NotPlayable.
    """
    item = access.item_for(actor, item_id, Permission.ITEM_VIEW)
    if mime := _playable(item):
        return Opened(reading.open_reading(actor, [item_id], Purpose.PLAY), "stream", mime)
    if preview := _derivative(item.id, "preview"):
        return Opened(reading.open_reading(actor, [item_id], Purpose.PREVIEW), "preview", preview.mime)
    reading.demand(actor, item_id, Purpose.PREVIEW)
    raise NotPlayable(number=item.number)


def original_of(handle: Handle, *, inline: bool) -> Content:
    """The one original that a reading is of."""
    item = handle.reading.items.get()
    return streaming.original(item, _playable(item) if inline else "")


def preview_of(handle: Handle) -> Content:
    """The preview of the item that a reading is of. Raises NotPlayable."""
    return _picture(handle.reading.items.get(), "preview")


def poster_of(handle: Handle, item_id: UUID) -> Content:
    """The small picture of one of the items that a list's reading is of. Raises NotPlayable."""
    item = handle.reading.items.filter(pk=item_id).first()
    if item is None:
        raise NotPlayable(number="This item")
    reading.demand(handle.actor, item_id, Purpose.LIST)
    return _picture(item, "poster")


def open_posters(actor: Actor, case_id: UUID, asked: Sequence[UUID]) -> tuple[Handle | None, list[UUID]]:
    """One reading for the small pictures of a grid; which of those asked for there are. None where there is none."""
    access.case_for(actor, case_id, Permission.CASE_VIEW)
    seen = access.visible_items(actor, Permission.ITEM_PLAY).filter(
        pk__in=list(asked)[: reading.LIST_MOST], filings__case=case_id, filings__ended_at=None, state=Item.State.SEALED,
        derivatives__kind="poster", derivatives__replaced_at=None,
    )  # fmt: skip
    there = sorted(set(seen.values_list("pk", flat=True)))
    return (reading.open_list(actor, there) if there else None), there


def _playable(item: Item) -> str:
    """The type that a browser is to play the original as; empty where it can't, or where nobody has looked yet."""
    mime = str(item.facts.get("playable", {}).get("value", ""))
    return mime if mime in streaming.INLINE else ""


def _picture(item: Item, kind: str) -> Content:
    derivative = _derivative(item.id, kind)
    if derivative is None:
        raise NotPlayable(number=item.number)
    file = VaultFile.objects.select_related("object").get(
        object=derivative.object_id, kind=VaultFile.Kind.DERIVATIVE, number=0
    )
    return streaming.picture(item, file, derivative.mime)


def _derivative(item_id: UUID, kind: str) -> Derivative | None:
    found = Derivative.objects.filter(item=item_id, kind=kind, replaced_at=None)
    return found.order_by("-made_at").first()
