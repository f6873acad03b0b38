"""Sealing: read back what S3 holds, compare it with what came in and with what the source says, then hold it.

A mismatch quarantines and never deletes. Everything here can be done again: a crash leaves the item `received`, and
facts and holds are placed anew.
"""

import hashlib
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from custody.actors import Actor
from custody.recording import Subject, record
from evidence import facts, integrity, reading, search
from evidence.about import about
from evidence.finishing import SOURCE_PATIENCE
from evidence.models import Item, Upload
from jobs import queue
from vault import errors as vault_errors
from vault import writing as vault
from vault.models import VaultFile, VaultPart
from verifier import streams
from verifier.events import Event

Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class ReadBack:
    """What the vault gave back: hashes of the whole file, and the first thing that was not as it came in."""

    sha256: str
    crc32: int
    bytes: int
    trouble: str


class SourceAwaited(Exception):
    """The source has promised a hash that hasn't come, or told one just now; `seconds` says when to look again."""

    def __init__(self, seconds: int) -> None:
        """Remember for how long."""
        self.seconds = seconds
        super().__init__("Waiting for the hash from the source.")


def seal(actor: Actor, item_id: UUID, opening: UUID | None, progress: Progress) -> Item:
    """Seal an item that is `received`; in any other state do nothing. `opening` is the entry that asked for it.

    `progress` gets per cent and may raise to give up. Raises SourceAwaited, and StoreError while the store is away.
    """
    item = Item.objects.select_related("agency").get(pk=item_id)
    if item.state != Item.State.RECEIVED:
        return item
    upload = Upload.objects.select_related("item__agency", "file__object").get(item=item)
    if (seconds := _seconds_to_wait(upload)) > 0 and item.accepted_at is None:
        raise SourceAwaited(seconds)
    with reading.job_reading(actor, item, reading.Purpose.SEAL, opening) as handle:
        found = _read_back(handle, _data_of(upload), progress)
        trouble = found.trouble or (_source_trouble(upload, found) if item.accepted_at is None else "")
        if trouble:
            return _quarantine(actor, item_id, trouble, found, handle)
        _hold(upload, found)
        return _write_sealed(actor, upload, found, handle)


def _data_of(upload: Upload) -> VaultFile:
    assert upload.file is not None
    return upload.file


def _seconds_to_wait(upload: Upload) -> int:
    if not upload.source_expected or upload.source_sha256 or upload.last_byte_at is None:
        return 0
    left = upload.last_byte_at + SOURCE_PATIENCE - timezone.now()
    return min(2, int(left.total_seconds()))


def _read_back(handle: reading.Handle, file: VaultFile, progress: Progress) -> ReadBack:
    parts = {part.number: part for part in file.parts.all()}
    whole, crc, combined, size = hashlib.sha256(), 0, 0, 0
    trouble = "" if parts else "no part of it is recorded"
    try:
        for number, chunks in handle.read_parts(file):
            alone, came = hashlib.sha256(), 0
            for chunk in chunks:
                whole.update(chunk)
                alone.update(chunk)
                crc = zlib.crc32(chunk, crc)
                came += len(chunk)
            size += came
            combined = streams.combine_crc32(combined, parts[number].crc32, parts[number].bytes)
            trouble = trouble or _part_trouble(parts[number], alone.digest(), came)
            progress(min(99, number * 100 // len(parts)))
    except vault_errors.VaultError as damaged:
        return ReadBack("", 0, size, str(damaged))
    if not trouble and (crc != combined or size != file.bytes):
        trouble = "the file read back is not made of the parts that came in"
    return ReadBack(whole.hexdigest(), crc, size, trouble)


def _part_trouble(part: VaultPart, sha256: bytes, size: int) -> str:
    if size == part.bytes and sha256 == bytes(part.sha256):
        return ""
    return f"part {part.number} read back is not what came in"


def _source_trouble(upload: Upload, found: ReadBack) -> str:
    if upload.source_bytes is not None and upload.source_bytes != found.bytes:
        return f"the source says that the file has {upload.source_bytes} bytes, and {found.bytes} came in"
    if upload.source_sha256 and upload.source_sha256 != found.sha256:
        return "the SHA-256 of what came in is not the one that the source says"
    return ""


def _hold(upload: Upload, found: ReadBack) -> None:
    """Facts again, now held, and a legal hold on exactly the version that was read back."""
    file = _data_of(upload)
    # A crash after either leaves a hold on something that isn't sealed yet; sealing does both again.
    vault.put_facts(file.object, facts.sealed(upload, found.sha256, found.crc32), hold=True)
    vault.hold_data(file)


def _write_sealed(actor: Actor, compared: Upload, found: ReadBack, handle: reading.Handle) -> Item:
    now = timezone.now()
    with transaction.atomic():
        # The upload first, as everybody who locks both.
        upload = Upload.objects.select_for_update(of=("self",)).select_related("file__object").get(pk=compared.pk)
        item = Item.objects.select_for_update().get(pk=upload.item_id)
        if item.state != Item.State.RECEIVED:
            return item
        if (upload.source_sha256, upload.source_bytes) != (compared.source_sha256, compared.source_bytes):
            raise SourceAwaited(0)  # the source spoke while its file was read back: that is compared first
        file = _data_of(upload)
        VaultFile.objects.filter(pk=file.pk).update(sha256=bytes.fromhex(found.sha256))
        item.state, item.sha256, item.source_sha256 = Item.State.SEALED, found.sha256, upload.source_sha256
        item.sealed_at = item.verified_at = now
        item.save(update_fields=["state", "sha256", "source_sha256", "sealed_at", "verified_at"])
        entry = record(
            actor, Event.ITEM_SEALED, owner=item.agency_id,
            subjects=[*about(item), Subject("reading", handle.id)], fields=_sealed_fields(item, file),
            numbers={"bytes": found.bytes, "crc32": found.crc32, "parts": file.parts.count()},
        )  # fmt: skip
        reading.job_read(handle, entry.id)
        search.index(item)
        queue.enqueue("media.make", str(item.id), {"item": str(item.id)}, actor.to_json())
    return item


def _sealed_fields(item: Item, file: VaultFile) -> dict[str, str]:
    fields = {
        "name": item.name, "number": item.number, "sha256": item.sha256,
        "bucket": file.object.bucket, "object": file.s3_key, "version": file.version_id,
    }  # fmt: skip
    if item.source_sha256:
        fields["source_sha256"] = item.source_sha256
    return fields


def _quarantine(actor: Actor, item_id: UUID, trouble: str, found: ReadBack, handle: reading.Handle) -> Item:
    with transaction.atomic():
        upload = Upload.objects.select_for_update().get(item=item_id)
        item = Item.objects.select_for_update().get(pk=item_id)
        if item.state != Item.State.RECEIVED:
            return item
        item.sha256, item.source_sha256 = found.sha256, upload.source_sha256
        item.save(update_fields=["sha256", "source_sha256"])
        entry = integrity.quarantine(actor, item, trouble, Subject("reading", handle.id))
        reading.job_read(handle, entry.id, reading.Outcome.FAILED)
    return item
