"""What the vault holds: objects with a data key, their files, parts and pieces. No cases, no people."""

from typing import ClassVar

from django.db import models


class VaultObject(models.Model):
    """One data key and what is sealed under it: an original with its facts, or a set of derivative files."""

    id = models.UUIDField(primary_key=True)
    key_name = models.CharField(max_length=200)  # the agency's key in the KeyService
    wrapped_key = models.BinaryField()
    key_version_id = models.CharField(max_length=100, blank=True, default="")  # of o/<id>/key; empty until durable
    bucket = models.CharField(max_length=63)
    segments = models.PositiveIntegerField(default=32)  # 1 MiB segments a part, fixed at creation
    created_at = models.DateTimeField(auto_now_add=True)
    erased_at = models.DateTimeField(null=True)


class VaultFile(models.Model):
    """One S3 object, always named with its VersionId once it is whole."""

    class Kind(models.TextChoices):
        DATA = "data"
        FACTS = "facts"
        DERIVATIVE = "derivative"

    class State(models.TextChoices):
        OPENING = "opening"
        WRITING = "writing"
        COMPLETING = "completing"
        WHOLE = "whole"
        GONE = "gone"

    object = models.ForeignKey(VaultObject, models.PROTECT, related_name="files")
    kind = models.CharField(max_length=12, choices=Kind)
    number = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=12, choices=State, default=State.OPENING)
    s3_key = models.CharField(max_length=200)
    s3_upload_id = models.CharField(max_length=400, blank=True, default="")
    version_id = models.CharField(max_length=100, blank=True, default="")
    bytes = models.BigIntegerField(default=0)  # plain
    sealed_bytes = models.BigIntegerField(default=0)
    sha256 = models.BinaryField(max_length=32, null=True)  # of the whole plain file, once somebody computed it
    held = models.BooleanField(default=False)  # a legal hold is on this version

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["object", "kind", "number"], name="one_file_a_number"),
        ]


class VaultPart(models.Model):
    """One part: a complete Tink stream of its own. `header` is its first 40 bytes, kept for range reads."""

    file = models.ForeignKey(VaultFile, models.PROTECT, related_name="parts")
    number = models.PositiveIntegerField()  # from 1, as in S3
    offset = models.BigIntegerField()  # of its first plain byte in the file
    bytes = models.BigIntegerField()  # plain
    sealed_bytes = models.BigIntegerField()
    header = models.BinaryField(max_length=40)
    sha256 = models.BinaryField(max_length=32)  # of the plain bytes
    crc32 = models.BigIntegerField()  # of the plain bytes
    etag = models.CharField(max_length=100)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["file", "number"], name="one_part_a_number")]
        ordering: ClassVar = ["number"]


class VaultPiece(models.Model):
    """What an interrupted PATCH left short of a full part: its own stream, read back once, then deleted."""

    file = models.ForeignKey(VaultFile, models.PROTECT, related_name="pieces")
    part = models.PositiveIntegerField()
    offset = models.BigIntegerField()  # of its first plain byte in the file
    bytes = models.BigIntegerField()
    s3_key = models.CharField(max_length=200)
    version_id = models.CharField(max_length=100)
    sha256 = models.BinaryField(max_length=32)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["file", "offset"], name="one_piece_an_offset")]
        ordering: ClassVar = ["offset"]
