"""Each subject's entries, followed from 1 to the export that made the bundle (design: no gap, no cut tail)."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from verifier.errors import EntryMissing, EntryUnconnected, FieldUnaccounted, TailCut
from verifier.events import Event
from verifier.manifest import Leaf
from verifier.verified import OpenEntry


def check_chains(
    scope: Sequence[tuple[str, UUID]], leaves: Sequence[Leaf], entries: Mapping[int, OpenEntry]
) -> OpenEntry:
    """The export entry, which ends the chain of every subject.

    Raises EntryMissing at a gap, EntryUnconnected for what belongs to no chain, TailCut without the export.
    """
    for which, subject in enumerate(scope):
        _follow(which, subject, leaves, entries)
    for leaf in leaves:
        if all(position is None for position in leaf.at):
            raise EntryUnconnected(leaf=leaf.record.index)
    last = leaves[-1]
    export = entries.get(last.record.index)
    # The export's first subjects are the scope, so that nobody can make it the end of something else.
    if export is None or last.at != tuple(range(len(scope))) or export.entry.event != Event.CUSTODY_EXPORTED:
        raise TailCut(leaf=last.record.index)
    if export.entry.outcome != "success":
        raise TailCut(leaf=last.record.index)
    return export


def _follow(which: int, subject: tuple[str, UUID], leaves: Sequence[Leaf], entries: Mapping[int, OpenEntry]) -> None:
    number, previous = 0, None
    for leaf in leaves:
        position = leaf.at[which]
        if position is None:
            continue
        link = leaf.record.links[position]
        if link.number != number + 1 or link.previous != previous:
            missing = "unknown" if link.previous in (None, previous) else link.previous
            raise EntryMissing(number=number + 1, subject=f"{subject[0]!a} {subject[1]}", leaf=missing)
        if (entry := entries.get(leaf.record.index)) is not None:
            _check_subject(entry, position, subject)
        number, previous = link.number, leaf.record.index


def _check_subject(entry: OpenEntry, position: int, subject: tuple[str, UUID]) -> None:
    kind, subject_id = entry.subject(position)
    if subject_id is None:
        raise FieldUnaccounted(name=f"subject_{position}", leaf=entry.leaf)
    if (kind, subject_id) != subject:
        raise EntryUnconnected(leaf=entry.leaf)
