"""Verifying a bundle: ten numbered steps, each of which raises its own error. Nothing here returns a bool.

 1. The container opens and its format is known.
 2. It holds exactly what a bundle of that format may hold.
 3. The checkpoint is signed by the log's key, which comes from outside the bundle.
 4. Every leaf is in the tree that the checkpoint signs.
 5. Every entry has the bytes that its leaf record commits to.
 6. Every opening is what its entry commits to.
 7. The entries of each subject run 1…n without a gap, and end with the export that made the bundle.
 8. The list of what was withheld, and the counts, are those that the export committed to.
 9. Every field is either open or on that list.
10. The files are those that were sealed.
"""

from collections.abc import Mapping, Sequence
from hashlib import sha256
from itertools import zip_longest
from pathlib import Path

from verifier import entry, merkle, notes
from verifier.bundle import Bundle
from verifier.canonical import Json
from verifier.chains import check_chains
from verifier.entry import Entry, Opening
from verifier.errors import (
    CountsDiffer,
    EntryAltered,
    EntryMalformed,
    EntryUnconnected,
    FieldUnaccounted,
    Malformed,
    NotInTree,
    OpeningAltered,
    OpeningUnknown,
    TailCut,
    WithheldListAltered,
)
from verifier.files import check_files
from verifier.layout import LEAVES, MOST_LEAVES, OPENINGS, PROOFS
from verifier.manifest import LEAF_KEYS, OPENING_KEYS, PROOF_KEYS, Leaf, Manifest, read_leaf, read_manifest, text, unhex
from verifier.verified import OpenEntry, Verified
from verifier.writing import withheld_digest


def verify(path: Path, key: notes.VerifierKey | None, files: Sequence[Path] = ()) -> Verified:
    """Verify the bundle at `path`, and that `files` are what was sealed. Raises VerificationFailed, KeyUnreadable.

    Without a key the one in the bundle is taken, and the outcome says that this proves integrity, not origin.
    """
    with Bundle(path) as bundle:
        manifest = read_manifest(bundle)  # steps 1 and 2
        checkpoint = notes.verify(manifest.note, key or notes.VerifierKey.parse(manifest.vkey))  # 3
        leaves = _leaves_in_tree(bundle, checkpoint, len(manifest.scope))  # 4
        entries = _unaltered_entries(bundle, leaves)  # 5
        opened = _opened(bundle, entries)  # 6
        export = check_chains(manifest.scope, leaves, opened)  # 7
        latecomers = _check_commitment(manifest, export, len(opened), len(leaves))  # 8
        _account_for_fields(manifest, opened)  # 9
        checked = check_files(bundle, files, opened.values())  # 10
        return Verified(
            scope=manifest.scope,
            checkpoint=checkpoint,
            key_came_with_bundle=key is None,
            entries=tuple(opened.values()),
            leaf_only=len(leaves) - len(opened),
            latecomers=latecomers,
            withheld=manifest.withheld,
            as_of=export.entry.at,
            timestamps=len(bundle.timestamps),
            files=checked,
        )


def _leaves_in_tree(bundle: Bundle, checkpoint: notes.Checkpoint, scope: int) -> list[Leaf]:
    """Every leaf, ascending, each proven to be in the tree."""
    found: list[Leaf] = []
    with bundle.lines(LEAVES, LEAF_KEYS) as described, bundle.lines(PROOFS, PROOF_KEYS) as proven:
        for line, proof in zip_longest(described, proven):
            if line is None or proof is None or line["leaf"] != proof["leaf"] or len(found) >= MOST_LEAVES:
                raise Malformed(why="leaves.jsonl and proofs.jsonl don't tell of the same leaves")
            leaf = read_leaf(line, scope)
            if found and leaf.record.index <= found[-1].record.index:
                raise Malformed(why="the leaves don't ascend")
            hashed, path = merkle.leaf_hash(leaf.raw), _path(leaf, proof["path"])
            merkle.verify_inclusion(hashed, leaf.record.index, checkpoint.size, path, checkpoint.root)
            found.append(leaf)
    if not found:
        raise TailCut(leaf="none")
    return found


def _path(leaf: Leaf, value: Json) -> list[bytes]:
    try:
        return [unhex(one) for one in value] if isinstance(value, list) else []
    except (TypeError, ValueError) as error:
        raise NotInTree(leaf=leaf.record.index) from error


def _unaltered_entries(bundle: Bundle, leaves: Sequence[Leaf]) -> dict[int, Entry]:
    """The entries that the bundle shows, by leaf, ascending."""
    if stray := bundle.entries - {leaf.record.index for leaf in leaves}:
        raise EntryUnconnected(leaf=min(stray))
    return {leaf.record.index: _entry(bundle, leaf) for leaf in leaves if leaf.record.index in bundle.entries}


def _entry(bundle: Bundle, leaf: Leaf) -> Entry:
    index = leaf.record.index
    raw = bundle.entry(index)
    if sha256(raw).digest() != leaf.record.entry_digest:
        raise EntryAltered(leaf=index)
    try:
        found = entry.parse(raw)
    except Malformed as error:
        raise EntryMalformed(leaf=index, why=error.values["why"]) from error
    if len(found.subjects) != len(leaf.record.links):
        raise EntryMalformed(leaf=index, why="its leaf record has another number of subjects")
    return found


def _opened(bundle: Bundle, entries: Mapping[int, Entry]) -> dict[int, OpenEntry]:
    """The entries with what the bundle opens of them."""
    values: dict[int, dict[str, str]] = {leaf: {} for leaf in entries}
    with bundle.lines(OPENINGS, OPENING_KEYS) as lines:
        for leaf, opening in map(_opening, lines):
            found = entries.get(leaf)
            if found is None or found.sides.get(opening.name) != opening.side or opening.name in values[leaf]:
                raise OpeningUnknown(name=ascii(opening.name), leaf=leaf)
            if opening.digest() != found.fields[opening.name]:
                raise OpeningAltered(name=opening.name, leaf=leaf)
            values[leaf][opening.name] = opening.value
    return {leaf: OpenEntry(leaf, found, values[leaf]) for leaf, found in entries.items()}


def _opening(line: dict[str, Json]) -> tuple[int, Opening]:
    leaf = line["leaf"]
    if not isinstance(leaf, int) or isinstance(leaf, bool):
        raise Malformed(why="an opening names no leaf")
    try:
        return leaf, Opening(text(line["name"]), text(line["side"]), unhex(line["salt"]), text(line["value"]))
    except (TypeError, ValueError) as error:
        raise Malformed(why=f"an opening at leaf {leaf} has other content ({error})") from error


def _check_commitment(manifest: Manifest, export: OpenEntry, shown: int, leaves: int) -> int:
    """How many entries were written while the bundle was made: they come after what the export counted."""
    if export.openings.get("withheld") != withheld_digest(manifest.withheld_json):
        raise WithheldListAltered
    found = {"scope": len(manifest.scope), "shown": shown - 1, "closed": len(manifest.withheld)}
    for name, count in found.items():
        if export.entry.numbers.get(name) != count:
            raise CountsDiffer(said=export.entry.numbers.get(name), what=_COUNTED[name], found=count)
    latecomers = leaves - 1 - export.entry.numbers.get("entries", leaves)
    if latecomers < 0:
        raise CountsDiffer(said=export.entry.numbers.get("entries"), what="earlier entries", found=leaves - 1)
    return latecomers


_COUNTED = {"scope": "subjects", "shown": "readable entries", "closed": "withheld fields"}


def _account_for_fields(manifest: Manifest, opened: Mapping[int, OpenEntry]) -> None:
    """Raises FieldUnaccounted, OpeningUnknown, WithheldListAltered."""
    listed = {(one.entry, one.name) for one in manifest.withheld}
    closed = set()
    for leaf, one in opened.items():
        for name in one.entry.fields:
            withheld = (one.entry.id, name) in listed
            if withheld and name in one.openings:
                raise OpeningUnknown(name=name, leaf=leaf)
            if not withheld and name not in one.openings:
                raise FieldUnaccounted(name=name, leaf=leaf)
            closed |= {(one.entry.id, name)} if withheld else set()
    if len(manifest.withheld) != len(closed):
        raise WithheldListAltered
