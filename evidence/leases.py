"""Who may write to an upload: a lease in time, and a fence that makes a late writer's commits fail.

A lease is short and renewed while bytes come, so that one whose connection died is waited for no longer than that. It
is a courtesy; the fence is what keeps two writers apart. A lock would pin a connection for hours.
"""

import math
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from custody.actors import Actor
from custody.recording import Subject, record
from evidence import credentials
from evidence.about import about
from evidence.credentials import Holder
from evidence.errors import CaseClosed
from evidence.models import Filing, Upload
from evidence.transfer_errors import (
    LeaseLost,
    LengthExceeded,
    LengthKnown,
    UploadBusy,
    UploadEnded,
    UploadTooLarge,
    WrongOffset,
)
from verifier import streams
from verifier.events import Event

LEASE = timedelta(seconds=10)
RENEW_SECONDS = 3.0


@dataclass(slots=True)
class Lease:
    """The right to write to an upload, as long as nobody has taken a higher fence."""

    holder: Holder
    upload: Upload
    fence: int

    @property
    def id(self) -> UUID:
        """The upload's."""
        return self.upload.id


def take(holder: Holder, *, claimed: int, announced: int | None, length: int | None) -> Lease:
    """Take the lease for bytes from `claimed` on; `announced` is how many will come, `length` a deferred length.

    Raises NotAllowed, UploadEnded, UploadBusy, WrongOffset, LengthKnown, LengthExceeded, UploadTooLarge, CaseClosed.
    """
    with transaction.atomic():
        upload = locked(holder.upload)
        credentials.demand_access(holder, upload)
        _demand_open(upload)
        _demand_fitting(upload, claimed, announced, length)
        _demand_open_case(upload)
        if _is_resumption(holder, upload):
            record_resumption(holder.actor, upload)
        upload.fence += 1
        upload.leased_until = timezone.now() + LEASE
        upload.ends_at = timezone.now() + timedelta(days=settings.UPLOAD_DAYS)
        upload.last_address, upload.last_credential = _address(holder.actor), holder.credential
        upload.save()
        credentials.renew(holder)
    return Lease(holder, upload, upload.fence)


def locked(upload_id: UUID) -> Upload:
    """The upload, locked until the transaction ends, with what is asked of it next."""
    return (
        Upload.objects.select_for_update(of=("self",))
        .select_related("item", "person__agency", "file__object")
        .get(pk=upload_id)
    )


def busy_for(upload: Upload) -> int:
    """Seconds for which another connection may still write to the upload; 0: nobody does."""
    left = (upload.leased_until - timezone.now()).total_seconds() if upload.leased_until else 0
    return max(0, math.ceil(left))


def renew(lease: Lease) -> None:
    """Keep the lease a while longer. Raises LeaseLost."""
    _update(lease, leased_until=timezone.now() + LEASE)


def commit(lease: Lease, **values: object) -> None:
    """Write to the upload under the fence and renew the lease. In the transaction of what it is about.

    Raises LeaseLost: then nothing of that transaction may stay. Raises NotAllowed when the person lost access.
    """
    now = timezone.now()
    _update(lease, leased_until=now + LEASE, last_byte_at=now, touched_at=now, **values)
    credentials.demand_access(lease.holder, lease.upload)


def give_back(lease: Lease) -> None:
    """Let the next writer in at once. Says nothing where the lease is somebody else's by now."""
    Upload.objects.filter(pk=lease.id, fence=lease.fence).update(leased_until=None)


def record_resumption(actor: Actor, upload: Upload) -> None:
    """Tell that somebody goes on with an upload from another place or with another credential."""
    record(
        actor, Event.UPLOAD_RESUMED, owner=upload.item.agency_id,
        subjects=[*about(upload.item), Subject("upload", upload.id)],
        fields={"name": upload.item.name, "number": upload.item.number}, numbers={"offset": upload.offset},
    )  # fmt: skip


def _update(lease: Lease, **values: object) -> None:
    mine = Upload.objects.filter(pk=lease.id, fence=lease.fence, state=Upload.State.OPEN)
    if not mine.update(**values):
        raise LeaseLost


def _demand_open(upload: Upload) -> None:
    now = timezone.now()
    if upload.state == Upload.State.OPENING:
        raise UploadBusy(2)
    if upload.state != Upload.State.OPEN or upload.ends_at < now:
        raise UploadEnded
    if seconds := busy_for(upload):
        raise UploadBusy(seconds)


def _demand_fitting(upload: Upload, claimed: int, announced: int | None, length: int | None) -> None:
    if claimed != upload.offset:
        raise WrongOffset(offset=upload.offset, claimed=claimed)
    if length is not None:
        _tell_length(upload, length)
    end = claimed + (announced or 0)
    if upload.length is not None and end > upload.length:
        raise LengthExceeded(length=upload.length, offset=end)
    if upload.length is None:
        demand_possible(upload, end)


def _demand_open_case(upload: Upload) -> None:
    # Nothing is added to a closed case. What is durable stays, and goes on when the case is reopened in time.
    closed = Filing.objects.filter(item=upload.item_id, ended_at=None, home=True, case__closed_at__isnull=False)
    if number := closed.values_list("case__number", flat=True).first():
        raise CaseClosed(number=number)


def _tell_length(upload: Upload, length: int) -> None:
    if upload.length is not None and upload.length != length:
        raise LengthKnown(length=upload.length)
    if length < upload.offset:
        raise LengthExceeded(length=length, offset=upload.offset)
    demand_possible(upload, length)
    upload.length = length


def demand_possible(upload: Upload, length: int) -> None:
    """Raises UploadTooLarge when a file of `length` bytes would need more parts than a file has."""
    assert upload.file is not None
    limit = streams.PARTS * streams.plain_part_bytes(upload.file.object.segments)
    if length > limit:
        raise UploadTooLarge(length=length, limit=limit)


def _is_resumption(holder: Holder, upload: Upload) -> bool:
    return (upload.last_address, upload.last_credential) != (_address(holder.actor), holder.credential)


def _address(actor: Actor) -> str:
    return (actor.claimed or actor.peer)[:64]
