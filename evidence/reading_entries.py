"""What the ledger says of a reading when it is opened and when it is closed."""

from collections.abc import Sequence
from dataclasses import asdict
from uuid import UUID

from django.utils import timezone

from custody.actors import Actor, ActorKind
from custody.models import Entry
from custody.recording import Subject, record
from evidence.about import about
from evidence.models import Item, Reading
from evidence.ranges import in_words
from verifier.events import Event

LIST_MOST = 200  # items of one list; an entry names 256 subjects at the most
_SPANS_TOLD = 8
_DASH = "\N{EN DASH}"
Purpose = Reading.Purpose


def opening(actor: Actor, items: Sequence[Item], reading: Reading) -> Entry:
    """Tell that bytes may leave from now on, in the caller's transaction, which writes the row."""
    return record(
        actor, Event.READING_OPENED, owner=items[0].agency_id, subjects=_subjects(items, reading),
        fields=_names(items, reading), numbers={"items": len(items)},
    )  # fmt: skip


def closing(reading: Reading) -> Entry:
    """Tell what has left, how long it took and how it ended, in the caller's transaction.

    What the player says stands apart from what the server knows.
    """
    items = list(reading.items.all()[:LIST_MOST])
    fields = _names(items, reading)
    fields["outcome_text"] = str(Reading.Outcome(reading.outcome).label).lower()
    fields["ranges"] = _what_was_sent(reading, items)
    if reading.reported:
        fields["reported"] = ", ".join(f"{_clock(a)}{_DASH}{_clock(b)}" for a, b in reading.reported[:_SPANS_TOLD])
    lasted = (reading.closed_at or timezone.now()) - reading.opened_at
    return record(
        actor_of(reading), Event.READING_CLOSED, owner=items[0].agency_id, subjects=_subjects(items, reading),
        fields=fields, numbers={"items": len(items)}, bytes_sent=reading.bytes,
        duration_ms=int(lasted.total_seconds() * 1000),
    )  # fmt: skip


def kept(actor: Actor) -> dict[str, object]:
    """An actor as a reading's row keeps it, with the address and session that the closing entry names too."""
    return {name: str(value) if isinstance(value, UUID) else value for name, value in asdict(actor).items()}


def actor_of(reading: Reading) -> Actor:
    """Who opened a reading."""
    stored = dict(reading.actor)
    for name in ("id", "agency", "job"):
        stored[name] = UUID(stored[name]) if stored.get(name) else None
    return Actor(**{**stored, "kind": ActorKind(stored["kind"])})


def _subjects(items: Sequence[Item], reading: Reading) -> list[Subject]:
    of_items = about(items[0]) if len(items) == 1 else [Subject("item", item.id) for item in items[:LIST_MOST]]
    return [*of_items, Subject("reading", reading.id)]


def _names(items: Sequence[Item], reading: Reading) -> dict[str, str]:
    purpose = {"purpose": str(Purpose(reading.purpose).label).lower()}
    return purpose | ({"name": items[0].name, "number": items[0].number} if len(items) == 1 else {})


def _what_was_sent(reading: Reading, items: Sequence[Item]) -> str:
    if not reading.bytes:
        return "nothing"
    if reading.purpose == Purpose.PREVIEW:
        return "the preview"
    if len(items) != 1:
        return "small pictures"
    told = in_words(reading.ranges, items[0].bytes)
    seconds = items[0].facts.get("duration", {}).get("value")
    if reading.purpose == Purpose.PLAY and isinstance(seconds, int | float) and items[0].bytes:
        # Bytes are what the server knows; the time is their share of the whole, and says so.
        return f"about {_times(reading, items[0].bytes, seconds)} of {_clock(int(seconds))} ({told})"
    return told


def _times(reading: Reading, size: int, seconds: float) -> str:
    spans = [(int(first * seconds / size), int(last * seconds / size)) for first, last in reading.ranges[:_SPANS_TOLD]]
    return ", ".join(f"{_clock(first)}{_DASH}{_clock(last)}" for first, last in spans)


def _clock(seconds: int) -> str:
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
