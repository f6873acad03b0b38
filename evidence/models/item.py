"""Items, where they are filed, what they are called, what was made of them."""

from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from accounts.models import Agency, Person
from evidence.models.case import Case
from vault.models import VaultObject


class Item(models.Model):
    """One piece of evidence: a file as it came in."""

    class State(models.TextChoices):
        RECEIVING = "receiving"
        RECEIVED = "received"
        SEALED = "sealed"
        QUARANTINED = "quarantined"
        ABANDONED = "abandoned"
        DISPOSED = "disposed"

    class Processing(models.TextChoices):
        WAITING = "waiting"
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"

    id = models.UUIDField(primary_key=True)
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="items")
    number = models.CharField(max_length=40, unique=True)  # RPD-2026-00017-012
    name = models.CharField(max_length=1024)  # the file's name at the source, made safe to show
    description = models.TextField(blank=True, default="")
    state = models.CharField(max_length=12, choices=State, default=State.RECEIVING)
    processing = models.CharField(max_length=8, choices=Processing, default=Processing.WAITING)
    processing_percent = models.PositiveSmallIntegerField(default=0)
    processing_reason = models.CharField(max_length=400, blank=True, default="")
    quarantine_reason = models.CharField(max_length=400, blank=True, default="")
    was_quarantined = models.BooleanField(default=False)  # the flag stays after quarantine's end
    accepted_at = models.DateTimeField(null=True)  # a custodian ended quarantine: sealing passes over what caused it
    object = models.OneToOneField(VaultObject, models.PROTECT, null=True, related_name="+")
    bytes = models.BigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True, default="")  # hex, computed at sealing from what S3 gave back
    source_sha256 = models.CharField(max_length=64, blank=True, default="")  # hex, as the source said
    mime = models.CharField(max_length=100, blank=True, default="")  # decided by content, empty until probed
    kind = models.CharField(max_length=12, blank=True, default="")  # video, audio, photo, document, other
    facts = models.JSONField(default=dict)  # from the sandboxed reader: {name: {value, source, …}}
    captured_at = models.DateTimeField(null=True)  # for order only; `facts` says what kind of time it is
    added_by = models.ForeignKey(Person, models.PROTECT, related_name="added_items")
    added_at = models.DateTimeField(auto_now_add=True)
    received_at = models.DateTimeField(null=True)
    sealed_at = models.DateTimeField(null=True)
    verified_at = models.DateTimeField(null=True)  # the whole file was last read back and matched
    held = models.BooleanField(default=False)
    malware = models.BooleanField(default=False)
    confidential = models.BooleanField(default=False)
    do_not_disclose = models.BooleanField(default=False)
    sensitive = models.BooleanField(default=False)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["agency", "-added_at", "-id"])]

    def __str__(self) -> str:
        return self.number


class ItemAlias(models.Model):
    """A number that an item once had. It leads to the item for ever and is never given again."""

    number = models.CharField(max_length=40, primary_key=True)
    item = models.ForeignKey(Item, models.PROTECT, related_name="aliases")


class Filing(models.Model):
    """An item is in a case. The first is its home; a row is ended, never deleted."""

    id = models.UUIDField(primary_key=True)
    item = models.ForeignKey(Item, models.PROTECT, related_name="filings")
    case = models.ForeignKey(Case, models.PROTECT, related_name="filings")
    home = models.BooleanField(default=False)
    filed_at = models.DateTimeField(auto_now_add=True)
    filed_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["item", "case"], condition=models.Q(ended_at=None), name="filed_once_a_case"
            ),
            models.UniqueConstraint(
                fields=["item"], condition=models.Q(ended_at=None, home=True), name="one_home_an_item"
            ),
        ]


class Tag(models.Model):
    """A word that people put on an item."""

    item = models.ForeignKey(Item, models.PROTECT, related_name="tags")
    word = models.CharField(max_length=60)
    added_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["item", "word"], name="a_tag_once_an_item")]
        ordering: ClassVar = ["word"]


class Derivative(models.Model):
    """Something made from an item: a preview, a poster. It can always be made again."""

    id = models.UUIDField(primary_key=True)
    item = models.ForeignKey(Item, models.PROTECT, related_name="derivatives")
    kind = models.CharField(max_length=16)  # preview, poster, text, rendition
    object = models.OneToOneField(VaultObject, models.PROTECT, related_name="+")
    mime = models.CharField(max_length=100)
    tool = models.CharField(max_length=100)
    tool_version = models.CharField(max_length=100)
    parameters = models.JSONField(default=dict)
    made_at = models.DateTimeField(auto_now_add=True)
    replaced_at = models.DateTimeField(null=True)


class SearchDocument(models.Model):
    """The lexemes of one item, updated in the transaction that changes what it says."""

    item = models.OneToOneField(Item, models.PROTECT, primary_key=True, related_name="document")
    words = SearchVectorField()

    class Meta:
        indexes: ClassVar = [GinIndex(fields=["words"])]
