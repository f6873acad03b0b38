"""Readings: any taking of bytes is one row."""

from typing import ClassVar

from django.db import models

from accounts.models import Person
from evidence.models.item import Item


class Reading(models.Model):
    """Who took bytes of what, for what, how many, and how it ended."""

    class Purpose(models.TextChoices):
        PLAY = "play"
        DOWNLOAD = "download"
        PREVIEW = "preview"
        LIST = "list"
        PACKAGE = "package"
        SEAL = "seal"
        MEDIA = "media"
        SWEEP = "sweep"

    class Outcome(models.TextChoices):
        COMPLETE = "complete"
        ENDED = "ended"
        INTERRUPTED = "interrupted"
        REVOKED = "revoked"
        FAILED = "failed"

    id = models.UUIDField(primary_key=True)
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="readings")  # null: a machine's
    actor = models.JSONField()
    session = models.CharField(max_length=64, blank=True, default="")  # digest of the session or token it is bound to
    items = models.ManyToManyField(Item, related_name="readings")
    set_digest = models.CharField(max_length=64, blank=True, default="")  # of a list's items: the same set is reused
    purpose = models.CharField(max_length=10, choices=Purpose)
    grant = models.UUIDField(null=True)  # the grant that allowed it
    opened_at = models.DateTimeField()
    heartbeat_at = models.DateTimeField()
    bytes = models.BigIntegerField(default=0)
    ranges = models.JSONField(default=list)  # merged [first, last] of bytes that the server sent
    reported = models.JSONField(default=list)  # [from, to] in seconds that the player says were watched
    streams = models.PositiveIntegerField(default=0)  # open in any process; the sweeper mends what a crash leaves
    ending = models.CharField(max_length=16, blank=True, default="", choices=Outcome)  # its last stream closes it so
    closed_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=16, blank=True, default="", choices=Outcome)
    opening_entry = models.UUIDField(null=True)
    closing_entry = models.UUIDField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["heartbeat_at"], name="open_readings", condition=models.Q(closed_at=None)),
            models.Index(fields=["person", "session", "-opened_at"]),
        ]
