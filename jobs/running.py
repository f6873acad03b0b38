"""Doing a job: take its lease, call its handler, write down how it ended. A second ring finds nothing to take."""

import logging
from datetime import timedelta
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from jobs.models import Job
from jobs.queue import LONGEST_REASON, Cancelled, GiveUp, Kind, Running, TryLater, kind_named

log = logging.getLogger("proofroom.jobs")
_LONGEST_WAIT = 300  # seconds between two attempts after errors
_UNEXPECTED = "Something unexpected went wrong; it is in the log. Ask for it again, or tell the operator."
_WORN_OUT = "The work was broken off {attempts} times. Ask for it again, or tell the operator."


def due() -> Q:
    """Jobs that somebody should take: waiting and due, or running under a lease that has run out."""
    now = timezone.now()
    return Q(state=Job.State.WAITING, not_before__lte=now) | Q(state=Job.State.RUNNING, leased_until__lt=now)


def run(job_id: UUID) -> bool:
    """Do the job if it is due and free. True when its handler was called, however that ended."""
    running, kind = _take(job_id)
    if running is None or kind is None:
        return False
    if running.attempt > kind.attempts:
        _fail(running, kind, _WORN_OUT.format(attempts=kind.attempts))
        return False
    try:
        kind.handler(running)
    except Cancelled:
        log.info("Job %s %s was cancelled", running.kind, running.id)
    except TryLater as later:
        _later(running, str(later), later.seconds, counted=False)
    except GiveUp as end:
        _fail(running, kind, str(end))
    except Exception:
        log.exception("Job %s %s failed at attempt %d", running.kind, running.id, running.attempt)
        _after_error(running, kind)
    else:
        _end(running, state=Job.State.DONE, progress=100, reason="", ended_at=timezone.now())
    return True


def run_due() -> int:
    """Run what is due, in this process, until nothing is. Returns how many handlers were called. For tests."""
    count = 0
    while (job := Job.objects.filter(due()).order_by("not_before", "id").first()) is not None:
        count += run(job.id)
    return count


def _take(job_id: UUID) -> tuple[Running | None, Kind | None]:
    job = Job.objects.filter(id=job_id).first()
    if job is None:
        return None, None
    kind, lease, now = kind_named(job.kind), uuid4(), timezone.now()
    # One conditional UPDATE: of several who were rung, PostgreSQL lets one through.
    taken = Job.objects.filter(due(), id=job_id).update(
        state=Job.State.RUNNING, lease=lease, leased_until=now + timedelta(seconds=kind.lease_seconds),
        attempts=F("attempts") + 1, started_at=Coalesce("started_at", now), progress=0,
    )  # fmt: skip
    if not taken:
        return None, None
    job.refresh_from_db()
    return Running(job.id, job.kind, job.ids, job.actor, job.attempts, lease, kind.lease_seconds), kind


def _after_error(running: Running, kind: Kind) -> None:
    if running.attempt >= kind.attempts:
        _fail(running, kind, _UNEXPECTED)
    else:
        wait = min(_LONGEST_WAIT, 2**running.attempt)
        _later(running, "Something went wrong; it is tried again.", wait, counted=True)


def _later(running: Running, reason: str, seconds: int, *, counted: bool) -> None:
    again = timezone.now() + timedelta(seconds=seconds)
    attempts = running.attempt if counted else running.attempt - 1
    _end(running, state=Job.State.WAITING, not_before=again, reason=reason[:LONGEST_REASON], attempts=attempts)


def _fail(running: Running, kind: Kind, reason: str) -> None:
    with transaction.atomic():
        ours = _end(running, state=Job.State.FAILED, reason=reason[:LONGEST_REASON], ended_at=timezone.now())
        if ours and kind.failed:
            kind.failed(running, reason[:LONGEST_REASON])


def _end(running: Running, **changed: object) -> bool:
    """Give the lease back with the outcome. False when it is no longer ours: then the outcome is another's to tell."""
    ours = Job.objects.filter(id=running.id, lease=running.lease, state=Job.State.RUNNING)
    kept = ours.update(lease=None, leased_until=None, **changed)
    if not kept:
        log.warning("Job %s %s ended after its lease had gone", running.kind, running.id)
    return bool(kept)
