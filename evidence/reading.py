"""Taking bytes out of the vault. A reading is opened, and its entry committed, before the first byte leaves."""

import hashlib
import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from uuid import UUID

from django.db import DatabaseError, transaction
from django.db.models import F
from django.utils import timezone
from uuid_utils.compat import uuid7

from accounts.errors import NotAllowed, NotVisible
from accounts.permissions import Permission
from custody.actors import Actor, ActorKind
from evidence import access
from evidence import reading_entries as told
from evidence.grounds import groundless
from evidence.live import Live, Register
from evidence.models import Grant, Item, Reading
from evidence.ranges import covers, merged
from evidence.reading_entries import LIST_MOST
from evidence.transfer_errors import DownloadLimitReached, NotReady, ReadingEnded
from vault import reading as vault
from vault.models import VaultFile

log = logging.getLogger("proofroom.readings")
Purpose = Reading.Purpose
Outcome = Reading.Outcome
DEMANDS = {
    Purpose.PLAY: Permission.ITEM_PLAY,
    Purpose.PREVIEW: Permission.ITEM_PLAY,
    Purpose.LIST: Permission.ITEM_PLAY,
    Purpose.DOWNLOAD: Permission.ITEM_DOWNLOAD,
}
LIST_REUSED = timedelta(minutes=10)
SPANS_KEPT = 500  # a player that seeks for hours; beyond it the smallest gaps are closed up


class Handle:
    """What lets bytes out: an open reading. Made by this module only."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading

    @property
    def id(self) -> UUID:
        """The reading's."""
        return self.reading.id

    @property
    def actor(self) -> Actor:
        """Who reads."""
        return told.actor_of(self.reading)

    def read(self, file: VaultFile, first: int = 0, last: int | None = None) -> Iterator[memoryview]:
        """Plain bytes first..last of a file, noted as sent once the next are asked for.

        Raises what vault.reading.read raises, and ReadingEnded within 2 s after the reading has lost its ground.
        """
        of_original = self.reading.purpose in (Purpose.PLAY, Purpose.DOWNLOAD)
        return self._noted(vault.read(file, first, last), first if of_original else None)

    def read_parts(self, file: VaultFile) -> Iterator[tuple[int, Iterator[memoryview]]]:
        """The whole file part by part, for sealing. Each part's bytes must be used before the next is asked for."""
        for number, chunks in vault.read_parts(file):
            yield number, self._noted(chunks, None)

    def _noted(self, chunks: Iterator[memoryview], first: int | None) -> Iterator[memoryview]:
        # A closed reading gets no stream: the row count says so even when it was closed a moment ago.
        if not Reading.objects.filter(pk=self.id, closed_at=None, ending="").update(streams=F("streams") + 1):
            raise ReadingEnded
        live = _register.enter(self.id)
        try:
            for chunk in chunks:
                if live.stopped:
                    raise ReadingEnded
                yield chunk
                live.sent(len(chunk), first)
                first = None if first is None else first + len(chunk)
        finally:
            _register.leave(live)
            _leave(live)


def open_reading(actor: Actor, item_ids: Sequence[UUID], purpose: Purpose) -> Handle:
    """Authorise a person to take bytes of items and commit row and opening entry; then give the handle.

    Raises NotVisible, NotAllowed (from evidence.access), NotReady, DownloadLimitReached.
    """
    with transaction.atomic(durable=True):
        items = [_readable(actor, item_id, DEMANDS[purpose]) for item_id in item_ids]
        grant = _grant(actor, items[0], purpose)
        if purpose == Purpose.DOWNLOAD and grant is not None:
            _count_download(grant)
        reading = _row(actor, items, purpose)
        reading.grant = grant.id if grant else None
        entry = told.opening(actor, items, reading)
        reading.opening_entry = entry.id
        reading.save(update_fields=["grant", "opening_entry"])
    return Handle(reading)


def demand(actor: Actor, item_id: UUID, purpose: Purpose) -> Item:
    """The item, if a person may take its bytes for this now. Raises as `open_reading`."""
    return _readable(actor, item_id, DEMANDS[purpose])


def open_list(actor: Actor, item_ids: Sequence[UUID]) -> Handle:
    """The reading of a grid's posters: the one of the last ten minutes while session and set are the same."""
    digest = _digest_of(item_ids)
    kept = Reading.objects.filter(
        person=actor.id, session=actor.session, purpose=Purpose.LIST, set_digest=digest, closed_at=None,
        opened_at__gt=timezone.now() - LIST_REUSED,
    ).exclude(pk__in=groundless()).order_by("-opened_at").first()  # fmt: skip
    return Handle(kept) if kept else open_reading(actor, item_ids, Purpose.LIST)


def resume(actor: Actor, reading_id: UUID, *purposes: Purpose) -> Handle:
    """The open reading that a URL names, checked against its person, session and ground. No entry.

    Raises NotVisible for somebody else's, ReadingEnded.
    """
    reading = Reading.objects.filter(
        pk=reading_id, person=actor.id, session=actor.session, purpose__in=purposes
    ).first()
    if reading is None or actor.id is None:
        raise _not_there(reading_id)
    if groundless().filter(pk=reading_id).exists() or not _within_reach(reading):
        raise ReadingEnded
    # Something is asked for under it: it is in use, though its player may have paused for a while.
    Reading.objects.filter(pk=reading_id).update(heartbeat_at=timezone.now())
    return Handle(reading)


def _not_there(reading_id: UUID) -> NotVisible:
    # Somebody else's reading is refused in the ledger of whose evidence it is; one that never was has no owner.
    return NotVisible(
        "reading", reading_id, Reading.objects.filter(pk=reading_id).values_list("items__agency", flat=True).first()
    )


@contextmanager
def job_reading(actor: Actor, item: Item, purpose: Purpose, opening_entry: UUID | None) -> Iterator[Handle]:
    """A machine's reading: its actor is the job, the job's own entries are its opening and closing.

    `opening_entry` is the entry that told of the job. Call `job_read(handle, entry)` in the transaction that writes
    the job's closing entry; a block that is left without it closes the reading as interrupted, with its own entry
    where bytes were taken.
    """
    with transaction.atomic(durable=True):
        reading = _row(actor, [item], purpose)
        reading.opening_entry = opening_entry
        reading.save(update_fields=["opening_entry"])
    try:
        yield Handle(reading)
    finally:
        close(reading.id, Outcome.INTERRUPTED, quiet_when_unread=True)


def job_read(handle: Handle, closing_entry: UUID, outcome: Outcome = Outcome.COMPLETE) -> None:
    """Close a machine's reading by the entry of its job. In the transaction of that entry."""
    Reading.objects.filter(pk=handle.id, closed_at=None).update(
        closed_at=timezone.now(), outcome=outcome, closing_entry=closing_entry
    )


def close(reading_id: UUID, outcome: Outcome, *, quiet_when_unread: bool = False) -> None:
    """Close a reading with bytes, ranges, duration and outcome in its closing entry. Once; again does nothing."""
    with transaction.atomic():
        reading = Reading.objects.select_for_update().get(pk=reading_id)
        if reading.closed_at:
            return
        reading.closed_at, reading.outcome = timezone.now(), outcome
        if reading.bytes or not quiet_when_unread:
            reading.closing_entry = told.closing(reading).id
        reading.save(update_fields=["closed_at", "outcome", "closing_entry"])
    _register.stop(reading_id)


def end(reading_id: UUID, outcome: Outcome) -> None:
    """Close a reading as soon as its last stream has written down what it sent; at once where there is none."""
    with transaction.atomic():
        reading = Reading.objects.select_for_update().get(pk=reading_id)
        if reading.closed_at is None and reading.streams:
            reading.ending = reading.ending or outcome
            reading.save(update_fields=["ending"])
        else:
            close(reading_id, outcome)
    _register.stop(reading_id)


def report(actor: Actor, reading_id: UUID, watched: Sequence[tuple[float, float]], *, ended: bool) -> None:
    """Keep what the player says was watched, in seconds; with `ended` close the reading. A closed one stays as it is."""
    with transaction.atomic():
        reading = Reading.objects.select_for_update().filter(
            pk=reading_id, person=actor.id, session=actor.session
        ).first()  # fmt: skip
        if reading is None:
            raise _not_there(reading_id)
        if reading.closed_at:
            return
        if watched:
            reading.reported = merged((int(first), int(last)) for first, last in watched)[:SPANS_KEPT]
        reading.heartbeat_at = timezone.now()
        reading.save(update_fields=["reported", "heartbeat_at"])
        if ended:
            end(reading_id, Outcome.COMPLETE if reading.purpose == Purpose.PREVIEW else Outcome.ENDED)


def finish_if_whole(handle: Handle, size: int) -> None:
    """Close a download once every byte of the file has been sent under it."""
    reading = Reading.objects.get(pk=handle.id)
    if reading.purpose == Purpose.DOWNLOAD and covers(reading.ranges, size):
        end(handle.id, Outcome.COMPLETE)


def _readable(actor: Actor, item_id: UUID, permission: Permission) -> Item:
    item = Item.objects.filter(pk=item_id).only("state").first()
    if item is not None and item.state == Item.State.QUARANTINED:
        permission = Permission.QUARANTINE_VIEW
    item = access.item_for(actor, item_id, permission)
    if item.state not in (Item.State.SEALED, Item.State.QUARANTINED):
        raise NotReady(number=item.number)
    return item


def _grant(actor: Actor, item: Item, purpose: Purpose) -> Grant | None:
    demanded = Permission.QUARANTINE_VIEW if item.state == Item.State.QUARANTINED else DEMANDS[purpose]
    return access.grant_for(actor, item, demanded)


def _count_download(grant: Grant) -> None:
    if grant.download_limit is None:
        return
    counted = Grant.objects.filter(pk=grant.pk, downloads__lt=F("download_limit")).update(downloads=F("downloads") + 1)
    if not counted:
        raise DownloadLimitReached(limit=grant.download_limit)


def _row(actor: Actor, items: Sequence[Item], purpose: Purpose) -> Reading:
    now = timezone.now()
    reading = Reading.objects.create(
        id=uuid7(), person_id=None if actor.kind == ActorKind.JOB else actor.id, actor=told.kept(actor),
        session=actor.session, purpose=purpose, opened_at=now, heartbeat_at=now,
        set_digest=_digest_of([item.id for item in items]) if purpose == Purpose.LIST else "",
    )  # fmt: skip
    reading.items.set(items)
    return reading


def _digest_of(item_ids: Sequence[UUID]) -> str:
    return hashlib.sha256(b"".join(sorted(item_id.bytes for item_id in item_ids))).hexdigest()


def _within_reach(reading: Reading) -> bool:
    """Whether the person may still take this item's bytes: a role, a filing, a flag or a quarantine may have changed.

    A list's small pictures are looked at one by one, when they are asked for.
    """
    if reading.person_id is None or reading.purpose not in DEMANDS or reading.purpose == Purpose.LIST:
        return True
    actor = told.actor_of(reading)
    try:
        for item_id in reading.items.values_list("pk", flat=True):
            demand(actor, item_id, Purpose(reading.purpose))
    except (NotVisible, NotAllowed, NotReady):
        return False
    return True


def _stop_these(readings: list[UUID]) -> set[UUID]:
    """Those of the readings whose streams must stop. Their last stream closes them, when it has said what it sent."""
    stopped = set(groundless().filter(pk__in=readings).values_list("pk", flat=True))
    for reading in Reading.objects.filter(pk__in=set(readings) - stopped):
        if not _within_reach(reading):
            stopped.add(reading.pk)
    Reading.objects.filter(pk__in=stopped, closed_at=None, ending="").update(ending=Outcome.REVOKED)
    return stopped


def _write(live: Live, *, left: int = 0) -> Reading:
    count, spans = taken = live.take()
    try:
        with transaction.atomic():
            reading = Reading.objects.select_for_update().get(pk=live.reading)
            reading.bytes += count
            reading.ranges = _bounded(merged([*reading.ranges, *spans]))
            reading.streams = max(0, reading.streams - left)
            reading.heartbeat_at = timezone.now()
            reading.save(update_fields=["bytes", "ranges", "streams", "heartbeat_at"])
    except BaseException:
        live.give_back(taken)
        raise
    return reading


def _leave(live: Live) -> None:
    try:
        reading = _write(live, left=1)
        if reading.ending and not reading.streams:
            close(reading.id, Outcome(reading.ending))
    except DatabaseError:
        # The sweeper closes the reading with what was written down last.
        log.exception("what a reading has sent could not be written")


def _bounded(spans: list[list[int]]) -> list[list[int]]:
    while len(spans) > SPANS_KEPT:
        gap = min(range(len(spans) - 1), key=lambda i: spans[i + 1][0] - spans[i][1])
        spans[gap : gap + 2] = [[spans[gap][0], spans[gap + 1][1]]]
    return spans


def _beat(live: Live) -> None:
    _write(live)


_register = Register(_stop_these, _beat)

__all__ = ["DEMANDS", "LIST_MOST", "Handle", "Outcome", "Purpose", "close", "demand", "end", "finish_if_whole", "job_read",
           "job_reading", "open_list", "open_reading", "report", "resume"]  # fmt: skip
