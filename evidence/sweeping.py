"""What crashes and lost connections leave, put right again. Each may run twice at once and be broken off anywhere."""

import logging
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts import notices
from accounts.actors import actor_of
from accounts.permissions import Permission
from custody.actors import SYSTEM
from evidence import credentials, finishing, reading
from evidence.models import Item, Reading, Upload
from jobs import queue
from jobs.models import Job
from store.errors import StoreError, Unavailable
from vault.models import VaultFile

log = logging.getLogger("proofroom.sweeps")
State, Purpose = Upload.State, Reading.Purpose
OPENING_FOR = timedelta(minutes=2)  # longer than the store's own patience with one request
COMPLETING_FOR = timedelta(seconds=20)
BATCH = 50
HEARTBEAT = timedelta(seconds=60)  # a stream writes one every five seconds
IDLE = {
    Purpose.PLAY: timedelta(minutes=30),  # a paused player; the session of its page would be over by then
    Purpose.DOWNLOAD: timedelta(minutes=10),  # a browser that resumes
    Purpose.PREVIEW: timedelta(minutes=10),
    Purpose.LIST: timedelta(minutes=10),
}


def finish_uploads() -> int:
    """Finish uploads whose last byte is durable, and end those that a crash left before their client was told."""
    count, now = 0, timezone.now()
    waiting = Upload.objects.filter(state=State.COMPLETING, touched_at__lt=now - COMPLETING_FOR)
    for upload in waiting.select_related("person__agency")[:BATCH]:
        try:
            finishing.finish_after_trouble(actor_of(upload.person), upload.id)
        except Unavailable:
            log.warning("upload %s waits for the store", upload.id)
            break
        except StoreError:
            log.exception("upload %s is complete, and the store refuses to finish it", upload.id)
            continue
        count += 1
    unborn = Upload.objects.filter(state=State.OPENING, created_at__lt=now - OPENING_FOR)
    for upload_id in unborn.values_list("pk", flat=True)[:BATCH]:
        finishing.abandon(SYSTEM, upload_id, "the server was interrupted before it could begin")
        count += 1
    return count


def end_expired_uploads() -> int:
    """Give up uploads that nobody went on with in time. Looked at under the row's lock: one may just have gone on."""
    count = 0
    expired = Upload.objects.filter(state=State.OPEN, ends_at__lt=timezone.now())
    for upload_id in expired.values_list("pk", flat=True)[:BATCH]:
        with transaction.atomic():
            still = Upload.objects.select_for_update().filter(
                Q(leased_until=None) | Q(leased_until__lt=timezone.now()),
                pk=upload_id, state=State.OPEN, ends_at__lt=timezone.now(),
            ).exists()  # fmt: skip
            if still:
                finishing.mark_abandoned(SYSTEM, upload_id, "nobody went on with it in time")
                count += 1
    credentials.forget_old()
    return count


def free_abandoned() -> int:
    """Delete from the store what uploads that were given up have left there."""
    count = 0
    left = Upload.objects.filter(state=State.ABANDONED, file__isnull=False).exclude(file__state=VaultFile.State.GONE)
    for upload in left.select_related("file__object")[:BATCH]:
        try:
            finishing.free(upload)
        except StoreError:
            break
        count += 1
    return count


def close_left_readings() -> int:
    """Close readings whose process died, and those that nobody asks for any more, with what is known to have left."""
    now, count = timezone.now(), 0
    dead = Q(heartbeat_at__lt=now - HEARTBEAT) & (Q(streams__gt=0) | ~Q(ending="") | Q(person=None))
    idle = Q()
    for purpose, patience in IDLE.items():
        idle |= Q(purpose=purpose, heartbeat_at__lt=now - patience)
    for left in Reading.objects.filter(dead | idle, closed_at=None)[:BATCH]:
        reading.close(left.id, _outcome(left))
        count += 1
    return count


def ask_for_unsealed() -> int:
    """Ask again to seal what came in and whose job has failed; nothing that came in stays unsealed unnoticed."""
    count = 0
    old = timezone.now() - timedelta(minutes=15)
    for item_id in Item.objects.filter(state=Item.State.RECEIVED, received_at__lt=old).values_list("pk", flat=True)[
        :BATCH
    ]:
        with transaction.atomic():
            if Job.objects.filter(kind="item.seal", key=str(item_id), state=Job.State.FAILED).exists():
                queue.ask_again("item.seal", str(item_id))
                count += 1
    return count


def tell_unsealed(item_id: UUID, reason: str) -> None:
    """Tell the custodians that an item could not be sealed. In the transaction that ends the job."""
    item = Item.objects.get(pk=item_id)
    notices.tell_holders(
        item.agency_id, Permission.QUARANTINE_END, "item.unsealed", f"{item.number} could not be sealed: {reason}"
    )


def _outcome(left: Reading) -> Reading.Outcome:
    if left.ending:
        return Reading.Outcome(left.ending)
    if left.purpose in (Purpose.PREVIEW, Purpose.LIST) and left.bytes and not left.streams:
        return Reading.Outcome.COMPLETE
    return Reading.Outcome.INTERRUPTED
