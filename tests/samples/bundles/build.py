"""The sample bundles: a good one, an older whole one, and one for each way in which a bundle can be damaged.

`python -m tests.samples.bundles.build` writes them again; a test compares what is committed with what this builds.
"""

import io
import json
import zipfile
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

from tests.verifier.ledger import Kept, Log
from verifier import merkle, notes
from verifier.canonical import canonical_bytes
from verifier.events import Event

HERE = Path(__file__).resolve().parent
FILE = b"Twelve seconds of a camera at a corner that does not exist.\n" * 40
ENTRY = 2  # the leaf whose entry is tampered with

Members = dict[str, bytes]


class Scene:
    """One item with a small history, in a log in which other things happen as well."""

    def __init__(self) -> None:
        self.log = Log()
        self.item, self.case = ("item", self.log.uuid()), ("case", self.log.uuid())
        other = ("item", self.log.uuid())
        record, named = self.log.record, {"name": "cam4.mp4", "number": "RPD-2026-00017-001"}
        record(Event.CASE_OPENED, self.case, fields={"case_number": "RPD-2026-00017", "title": "Mill Street"})
        record(Event.UPLOAD_STARTED, self.item, self.case, fields=named, numbers={"bytes": len(FILE)})
        record(Event.UPLOAD_FINISHED, self.item, self.case, fields=named, numbers={"bytes": len(FILE)})
        record(Event.UPLOAD_FINISHED, other, self.case, fields={"name": "cam5.mp4"})
        digest = sha256(FILE).hexdigest()
        record(Event.ITEM_SEALED, self.item, self.case, fields={**named, "sha256": digest, "source_sha256": digest})
        self.older = self.log.export(self.item)
        told = {**named, "purpose": "play", "ranges": "0:00–2:10", "reported": "0:00–1:20"}
        record(Event.READING_CLOSED, self.item, fields=told, sent=1_284_000)
        self.refused = record(
            Event.READING_OPENED, self.item, fields={"reason": "no access"}, actor="R. Vale", outcome="refused"
        )
        record(Event.INTEGRITY_CHECKED, self.item, other, fields={"outcome_text": "2 of 2 unchanged"})

    def good(self) -> bytes:
        """The bundle that everything damaged is made of: one entry hidden, addresses closed."""
        return self.log.export(self.item, hidden=[self.refused], closed=["peer", "subject_1"])


def build() -> dict[str, bytes]:
    """Every sample by its file name."""
    scene = Scene()
    good = scene.good()
    stranger = Log("ledger.riverton.example", "stranger")
    found = {
        "good.zip": good,
        "older.zip": scene.older,
        "with-file.zip": _packed({**_members(good), "files/cam4.mp4": FILE}),
        "log.vkey": f"{scene.log.key}\n".encode(),
        "another.vkey": f"{stranger.key}\n".encode(),
        "cam4.mp4": FILE,
        "cam4-flipped.mp4": _flipped(FILE),
    }
    return {**found, **{f"{name}.zip": damage(scene, good) for name, (damage, _code) in DAMAGED.items()}}


def _one_byte(_scene: Scene, good: bytes) -> bytes:
    return _with(good, f"entries/{ENTRY}.json", _flipped)


def _leaf_recomputed(scene: Scene, good: bytes) -> bytes:
    """The entry and its leaf record agree; the signed tree knows neither."""
    return _packed(_rehashed(scene, _members(good)))


def _root_recomputed(scene: Scene, good: bytes) -> bytes:
    """Entry, leaf record, proofs and root agree; the signature is the old one."""
    members, log = _rehashed(scene, _members(good)), _forged_log(scene)
    old = json.loads(members["bundle.json"])["checkpoint"]
    signature = old.partition("\n\n")[2]
    text = notes.Checkpoint(log.name, len(log.kept), merkle.root(log.hashes())).text()
    return _packed(_checkpointed(_reproven(members, log), f"{text}\n{signature}"))


def _signed_by_another(scene: Scene, good: bytes) -> bytes:
    """Everything agrees and is signed, by a key that isn't the log's."""
    members, log = _rehashed(scene, _members(good)), _forged_log(scene)
    log.private = Log(seed="stranger").private
    return _packed(_checkpointed(_reproven(members, log), log.note()))


def _left_out(_scene: Scene, good: bytes) -> bytes:
    return _packed(_without(_members(good), 4))


def _tail_cut(_scene: Scene, good: bytes) -> bytes:
    members = _members(good)
    last = max(int(name[8:-5]) for name in members if name.startswith("entries/"))
    return _packed(_without(members, last))


def _another_log(_scene: Scene, good: bytes) -> bytes:
    lakeside = Log("ledger.lakeside.example", "lakeside")
    for _ in range(12):
        lakeside.record(Event.SIGNED_IN, ("person", lakeside.person))
    return _packed(_checkpointed(_members(good), lakeside.note()))


def _another_tree(_scene: Scene, good: bytes) -> bytes:
    """A checkpoint that the log's own key signs, over other entries."""
    twin = Log()
    for _ in range(12):
        twin.record(Event.SIGNED_IN, ("person", twin.person))
    return _packed(_checkpointed(_members(good), twin.note()))


def _opening_altered(_scene: Scene, good: bytes) -> bytes:
    return _with(good, "openings.jsonl", lambda raw: raw.replace(b'"cam4.mp4"', b'"cam6.mp4"', 1))


def _opening_removed(_scene: Scene, good: bytes) -> bytes:
    return _with(good, "openings.jsonl", lambda raw: raw.partition(b"\n")[2])


def _entry_hidden(_scene: Scene, good: bytes) -> bytes:
    """An entry taken away and passed off as one that the reader may not see."""
    members = _members(good)
    del members[f"entries/{ENTRY}.json"]
    members["openings.jsonl"] = _lines_without(members["openings.jsonl"], ENTRY)
    return _packed(members)


def _withheld_altered(_scene: Scene, good: bytes) -> bytes:
    return _with(good, "bundle.json", lambda raw: raw.replace(b"D. Marlowe", b"R. Vale", 1))


def _file_too_many(_scene: Scene, good: bytes) -> bytes:
    return _packed({**_members(good), "readme.txt": b"Nothing to see here.\n"})


def _climbing_file(_scene: Scene, good: bytes) -> bytes:
    return _packed({**_members(good), "files/../../escaped.txt": b"Out.\n"})


def _twin_member(_scene: Scene, good: bytes) -> bytes:
    """Two members of one name, of which each reader may take another."""
    return _packed(_members(good), [(f"entries/{ENTRY}.json", b"{}")])


def _unknown_version(_scene: Scene, good: bytes) -> bytes:
    return _with(good, "bundle.json", lambda raw: raw.replace(b"proofroom/bundle/v1", b"proofroom/bundle/v9"))


def _file_flipped(_scene: Scene, good: bytes) -> bytes:
    return _packed({**_members(good), "files/cam4.mp4": _flipped(FILE)})


# name: how it is damaged, and the code of the error that it must be refused with
DAMAGED: dict[str, tuple[Callable[[Scene, bytes], bytes], str]] = {
    "one-byte-of-an-entry": (_one_byte, "entry-altered"),
    "entry-changed-leaf-recomputed": (_leaf_recomputed, "not-in-tree"),
    "entry-changed-root-recomputed": (_root_recomputed, "checkpoint-altered"),
    "entry-changed-signed-by-another": (_signed_by_another, "wrong-key"),
    "one-left-out": (_left_out, "entry-missing"),
    "tail-cut": (_tail_cut, "tail-cut"),
    "another-logs-checkpoint": (_another_log, "foreign-checkpoint"),
    "another-trees-checkpoint": (_another_tree, "not-in-tree"),
    "opening-altered": (_opening_altered, "opening-altered"),
    "opening-removed": (_opening_removed, "field-unaccounted"),
    "entry-hidden": (_entry_hidden, "counts-differ"),
    "withheld-list-altered": (_withheld_altered, "withheld-list-altered"),
    "file-too-many": (_file_too_many, "unexpected-member"),
    "climbing-file": (_climbing_file, "unexpected-member"),
    "twin-member": (_twin_member, "unexpected-member"),
    "unknown-version": (_unknown_version, "unknown-version"),
    "file-flipped": (_file_flipped, "file-altered"),
}


def _forged_log(scene: Scene) -> Log:
    """The same log with one entry changed, as one who holds the database could make it."""
    forged = Log()
    forged.kept = [Kept(one.entry, one.body, one.openings, one.subjects, one.record) for one in scene.log.kept]
    forged.kept[ENTRY].body = _changed(forged.kept[ENTRY].body)
    forged.kept[ENTRY].record = _relinked(forged.kept[ENTRY].record, forged.kept[ENTRY].body)
    return forged


def _changed(body: bytes) -> bytes:
    return canonical_bytes({**json.loads(body), "at": "2026-11-01T08:30:00.000000Z"})


def _relinked(record: bytes, body: bytes) -> bytes:
    return record[:9] + sha256(body).digest() + record[41:]


def _rehashed(scene: Scene, members: Members) -> Members:
    forged = _forged_log(scene).kept[ENTRY]
    leaves = [json.loads(line) for line in members["leaves.jsonl"].splitlines()]
    for leaf in leaves:
        leaf["record"] = forged.record.hex() if leaf["leaf"] == ENTRY else leaf["record"]
    return {**members, f"entries/{ENTRY}.json": forged.body, "leaves.jsonl": _lines(leaves)}


def _reproven(members: Members, log: Log) -> Members:
    subtree, size = merkle.over(log.hashes()), len(log.kept)
    proofs = [json.loads(line) for line in members["proofs.jsonl"].splitlines()]
    for proof in proofs:
        proof["path"] = [one.hex() for one in merkle.inclusion_proof(proof["leaf"], size, subtree)]
    return {**members, "proofs.jsonl": _lines(proofs)}


def _checkpointed(members: Members, note: str) -> Members:
    manifest = {**json.loads(members["bundle.json"]), "checkpoint": note}
    return {**members, "bundle.json": canonical_bytes(manifest) + b"\n"}


def _without(members: Members, leaf: int) -> Members:
    lines = {name: _lines_without(raw, leaf) for name, raw in members.items() if name.endswith(".jsonl")}
    return {name: raw for name, raw in {**members, **lines}.items() if name != f"entries/{leaf}.json"}


def _lines_without(raw: bytes, leaf: int) -> bytes:
    return b"".join(line for line in raw.splitlines(keepends=True) if json.loads(line)["leaf"] != leaf)


def _lines(values: list[dict[str, object]]) -> bytes:
    return b"".join(canonical_bytes(one) + b"\n" for one in values)


def _flipped(raw: bytes) -> bytes:
    middle = len(raw) // 2
    return raw[:middle] + bytes([raw[middle] ^ 1]) + raw[middle + 1 :]


def _with(good: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    members = _members(good)
    return _packed({**members, name: change(members[name])})


def _members(bundle: bytes) -> Members:
    with zipfile.ZipFile(io.BytesIO(bundle)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _packed(members: Members, more: list[tuple[str, bytes]] | None = None) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, raw in [*members.items(), *(more or [])]:
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), raw)
    return target.getvalue()


def main() -> None:
    """Write every sample beside this file."""
    for name, raw in build().items():
        (HERE / name).write_bytes(raw)


if __name__ == "__main__":
    main()
