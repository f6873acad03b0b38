"""Evidence comes in: an upload is started, appended to, told its source's hash, and ended or finished.

The order of writes and what a crash leaves after each is told in docs/intake.md.
"""

import contextlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone
from uuid_utils.compat import uuid7

from accounts import notices
from accounts.errors import NotAllowed, NotVisible
from accounts.models import Person
from accounts.permissions import Permission
from custody.actors import Actor
from custody.recording import Subject, record
from evidence import credentials, filing, finishing, leases, naming, receiving, transfers
from evidence.about import about
from evidence.bodies import Body, Held, Quiet
from evidence.credentials import Holder
from evidence.models import Item, Upload
from evidence.transfer_errors import (
    ChecksumFailed,
    ChecksummedChunkTooLarge,
    LengthExceeded,
    UploadEnded,
    UploadTooLarge,
)
from evidence.tus import Checksum
from jobs import queue
from store.errors import StoreError
from vault import writing as vault
from vault.buffers import pool
from verifier import streams
from verifier.events import Event

State = Upload.State
LONGEST = 10_000_000_000_000  # bytes; S3 takes more in one object, and no field device makes as much


@dataclass(frozen=True, slots=True)
class Announced:
    """What a client says of a file before it sends it. `raw` is Upload-Metadata as it came, values in base64."""

    name: bytes
    length: int | None
    case: str = ""
    path: bytes = b""
    modified: datetime | None = None
    source_hash: bool = False
    raw: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Chunk:
    """What one request brings: bytes from `offset` on, perhaps the length that was put off, perhaps a checksum."""

    offset: int
    body: Body
    length: int | None = None
    checksum: Checksum | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """What the source says of the file that it sent."""

    sha256: str
    bytes: int | None = None
    path: str = ""
    modified: datetime | None = None


def start(actor: Actor, announced: Announced) -> tuple[Upload, str]:
    """Open an upload and its item. Returns the upload, and the secret of its credential.

    When it returns the key object is durable and bytes may come. Raises NoSuchCase, CaseClosed, NotAllowed,
    UploadTooLarge, and StoreError after ending what it began.
    """
    segments = streams.segments_for(announced.length)
    upload, secret = _write_rows(actor, announced)
    try:
        # Before this a crash leaves the rows of an upload that nobody was told of: the sweeper ends it.
        obj = vault.create_object(upload.item_id, upload.item.agency.key_name, segments=segments)
        upload.file = vault.begin_data(obj)
    except StoreError:
        finishing.abandon(actor, upload.id, "the evidence store did not answer")
        raise
    with transaction.atomic():
        Item.objects.filter(pk=upload.item_id).update(object=obj)
        upload.state = State.OPEN
        upload.save(update_fields=["file", "state"])
    if announced.length == 0:
        _receive_nothing(actor, upload)
    return upload, secret


def append(holder: Holder, chunk: Chunk) -> Upload:
    """Take the bytes of one request. Returns the upload as it stands then; its offset is durable.

    Raises what leases.take, receiving.Receiver and transfers.place raise, and ChecksumFailed.
    """
    upload = of_holder(holder)
    if (
        upload.state in (State.COMPLETING, State.FINISHED)
        and chunk.offset == upload.length
        and not chunk.body.announced
    ):
        return upload
    connection.close()  # waiting for memory holds none
    with transfers.place(), receiving.memory_for(upload, chunk.body.announced) as buffers:
        body = _checked(chunk, upload) if chunk.checksum else chunk.body
        lease = leases.take(holder, claimed=chunk.offset, announced=body.announced, length=chunk.length)
        try:
            receiving.Receiver(lease, body, buffers).run()
        finally:
            leases.give_back(lease)
    finishing.finish_or_leave(holder.actor, upload.id)
    upload.refresh_from_db()
    return upload


def of_holder(holder: Holder) -> Upload:
    """The upload that a credential is for."""
    return Upload.objects.select_related("item", "person__agency", "file__object").get(pk=holder.upload)


def look(holder: Holder) -> Upload:
    """The upload as it stands, for one who may go on with it. Raises NotAllowed, UploadEnded."""
    upload = of_holder(holder)
    credentials.demand_access(holder, upload)
    if upload.state == State.ABANDONED or (upload.state == State.OPEN and upload.ends_at < timezone.now()):
        raise UploadEnded
    return upload


def end(holder: Holder) -> None:
    """Give an unfinished upload up (tus termination). Raises UploadEnded, NotAllowed."""
    upload = of_holder(holder)
    credentials.demand_access(holder, upload)
    if upload.state not in (State.OPENING, State.OPEN):
        raise UploadEnded
    finishing.abandon(holder.actor, upload.id, "ended by the person who sent it")


def tell_source(holder: Holder, source: Source) -> Upload:
    """Keep what the source says of its file. Before the seal, sealing compares it; later it is compared here.

    A late one gets its own entry and never changes what was sealed. Said again it changes nothing.
    """
    with transaction.atomic():
        upload = leases.locked(holder.upload)
        credentials.demand_access(holder, upload)
        if upload.source_sha256:
            return upload
        if upload.state == State.ABANDONED:
            raise UploadEnded
        item = Item.objects.select_for_update().get(pk=upload.item_id)
        upload.source_sha256, upload.source_bytes = source.sha256, source.bytes
        upload.source_path, upload.source_modified = naming.safe_path(source.path), source.modified
        upload.save()
        if item.state in (Item.State.RECEIVING, Item.State.RECEIVED):
            _record_source(holder.actor, Event.SOURCE_HASH_GIVEN, upload, outcome="success")
            if item.state == Item.State.RECEIVED:
                queue.ask_again("item.seal", str(item.id))  # it may be waiting for exactly this
        else:
            _compare_late(holder.actor, upload, item)
    return upload


def unfinished(actor: Actor) -> list[tuple[Upload, str]]:
    """The person's own unfinished uploads, newest first, each with a fresh credential."""
    found = _own(actor).filter(state__in=[State.OPEN, State.COMPLETING], ends_at__gt=timezone.now())
    return [(upload, credentials.issue(upload, actor)) for upload in found.order_by("-created_at")[:200]]


def own(actor: Actor, upload_id: UUID) -> Upload:
    """One of the person's own uploads, in whatever state. Raises NotVisible."""
    upload = _own(actor).filter(pk=upload_id).first()
    if upload is None:
        owner = Upload.objects.filter(pk=upload_id).values_list("item__agency", flat=True).first()
        raise NotVisible("upload", upload_id, owner)
    return upload


def _own(actor: Actor) -> "QuerySet[Upload]":
    return Upload.objects.filter(person=actor.id).select_related("item__agency", "file__object")


def _write_rows(actor: Actor, announced: Announced) -> tuple[Upload, str]:
    if announced.length is not None and announced.length > LONGEST:
        raise UploadTooLarge(length=announced.length, limit=LONGEST)
    if actor.id is None:
        raise NotAllowed
    person = Person.objects.get(pk=actor.id)
    case = filing.case_named(actor, announced.case) if announced.case else None
    name = naming.safe(naming.decoded(announced.name))
    with transaction.atomic():
        item = filing.new_item(actor, person, name, case)
        upload = Upload.objects.create(
            id=uuid7(), item=item, person=person, length=announced.length, metadata=announced.raw,
            source_expected=announced.source_hash, source_path=naming.safe_path(naming.decoded(announced.path)),
            source_modified=announced.modified, ends_at=timezone.now() + timedelta(days=settings.UPLOAD_DAYS),
        )  # fmt: skip
        secret = credentials.issue(upload, actor)
        upload.last_address = (actor.claimed or actor.peer)[:64]
        upload.last_credential = upload.credentials.values_list("digest", flat=True).get()
        upload.save(update_fields=["last_address", "last_credential"])
        record(
            actor, Event.UPLOAD_STARTED, owner=item.agency_id, subjects=[*about(item), Subject("upload", upload.id)],
            fields=_fields(upload, case.number if case else ""),
            numbers={} if announced.length is None else {"bytes": announced.length},
        )  # fmt: skip
    return upload, secret


def _fields(upload: Upload, case_number: str) -> dict[str, str]:
    fields = {"name": upload.item.name, "number": upload.item.number}
    if case_number:
        fields["case_number"] = case_number
    if upload.source_path:
        fields["path"] = upload.source_path
    return fields


def _receive_nothing(actor: Actor, upload: Upload) -> None:
    """An empty file is one part with an empty stream."""
    holder = Holder(actor, upload.id, upload.last_credential)
    lease = leases.take(holder, claimed=0, announced=0, length=None)
    with pool().reserve(streams.sealed_bytes(0)):
        receiving.Receiver(lease, Held(b""), 1).run()
    finishing.finish_or_leave(actor, upload.id)
    upload.refresh_from_db()


def _checked(chunk: Chunk, upload: Upload) -> Body:
    """The whole chunk in memory, once its checksum is right: it is kept whole or not at all."""
    assert upload.file is not None
    assert chunk.checksum is not None
    limit = streams.plain_part_bytes(upload.file.object.segments)
    if chunk.body.announced is None or chunk.body.announced > limit:
        raise ChecksummedChunkTooLarge(limit=limit)
    if upload.length is not None and chunk.offset + chunk.body.announced > upload.length:
        raise LengthExceeded(length=upload.length, offset=chunk.offset + chunk.body.announced)
    data, filled = bytearray(chunk.body.announced), 0
    while filled < len(data):
        with contextlib.suppress(Quiet):
            if (count := chunk.body.into(memoryview(data)[filled:])) == 0:
                break
            filled += count
    if filled < len(data) or not chunk.checksum.fits(data):
        raise ChecksumFailed
    return Held(data)


def _compare_late(actor: Actor, upload: Upload, item: Item) -> None:
    same = upload.source_sha256 == item.sha256 and upload.source_bytes in (None, item.bytes)
    _record_source(actor, Event.SOURCE_HASH_LATE, upload, outcome="success" if same else "failed")
    if not same:
        notices.tell_holders(
            item.agency_id, Permission.QUARANTINE_END, "source-hash.late",
            f"The source of {item.number} told a hash after it was sealed, and it is another than that of the file.",
        )  # fmt: skip


def _record_source(actor: Actor, event: Event, upload: Upload, *, outcome: str) -> None:
    item = upload.item
    record(
        actor, event, owner=item.agency_id, subjects=[*about(item), Subject("upload", upload.id)], outcome=outcome,
        fields={"name": item.name, "number": item.number, "source_sha256": upload.source_sha256},
        numbers={} if upload.source_bytes is None else {"bytes": upload.source_bytes},
    )  # fmt: skip
