"""The end of an upload: its parts become one object in S3, or it is given up. Both can be done again after a crash."""

import logging
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from custody.actors import Actor
from custody.recording import Subject, record
from evidence import facts, leases
from evidence.about import about
from evidence.models import Item, Upload
from jobs import queue
from store.errors import Missing, Refused, StoreError, TooShort
from vault import writing as vault
from vault.errors import NotTheSame
from vault.models import VaultFile
from verifier.events import Event

log = logging.getLogger("proofroom.intake")
State = Upload.State
SOURCE_PATIENCE = timedelta(minutes=10)  # how long sealing waits for a source hash that was promised
GIVE_UP = timedelta(hours=1)  # how long an upload that the store can't finish is tried again


def finish_or_leave(actor: Actor, upload_id: UUID) -> None:
    """Finish an upload whose last byte is durable. Where the store is away, leave it to the sweeper: nothing is lost."""
    try:
        finish(actor, upload_id)
    except (StoreError, NotTheSame):
        log.exception("an upload is complete but could not be finished; the sweeper goes on with it")


def finish(actor: Actor, upload_id: UUID) -> None:
    """Make one object of the parts of an upload that is `completing`; in any other state do nothing.

    Raises StoreError, and NotTheSame when the store has something else.
    """
    upload = Upload.objects.select_related("item__agency", "file__object", "person__agency").get(pk=upload_id)
    if upload.state != State.COMPLETING or upload.file is None:
        return
    # A crash after this leaves facts that name no version; they are written anew.
    vault.put_facts(upload.file.object, facts.received(upload))
    # A crash after this leaves a whole object and an upload that is `completing`: the version is found by listing.
    version = vault.complete_data(upload.file)
    with transaction.atomic():
        upload = leases.locked(upload_id)
        if upload.state != State.COMPLETING or upload.file is None:
            return
        _make_whole(upload.file, version)
        upload.state = State.FINISHED
        upload.save(update_fields=["state"])
        _receive(actor, upload)
    vault.sweep_pieces(upload.file)


def abandon(actor: Actor, upload_id: UUID, reason: str) -> None:
    """Give an unfinished upload up and free what it holds in S3. The item stays as a record that it was begun."""
    upload = mark_abandoned(actor, upload_id, reason)
    if upload is None:
        return
    try:
        free(upload)
    except StoreError:
        log.warning("what upload %s left in the store is freed by the sweeper", upload_id)


def mark_abandoned(actor: Actor, upload_id: UUID, reason: str) -> Upload | None:
    """Give an unfinished upload up in the tables; the sweeper frees what it holds. None when it had ended before."""
    with transaction.atomic():
        upload = leases.locked(upload_id)
        if upload.state in (State.FINISHED, State.ABANDONED):
            return None
        upload.state, upload.fence, upload.leased_until = State.ABANDONED, upload.fence + 1, None
        upload.save(update_fields=["state", "fence", "leased_until"])
        Item.objects.filter(pk=upload.item_id).update(state=Item.State.ABANDONED)
        record(
            actor, Event.UPLOAD_ABANDONED, owner=upload.item.agency_id,
            subjects=[*about(upload.item), Subject("upload", upload.id)],
            fields={"name": upload.item.name, "number": upload.item.number, "reason": reason},
            numbers={"bytes": upload.offset},
        )  # fmt: skip
    return upload


def free(upload: Upload) -> None:
    """Delete parts and pieces of an upload that was given up. Raises StoreError."""
    if upload.file is not None and upload.file.state != VaultFile.State.GONE:
        vault.abandon(upload.file)


def finish_after_trouble(actor: Actor, upload_id: UUID) -> None:
    """As `finish`, for the sweeper: what the store has lost is given up with its reason, after GIVE_UP.

    Raises StoreError for what may pass: no answer, or credentials and keys that an operator has to mend.
    """
    try:
        finish(actor, upload_id)
    except (Missing, Refused, TooShort, NotTheSame) as lost:
        # Earlier another process may still be putting it together, and what was acknowledged is not given up lightly.
        if Upload.objects.filter(pk=upload_id, touched_at__gt=timezone.now() - GIVE_UP).exists():
            log.exception("an upload is complete but could not be finished; it is tried again")
            return
        abandon(actor, upload_id, f"the evidence store no longer has what was received: {lost}"[:300])


def _make_whole(file: VaultFile, version: str) -> None:
    sizes = list(file.parts.values_list("bytes", "sealed_bytes"))
    file.version_id, file.state = version, VaultFile.State.WHOLE
    file.bytes, file.sealed_bytes = sum(size for size, _ in sizes), sum(size for _, size in sizes)
    file.save(update_fields=["version_id", "state", "bytes", "sealed_bytes"])


def _receive(actor: Actor, upload: Upload) -> None:
    assert upload.file is not None
    item = Item.objects.select_for_update().get(pk=upload.item_id)
    item.state, item.bytes, item.received_at = Item.State.RECEIVED, upload.file.bytes, timezone.now()
    item.save(update_fields=["state", "bytes", "received_at"])
    entry = record(
        actor, Event.UPLOAD_FINISHED, owner=item.agency_id, subjects=[*about(item), Subject("upload", upload.id)],
        fields={
            "name": item.name, "number": item.number, "bucket": upload.file.object.bucket,
            "object": upload.file.s3_key, "version": upload.file.version_id,
        },
        numbers={"bytes": item.bytes, "parts": upload.file.parts.count()}, bytes_received=item.bytes,
    )  # fmt: skip
    queue.enqueue("item.seal", str(item.id), {"item": str(item.id), "entry": str(entry.id)}, actor.to_json())
