"""The ledger's tables. Rows are inserted and read, never changed: roles and triggers in the migrations see to it."""

from typing import ClassVar

from django.db import models


class Entry(models.Model):
    """One custody entry. `body` holds the canonical bytes, stored as written; the columns are only an index of them."""

    id = models.UUIDField(primary_key=True)
    body = models.BinaryField()
    at = models.DateTimeField()
    event = models.CharField(max_length=64)
    outcome = models.CharField(max_length=16)
    act = models.UUIDField(null=True)
    owner_agency = models.UUIDField(null=True)
    actor_agency = models.UUIDField(null=True)
    actor_kind = models.CharField(max_length=16)
    actor_id = models.UUIDField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["owner_agency", "-at", "-id"]),
            models.Index(fields=["actor_id", "-at", "-id"]),
        ]


class Subject(models.Model):
    """What an entry is about, in order. Written by `record`; read by the sequencer and by timelines."""

    entry = models.ForeignKey(Entry, models.PROTECT, related_name="subjects")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=16)
    object_id = models.UUIDField()
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["kind", "object_id", "-at", "-entry"])]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["entry", "position"], name="one_subject_a_position"),
            models.UniqueConstraint(fields=["entry", "kind", "object_id"], name="a_subject_once_an_entry"),
        ]


class Opening(models.Model):
    """What opens one committed field: salt and value. `side` is `object` or `actor`."""

    entry = models.ForeignKey(Entry, models.PROTECT, related_name="openings")
    name = models.CharField(max_length=64)
    side = models.CharField(max_length=8)
    salt = models.BinaryField(max_length=16)
    value = models.TextField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["entry", "name"], name="one_opening_a_field")]


class Waiting(models.Model):
    """An entry without a leaf. A trigger on `Entry` writes it, whoever inserts; the sequencer deletes it with the leaf.

    It stands for the question "which entries have no leaf", whose answer would cost more with every entry. It commits
    with its entry, so that one which commits late is found late, and never lost as by a cursor.
    """

    entry = models.OneToOneField(Entry, models.PROTECT, primary_key=True, related_name="+")
    # Given by PostgreSQL, in the order of writing. Unlike a clock it never runs backwards, so what somebody could read
    # before writing an entry always gets an earlier leaf than that entry: an export counts on it.
    place = models.BigIntegerField(unique=True, editable=False)


class Leaf(models.Model):
    """The entry's place in the tree. `record` is the binary leaf record, `digest` its RFC 9162 leaf hash."""

    index = models.BigIntegerField(primary_key=True)
    entry = models.OneToOneField(Entry, models.PROTECT, related_name="leaf")
    record = models.BinaryField()
    digest = models.BinaryField(max_length=32)


class LeafSubject(models.Model):
    """The running number of one subject's entries, so that an export can prove that none is missing."""

    leaf = models.ForeignKey(Leaf, models.PROTECT, related_name="subjects")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=16)
    object_id = models.UUIDField()
    number = models.BigIntegerField()
    previous = models.BigIntegerField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kind", "object_id", "number"], name="subject_numbers_have_no_twin"),
        ]


class Node(models.Model):
    """The hash of one complete subtree of 2^level leaves, level 1 and up; `Leaf.digest` is level 0 (C2SP tlog-tiles)."""

    level = models.PositiveSmallIntegerField()
    index = models.BigIntegerField()
    digest = models.BinaryField(max_length=32)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["level", "index"], name="one_hash_a_node")]


class Checkpoint(models.Model):
    """A signed tree head (C2SP tlog-checkpoint in a signed note)."""

    size = models.BigIntegerField(primary_key=True)
    root = models.BinaryField(max_length=32)
    note = models.TextField()
    at = models.DateTimeField()


class Repeat(models.Model):
    """Refusals after the first within a minute: only counted here, then folded into one entry by the sweeper."""

    key = models.CharField(max_length=64, unique=True)
    since = models.DateTimeField()
    count = models.PositiveIntegerField(default=0)
    entry = models.ForeignKey(Entry, models.PROTECT, related_name="+")
