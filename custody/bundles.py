"""Cutting a custody bundle: what a stranger verifies offline (design: custody ledger; docs/custody-format.md).

Two steps, because making a bundle is itself an entry that concerns what is exported, and the bundle must end with it:
`order_export` writes that entry in the caller's transaction; `cut`, after the commit, waits until a signed checkpoint
covers it. What the reader may see is decided by the caller, once, in the first step; the entry commits to it.
"""

import time
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import IO
from uuid import UUID

from custody import proofs, signing
from custody.actors import Actor
from custody.entries import Subject, record
from custody.errors import ExportOvertaken, NothingToExport, SequencerAway
from custody.models import Checkpoint, Entry, Leaf, LeafSubject, Opening
from custody.models import Subject as SubjectRow
from verifier import entry as form
from verifier.events import Event
from verifier.layout import Withheld, WithheldRule
from verifier.writing import BundledLeaf, commitment, write_bundle

WAIT_SECONDS = 15.0
_POLL_SECONDS = 0.1
_CHUNK = 1000
_BY_ORDER = "an order in the ledger"

Sight = Callable[[Entry], Mapping[str, WithheldRule] | None]
"""What the reader may see of an entry: None for nothing (it is given as a leaf record and counted), else the names of
the fields that stay closed, each with the rule. The entry comes with `subjects` and `openings` prefetched."""


@dataclass(frozen=True, slots=True)
class Ordered:
    """An export whose entry is written: what it will hold, as the entry commits to it."""

    export: Entry
    scope: tuple[Subject, ...]
    shown: frozenset[UUID]
    withheld: tuple[Withheld, ...]


def order_export(
    actor: Actor,
    *,
    owner: UUID,
    scope: Sequence[Subject],
    sight: Sight,
    subjects: Sequence[Subject] = (),
    fields: Mapping[str, str] | None = None,
) -> Ordered:
    """Write `custody.exported` about everything in `scope`. Needs a transaction; then `cut` after it has committed.

    `subjects` are further ones that the entry concerns without being exported. Raises NothingToExport.
    """
    about = tuple(dict.fromkeys(scope))
    known = _known(about)
    if not about or not known:
        raise NothingToExport
    shown: set[UUID] = set()
    withheld: list[Withheld] = []
    for entry in _with_openings(known):
        closed = sight(entry)
        if closed is not None:
            shown.add(entry.id)
            withheld += _withheld(entry, closed, actor.name)
    promised = commitment(scope=len(about), entries=len(known), shown=len(shown), withheld=withheld)
    export = record(
        actor,
        Event.CUSTODY_EXPORTED,
        owner=owner,
        subjects=[*about, *subjects],
        fields={**(fields or {}), **promised.fields},
        numbers=promised.numbers,
    )
    return Ordered(export, about, frozenset(shown), tuple(withheld))


def cut(ordered: Ordered, target: IO[bytes], *, wait_seconds: float = WAIT_SECONDS) -> Checkpoint:
    """Write the bundle as a ZIP, at a checkpoint that covers the export's entry.

    Waits for the sequencer; raises SequencerAway when it doesn't come, ExportOvertaken after an erasure meanwhile.
    `target` need not be able to seek.
    """
    leaf, checkpoint = _covered(ordered.export, wait_seconds)
    leaves = _leaves(ordered, leaf, checkpoint)
    with zipfile.ZipFile(target, "w") as archive:
        write_bundle(
            archive,
            scope=[(one.kind, one.id) for one in ordered.scope],
            note=checkpoint.note,
            vkey=str(signing.verifier_key()),
            leaves=leaves,
            withheld=ordered.withheld,
        )
    return checkpoint


def _known(scope: Iterable[Subject]) -> list[UUID]:
    """Every entry about the scope that is committed now, oldest first."""
    found: dict[UUID, object] = {}
    for one in scope:
        found |= dict(SubjectRow.objects.filter(kind=one.kind, object_id=one.id).values_list("entry_id", "at"))
    return sorted(found, key=lambda entry: (found[entry], entry))


def _with_openings(entries: Sequence[UUID]) -> Iterator[Entry]:
    for start in range(0, len(entries), _CHUNK):
        rows = Entry.objects.filter(id__in=entries[start : start + _CHUNK])
        yield from rows.order_by("at", "id").prefetch_related("subjects", "openings")


def _withheld(entry: Entry, closed: Mapping[str, WithheldRule], by: str) -> Iterator[Withheld]:
    """What stays closed of an entry: what the reader may not see, and what no opening is left for."""
    left = {one.name for one in entry.openings.all()}
    for name in sorted(form.parse(bytes(entry.body)).fields):
        if name not in left:
            yield Withheld(entry.id, name, WithheldRule.ERASED, _BY_ORDER)
        elif name in closed:
            yield Withheld(entry.id, name, closed[name], by)


def _covered(export: Entry, seconds: float) -> tuple[Leaf, Checkpoint]:
    """The export's leaf and a checkpoint over it, as soon as the sequencer has made them."""
    deadline = time.monotonic() + seconds
    while True:
        if leaf := Leaf.objects.filter(entry=export).first():
            # Leaf and checkpoint commit together.
            return leaf, Checkpoint.objects.filter(size__gt=leaf.index).order_by("size")[:1].get()
        if time.monotonic() >= deadline:
            raise SequencerAway
        time.sleep(_POLL_SECONDS)


def _leaves(ordered: Ordered, last: Leaf, checkpoint: Checkpoint) -> list[BundledLeaf]:
    """Every leaf about the scope up to the export's, with what the order says is shown of each."""
    positions = _positions(ordered.scope, last.index)
    indexes = sorted(positions)
    paths = proofs.inclusion(indexes, checkpoint.size)
    closed: dict[UUID, set[str]] = {}
    for one in ordered.withheld:
        closed.setdefault(one.entry, set()).add(one.name)
    return [
        BundledLeaf(
            bytes(leaf.record),
            paths[leaf.index],
            [positions[leaf.index].get((one.kind, one.id)) for one in ordered.scope],
            bytes(leaf.entry.body) if shown else None,
            _opened(leaf.entry, closed.get(leaf.entry_id, set())) if shown else (),
        )
        for leaf in _with_entries(indexes)
        for shown in [leaf.entry_id in ordered.shown or leaf.entry_id == ordered.export.id]
    ]


def _positions(scope: Iterable[Subject], last: int) -> dict[int, dict[tuple[str, UUID], int]]:
    """Of each leaf about the scope: at which position it holds which subject."""
    found: dict[int, dict[tuple[str, UUID], int]] = {}
    for one in scope:
        rows = LeafSubject.objects.filter(kind=one.kind, object_id=one.id, leaf__lte=last)
        for leaf, position in rows.values_list("leaf_id", "position"):
            found.setdefault(leaf, {})[one.kind, one.id] = position
    return found


def _with_entries(indexes: Sequence[int]) -> Iterator[Leaf]:
    for start in range(0, len(indexes), _CHUNK):
        rows = Leaf.objects.filter(index__in=indexes[start : start + _CHUNK]).order_by("index")
        yield from rows.select_related("entry").prefetch_related("entry__openings")


def _opened(entry: Entry, closed: set[str]) -> list[form.Opening]:
    """The openings that the bundle gives. Raises ExportOvertaken when one that was promised is gone."""
    given = [_opening(one) for one in entry.openings.all() if one.name not in closed]
    if len(given) + len(closed) != len(form.parse(bytes(entry.body)).fields):
        raise ExportOvertaken
    return given


def _opening(row: Opening) -> form.Opening:
    return form.Opening(row.name, row.side, bytes(row.salt), row.value)
