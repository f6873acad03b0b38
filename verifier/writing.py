"""Writing a bundle. The server's half of the format: custody decides what goes in, this decides how it is written."""

import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID

from verifier.canonical import canonical_bytes
from verifier.entry import Opening
from verifier.layout import FORMAT, LEAVES, MANIFEST, OPENINGS, PROOFS, Withheld, entry_member
from verifier.leaf import LeafRecord

_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest that a ZIP can say; a bundle tells its time inside


@dataclass(frozen=True, slots=True)
class BundledLeaf:
    """One leaf of a bundle.

    `record` is the packed leaf record, `proof` its inclusion path from the leaf upwards. `positions` holds for each
    subject of the scope at which position the entry has it, None where it doesn't. `entry` is None when the reader
    may not see it; then it has no openings.
    """

    record: bytes
    proof: Sequence[bytes]
    positions: Sequence[int | None]
    entry: bytes | None = None
    openings: Sequence[Opening] = ()


@dataclass(frozen=True, slots=True)
class Commitment:
    """What `custody.exported` must hold, so that nobody can change afterwards what its bundle leaves out.

    `fields` and `numbers` go into `record`; the export's first subjects must be the scope, in order, and all its
    fields must be opened in the bundle.
    """

    fields: dict[str, str]
    numbers: dict[str, int]


def commitment(*, scope: int, entries: int, shown: int, withheld: Sequence[Withheld]) -> Commitment:
    """`scope` subjects; `entries` known before the export, of which `shown` are given whole (the export not counted).

    Entries that others commit while the bundle is made are given as leaf records, and need no place here.
    """
    numbers = {"scope": scope, "entries": entries, "shown": shown, "closed": len(withheld)}
    return Commitment({"withheld": withheld_digest([one.to_json() for one in withheld])}, numbers)


def withheld_digest(withheld: object) -> str:
    """The SHA-256 in hex of the list's canonical bytes."""
    return sha256(canonical_bytes(withheld)).hexdigest()


def write_bundle(
    target: zipfile.ZipFile,
    *,
    scope: Sequence[tuple[str, UUID]],
    note: str,
    vkey: str,
    leaves: Sequence[BundledLeaf],
    withheld: Sequence[Withheld],
) -> None:
    """Write every member. `leaves` ascend; the last is the export's. The target may be a stream that can't seek."""
    manifest = {
        "format": FORMAT,
        "scope": [{"kind": kind, "id": str(subject)} for kind, subject in scope],
        "checkpoint": note,
        "vkey": vkey,
        "withheld": [one.to_json() for one in withheld],
    }
    target.writestr(_member(MANIFEST), canonical_bytes(manifest) + b"\n")
    records = [LeafRecord.unpack(one.record) for one in leaves]
    pairs = list(zip(records, leaves, strict=True))
    _write_lines(
        target,
        LEAVES,
        ({"leaf": r.index, "record": one.record.hex(), "at": list(one.positions)} for r, one in pairs),
    )
    _write_lines(target, PROOFS, ({"leaf": r.index, "path": [each.hex() for each in one.proof]} for r, one in pairs))
    _write_lines(
        target,
        OPENINGS,
        (
            {"leaf": r.index, "name": o.name, "side": o.side, "salt": o.salt.hex(), "value": o.value}
            for r, one in pairs
            for o in one.openings
        ),
    )
    for record, one in pairs:
        if one.entry is not None:
            target.writestr(_member(entry_member(record.index)), one.entry)


def _write_lines(target: zipfile.ZipFile, name: str, lines: Iterable[dict[str, object]]) -> None:
    with target.open(_member(name), "w", force_zip64=True) as file:
        for line in lines:
            file.write(canonical_bytes(line) + b"\n")


def _member(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, _EPOCH)
    info.compress_type = zipfile.ZIP_DEFLATED
    info.external_attr = 0o644 << 16
    return info
