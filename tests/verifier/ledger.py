"""A whole log in memory, for tests and samples: the same formats as the server's, every id and salt from a seed."""

import io
import random
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from verifier import merkle, notes
from verifier.entry import Auth, By, Entry, Opening, Subject, compose
from verifier.events import Event
from verifier.layout import Withheld, WithheldRule
from verifier.leaf import LeafRecord, Link
from verifier.writing import BundledLeaf, commitment, write_bundle

START = datetime(2026, 11, 2, 8, 30, tzinfo=UTC)


@dataclass
class Kept:
    """One entry of the log."""

    entry: Entry
    body: bytes
    openings: tuple[Opening, ...]
    subjects: tuple[tuple[str, UUID], ...]
    record: bytes


@dataclass
class Log:
    """Entries are recorded and sequenced at once. `name` and `seed` make it another log."""

    name: str = "ledger.riverton.example"
    seed: str = "riverton"
    kept: list[Kept] = field(default_factory=list)
    chains: dict[tuple[str, UUID], list[int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.random = random.Random(self.seed)
        self.private = Ed25519PrivateKey.from_private_bytes(sha256(self.seed.encode()).digest())
        self.key = notes.VerifierKey.of(self.name, self.private)
        self.person, self.agency = self.uuid(), self.uuid()

    def uuid(self) -> UUID:
        """The next id."""
        return UUID(int=self.random.getrandbits(128), version=4)

    def record(
        self,
        event: Event,
        *subjects: tuple[str, UUID],
        fields: Mapping[str, str] | None = None,
        actor: str = "D. Marlowe",
        outcome: str = "success",
        numbers: Mapping[str, int] | None = None,
        sent: int | None = None,
    ) -> Kept:
        """Write one entry as the next leaf."""
        entry = Entry(
            id=self.uuid(),
            at=START + timedelta(seconds=37 * len(self.kept)),
            event=event,
            by=By("person", self.person, self.agency),
            owner=self.agency,
            outcome=outcome,
            auth=Auth("totp", 2, sha256(b"session").hexdigest()),
            sent=sent,
            numbers=numbers or {},
            subjects=tuple(Subject(*one) for one in subjects),
        )
        body, openings = compose(
            entry,
            object_fields=fields or {},
            actor_fields={"actor_name": actor, "actor_agency": "Riverton Police", "peer": "192.0.2.17"},
            salt=self.random.randbytes,
        )
        kept = Kept(entry, body, openings, subjects, self._leaf(body, subjects).pack())
        self.kept.append(kept)
        return kept

    def note(self, size: int | None = None) -> str:
        """The signed checkpoint of the first `size` leaves, by default of all."""
        count = len(self.kept) if size is None else size
        checkpoint = notes.Checkpoint(self.name, count, merkle.root(self.hashes()[:count]))
        return notes.sign(checkpoint, self.private)

    def hashes(self) -> list[bytes]:
        """Every leaf hash."""
        return [merkle.leaf_hash(one.record) for one in self.kept]

    def export(
        self, *scope: tuple[str, UUID], hidden: Sequence[Kept] = (), closed: Sequence[str] = (), late: int = 0
    ) -> bytes:
        """A bundle of everything about `scope`, made by an entry of its own.

        `hidden` are given as leaf records, fields named in `closed` stay closed. The last `late` entries are told as
        if they had come while the bundle was made.
        """
        known = sorted({at for subject in scope for at in self.chains.get(subject, [])})
        shown = [at for at in known[: len(known) - late] if self.kept[at] not in hidden]
        withheld = [
            Withheld(self.kept[at].entry.id, one.name, WithheldRule.OTHER_AGENCY, "D. Marlowe")
            for at in shown
            for one in self.kept[at].openings
            if one.name in closed
        ]
        promised = commitment(scope=len(scope), entries=len(known) - late, shown=len(shown), withheld=withheld)
        self.record(Event.CUSTODY_EXPORTED, *scope, fields=promised.fields, numbers=promised.numbers)
        given = [*known, len(self.kept) - 1]
        opened = {*shown, given[-1]}
        return self.bundle(scope, given, opened, withheld)

    def bundle(
        self, scope: Sequence[tuple[str, UUID]], given: Sequence[int], opened: set[int], withheld: Sequence[Withheld]
    ) -> bytes:
        """Any bundle, right or wrong: the leaves `given`, of which `opened` come with their entries."""
        hashes = self.hashes()
        subtree, size = merkle.over(hashes), len(hashes)
        names = {(one.entry, one.name) for one in withheld}
        leaves = [
            BundledLeaf(
                self.kept[at].record,
                merkle.inclusion_proof(at, size, subtree),
                [self.kept[at].subjects.index(one) if one in self.kept[at].subjects else None for one in scope],
                self.kept[at].body if at in opened else None,
                [o for o in self.kept[at].openings if at in opened and (self.kept[at].entry.id, o.name) not in names],
            )
            for at in given
        ]
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w") as archive:
            write_bundle(archive, scope=scope, note=self.note(), vkey=str(self.key), leaves=leaves, withheld=withheld)
        return target.getvalue()

    def _leaf(self, body: bytes, subjects: Sequence[tuple[str, UUID]]) -> LeafRecord:
        index, links = len(self.kept), []
        for subject in subjects:
            chain = self.chains.setdefault(subject, [])
            links.append(Link(len(chain) + 1, chain[-1] if chain else None))
            chain.append(index)
        return LeafRecord(index, sha256(body).digest(), tuple(links))
