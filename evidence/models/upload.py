"""An upload under way: its offset, its lease and fence, its credentials."""

from typing import ClassVar

from django.db import models

from accounts.models import Person
from evidence.models.item import Item
from vault.models import VaultFile


class Upload(models.Model):
    """The rows of one tus upload. `offset` never exceeds what is durable in S3."""

    class State(models.TextChoices):
        OPENING = "opening"
        OPEN = "open"
        COMPLETING = "completing"
        FINISHED = "finished"
        ABANDONED = "abandoned"

    id = models.UUIDField(primary_key=True)
    item = models.OneToOneField(Item, models.PROTECT, related_name="upload")
    person = models.ForeignKey(Person, models.PROTECT, related_name="uploads")
    file = models.OneToOneField(VaultFile, models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=12, choices=State, default=State.OPENING)
    length = models.BigIntegerField(null=True)  # null: deferred
    offset = models.BigIntegerField(default=0)
    fence = models.BigIntegerField(default=0)  # raised by each lease; a commit names the one it holds
    leased_until = models.DateTimeField(null=True)
    metadata = models.JSONField(default=dict)  # as the client sent it: every value in its base64
    source_expected = models.BooleanField(default=False)  # Upload-Metadata: source_hash sha256
    source_sha256 = models.CharField(max_length=64, blank=True, default="")
    source_bytes = models.BigIntegerField(null=True)
    source_path = models.TextField(blank=True, default="")
    source_modified = models.DateTimeField(null=True)
    last_address = models.CharField(max_length=64, blank=True, default="")
    last_credential = models.CharField(
        max_length=64, blank=True, default=""
    )  # digest; one that differs is a resumption
    created_at = models.DateTimeField(auto_now_add=True)
    touched_at = models.DateTimeField(auto_now=True)
    last_byte_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField()  # tus expiration

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["person", "state", "-created_at"]),
            models.Index(
                fields=["touched_at"],
                name="uploads_under_way",
                condition=models.Q(state__in=["opening", "open", "completing"]),
            ),
        ]


class UploadCredential(models.Model):
    """A secret that can append to one upload and nothing else. Several live at once: each listing gives a fresh one."""

    upload = models.ForeignKey(Upload, models.CASCADE, related_name="credentials")
    digest = models.CharField(max_length=64, unique=True)  # SHA-256 hex of the 256-bit secret
    until = models.DateTimeField()
    aal = models.PositiveSmallIntegerField(default=0)  # of the session or token that it was given to
    created_at = models.DateTimeField(auto_now_add=True)
