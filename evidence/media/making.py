"""Making what people see of an item: its facts, a preview, a poster. One state change begins it, one ends it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.db import transaction
from django.utils import timezone
from uuid_utils.compat import uuid7

from custody.actors import Actor
from custody.recording import Subject, record
from evidence import integrity, reading, search
from evidence.about import about
from evidence.media import probe
from evidence.media.errors import NotSealed
from evidence.media.probe import Examined
from evidence.models import Derivative, Item
from vault import writing
from vault.errors import VaultError
from vault.models import VaultFile, VaultObject
from verifier.events import Event

TOOL = "Proofroom reader"
SIZES = {"preview": 2048, "poster": 480}  # pixels along the longer side; evidence/media/inside/pictures.py
NOT_PLAYABLE = "There is no playable copy of this {kind} yet: browsers can't decode its format. Download the original."
NOT_SHOWN = "Files of this type have no preview yet. Download the original."
EMPTY = "The file is empty."


@dataclass
class _Original:
    """The item's bytes under an open reading, as the sandbox asks for them."""

    handle: reading.Handle
    file: VaultFile
    size: int

    def read(self, first: int, last: int) -> Iterator[memoryview]:
        """Plain bytes first..last."""
        return self.handle.read(self.file, first, last)


def make(actor: Actor, item_id: UUID, alive: Callable[[], None]) -> Item:
    """Look at a sealed item and keep what was found. Idempotent: an item that is done stays as it is.

    A file that can't be read is an outcome (`failed`, with the reason). Raises NotSealed, SandboxUnavailable, and what
    reading the vault raises; `alive` may raise to give up. Nothing but sealed bytes is written anywhere.
    """
    item, opening = _begin(actor, item_id)
    if opening is None:
        return item
    original = VaultFile.objects.select_related("object").get(object=item.object, kind=VaultFile.Kind.DATA)
    with reading.job_reading(actor, item, reading.Purpose.MEDIA, opening) as handle:
        try:
            examined = probe.examine(_Original(handle, original, original.bytes), alive)
        except VaultError as damage:
            integrity.found_damaged(actor, item, damage)
            raise
        # A crash after this leaves objects that no derivative names: sealed, small, and made again.
        kept = {
            kind: _keep(item, content)
            for kind, content in (("preview", examined.preview), ("poster", examined.poster))
            if content
        }
        return _end(actor, item_id, examined, kept, handle)


def failed(actor: Actor, item_id: UUID, reason: str) -> None:
    """Say that an item could not be looked at, for a reason that does not lie in the file."""
    with transaction.atomic():
        item = Item.objects.select_for_update().get(pk=item_id)
        item.processing, item.processing_reason = Item.Processing.FAILED, reason[:400]
        item.save(update_fields=["processing", "processing_reason"])
        record(actor, Event.MEDIA_FAILED, owner=item.agency_id, subjects=about(item), fields=_names(item, reason))


def _begin(actor: Actor, item_id: UUID) -> tuple[Item, UUID | None]:
    with transaction.atomic(durable=True):
        item = Item.objects.select_for_update(of=("self",)).select_related("agency", "object").get(pk=item_id)
        if item.state != Item.State.SEALED:
            raise NotSealed(number=item.number)
        if item.processing == Item.Processing.DONE:
            return item, None
        item.processing, item.processing_percent, item.processing_reason = Item.Processing.RUNNING, 0, ""
        item.save(update_fields=["processing", "processing_percent", "processing_reason"])
        entry = record(actor, Event.MEDIA_STARTED, owner=item.agency_id, subjects=about(item), fields=_names(item))
    return item, entry.id


def _keep(item: Item, content: bytes) -> VaultObject:
    kept = writing.create_object(uuid7(), item.agency.key_name)
    writing.put_derivative(kept, 0, [content])
    return kept


def _end(actor: Actor, item_id: UUID, examined: Examined, kept: dict[str, VaultObject], handle: reading.Handle) -> Item:
    with transaction.atomic():
        item = Item.objects.select_for_update(of=("self",)).select_related("agency").get(pk=item_id)
        _write(item, examined)
        _replace_derivatives(item, examined, kept)
        search.index(item)
        event = Event.MEDIA_FAILED if examined.reason else Event.MEDIA_MADE
        entry = record(
            actor, event, owner=item.agency_id, subjects=[*about(item), Subject("reading", handle.id)],
            fields=_names(item, examined.reason), outcome="failed" if examined.reason else "success",
            numbers={"derivatives": len(kept)},
        )  # fmt: skip
        reading.job_read(handle, entry.id)
    return item


def _write(item: Item, examined: Examined) -> None:
    item.mime, item.kind, item.facts = examined.mime, examined.kind, dict(examined.facts)
    item.captured_at = _moment(examined, item)
    item.processing_percent = 100
    item.processing = Item.Processing.FAILED if examined.reason else Item.Processing.DONE
    item.processing_reason = (examined.reason or _note(examined))[:400]
    item.save(update_fields=[
        "mime", "kind", "facts", "captured_at", "processing_percent", "processing", "processing_reason",
    ])  # fmt: skip


def _note(examined: Examined) -> str:
    """What a person should know of an item that was read without fault, and yet isn't shown or played."""
    if examined.mime == "application/x-empty":
        return EMPTY
    if examined.kind in ("video", "audio"):
        noun = "video" if examined.kind == "video" else "recording"
        return "" if "playable" in examined.facts else NOT_PLAYABLE.format(kind=noun)
    return "" if examined.preview else NOT_SHOWN


def _moment(examined: Examined, item: Item) -> datetime | None:
    """The time of capture for order: a wall clock without zone is taken as the agency's."""
    try:
        moment = datetime.fromisoformat(str(examined.facts["captured"]["value"]))
        moment = moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(item.agency.zone))
        return moment.astimezone(timezone.get_default_timezone())
    except (KeyError, ValueError, OverflowError, ZoneInfoNotFoundError):
        return None


def _replace_derivatives(item: Item, examined: Examined, kept: dict[str, VaultObject]) -> None:
    item.derivatives.filter(replaced_at=None).update(replaced_at=timezone.now())
    read_by = str(examined.facts.get("read_by", {}).get("value", ""))
    for kind, obj in kept.items():
        content = examined.preview if kind == "preview" else examined.poster
        Derivative.objects.create(
            id=uuid7(), item=item, kind=kind, object=obj, mime=probe.picture_mime(content), tool=TOOL,
            tool_version=read_by[:100], parameters={"longest": SIZES[kind]},
        )  # fmt: skip


def _names(item: Item, reason: str = "") -> dict[str, str]:
    return {"name": item.name, "number": item.number} | ({"reason": reason} if reason else {})
