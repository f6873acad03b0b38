"""The sequencer, the only serial actor: it gives each entry its leaf and signs the tree (design: custody ledger).

One transaction a batch: leaves, nodes and checkpoint are there together or not at all. It takes the entries that have
no leaf yet, never "those after the last": an entry that commits late would be lost for ever.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db import connections, transaction

from custody import tree
from custody.errors import TreeDiffers
from custody.models import Checkpoint, Leaf, LeafSubject, Node, Subject, Waiting
from custody.signing import Signer, signer
from verifier import leaf as form
from verifier import merkle, notes

log = logging.getLogger("proofroom.custody")
BATCH = 2000
_LOCK = 0x70726F6F66726D  # "proofrm": the key of the advisory lock, held to the end of the transaction
_MOST_BATCHES = 50

About = tuple[str, UUID]


@dataclass
class _Batch:
    """Rows to be stored, as they are made."""

    growing: tree.Growing
    last: dict[About, tuple[int, int]]  # of each subject its last running number and leaf index
    leaves: list[Leaf] = field(default_factory=list)
    subjects: list[LeafSubject] = field(default_factory=list)

    def add(self, entry: UUID, digest: bytes, about: Sequence[About]) -> None:
        index = self.growing.size
        links = tuple(self._link(one, index, position) for position, one in enumerate(about))
        record = form.LeafRecord(index, digest, links).pack()
        leaf_hash = merkle.leaf_hash(record)
        self.leaves.append(Leaf(index=index, entry_id=entry, record=record, digest=leaf_hash))
        self.growing.append(leaf_hash)

    def _link(self, about: About, index: int, position: int) -> form.Link:
        number, previous = self.last.get(about, (0, None))
        self.last[about] = number + 1, index
        self.subjects.append(
            LeafSubject(
                leaf_id=index, position=position, kind=about[0], object_id=about[1], number=number + 1,
                previous=previous,
            )
        )  # fmt: skip
        return form.Link(number + 1, previous)


def sequence(using: str = "sequencer") -> int:
    """Give every waiting entry its leaf and sign the tree. Returns the number of new leaves.

    Raises TreeDiffers, and signs nothing, when what is stored isn't what the newest checkpoint was signed over;
    LedgerKeyMissing when there is no key.
    """
    if not Waiting.objects.using(using).exists() and tree.newest(using):
        return 0
    own, total = signer(), 0
    for _ in range(_MOST_BATCHES):
        total += (count := _one_batch(own, using))
        if count < BATCH:
            break
    return total


def _one_batch(own: Signer, using: str) -> int:
    with transaction.atomic(using=using, durable=True):
        _lock(using)
        growing, newest = _checked(own, using)
        waiting = _waiting(using)
        if newest and not waiting:
            return 0
        batch = _Batch(growing, {})
        about = _subjects([entry for entry, _digest in waiting], using)
        batch.last = _last_numbers({one for named in about.values() for one in named}, using)
        for entry, digest in waiting:
            batch.add(entry, digest, about.get(entry, ()))
        _store(batch, own, using)
    return len(waiting)


def _lock(using: str) -> None:
    # A statement of its own: the next one then sees everything that the last holder committed.
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def _checked(own: Signer, using: str) -> tuple[tree.Growing, Checkpoint | None]:
    """The stored tree, once it is shown to be the one that was signed last."""
    size = tree.size(using)
    newest = tree.newest(using)
    signed = newest.size if newest else 0
    if size != signed:
        raise TreeDiffers(size=signed, why=f"it has {size} leaves")
    try:
        growing = tree.Growing(size, using)
    except (Leaf.DoesNotExist, Node.DoesNotExist):
        raise TreeDiffers(size=signed, why="a node is missing") from None
    if newest:
        told = notes.verify(newest.note, own.public)
        if (told.size, told.root) != (size, growing.root()):
            raise TreeDiffers(size=signed, why="it has another root")
    return growing, newest


def _waiting(using: str) -> list[tuple[UUID, bytes]]:
    """Entries without a leaf and the SHA-256 of their bytes, in the order of their writing."""
    with connections[using].cursor() as cursor:
        cursor.execute(
            "SELECT e.id, sha256(e.body) FROM custody_waiting w JOIN custody_entry e ON e.id = w.entry_id"
            " ORDER BY w.place LIMIT %s",
            [BATCH],
        )
        return [(entry, bytes(digest)) for entry, digest in cursor.fetchall()]


def _subjects(entries: list[UUID], using: str) -> dict[UUID, list[About]]:
    found: dict[UUID, list[About]] = {}
    rows = Subject.objects.using(using).filter(entry__in=entries).order_by("entry", "position")
    for entry, kind, object_id in rows.values_list("entry_id", "kind", "object_id"):
        found.setdefault(entry, []).append((kind, object_id))
    return found


def _last_numbers(about: set[About], using: str) -> dict[About, tuple[int, int]]:
    """Of each subject that has a leaf: its last running number and leaf, one look-up in the index each."""
    kinds, ids = [one[0] for one in about], [one[1] for one in about]
    with connections[using].cursor() as cursor:
        cursor.execute(
            "SELECT a.kind, a.id, l.number, l.leaf_id FROM unnest(%s::text[], %s::uuid[]) AS a(kind, id)"
            " CROSS JOIN LATERAL (SELECT s.number, s.leaf_id FROM custody_leafsubject s"
            " WHERE s.kind = a.kind AND s.object_id = a.id ORDER BY s.number DESC LIMIT 1) l",
            [kinds, ids],
        )
        return {(kind, object_id): (number, leaf) for kind, object_id, number, leaf in cursor.fetchall()}


def _store(batch: _Batch, own: Signer, using: str) -> None:
    growing = batch.growing
    Leaf.objects.using(using).bulk_create(batch.leaves)
    LeafSubject.objects.using(using).bulk_create(batch.subjects)
    Node.objects.using(using).bulk_create(
        Node(level=level, index=index, digest=digest) for (level, index), digest in growing.fresh.items()
    )
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        (now,) = cursor.fetchone()
    root = growing.root()
    Checkpoint.objects.using(using).bulk_create(
        [Checkpoint(size=growing.size, root=root, note=own.sign(growing.size, root), at=now)]
    )
    Waiting.objects.using(using).filter(entry__in=[one.entry_id for one in batch.leaves]).delete()


def find_forgotten(using: str = "sequencer") -> int:
    """Say aloud how many entries have neither a leaf nor a place in the queue. There is no way to make one but by force.

    The trigger that queues an entry can be switched off by the owner of the tables; then this is how it is noticed.
    """
    with connections[using].cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM custody_entry e WHERE NOT EXISTS (SELECT FROM custody_leaf l WHERE l.entry_id = e.id)"
            " AND NOT EXISTS (SELECT FROM custody_waiting w WHERE w.entry_id = e.id)"
        )
        (forgotten,) = cursor.fetchone()
    if forgotten:
        log.critical("%d custody entries were written past the trigger and are in no tree", forgotten)
    return int(forgotten)
