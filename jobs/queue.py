"""Asking for work: a row in the caller's transaction, and the doorbell after it commits."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone
from uuid_utils.compat import uuid7

from jobs import bell
from jobs.errors import JobOutsideTransaction, NoSuchJob, UnknownKind
from jobs.models import Job

LIVE = (Job.State.WAITING, Job.State.RUNNING)
LONGEST_REASON = 400


class GiveUp(Exception):
    """The job can't succeed. The message is shown to people as the reason."""


class TryLater(Exception):
    """Something is away. The job waits `seconds` and is tried again; the message is shown meanwhile."""

    def __init__(self, reason: str, seconds: int = 5) -> None:
        self.seconds = seconds
        super().__init__(reason)


class Cancelled(Exception):
    """Somebody cancelled the job while it ran, or its lease went to another worker."""


@dataclass
class Running:
    """A job that this process holds the lease of."""

    id: UUID
    kind: str
    ids: dict[str, str]
    actor: dict[str, object]
    attempt: int
    lease: UUID | None = None
    lease_seconds: int = 60

    def progress(self, percent: int) -> None:
        """Say how far it is and renew the lease. Raises Cancelled when it is no longer ours."""
        until = timezone.now() + timedelta(seconds=self.lease_seconds)
        ours = Job.objects.filter(id=self.id, lease=self.lease, state=Job.State.RUNNING)
        if not ours.update(progress=max(0, min(100, percent)), leased_until=until):
            raise Cancelled


Handler = Callable[[Running], None]
Failed = Callable[[Running, str], None]


@dataclass(frozen=True, slots=True)
class Kind:
    """How a kind of job is done. `failed` is told, in the transaction that ends the job, that it ended badly."""

    name: str
    handler: Handler
    queue: str
    attempts: int
    lease_seconds: int
    failed: Failed | None


_KINDS: dict[str, Kind] = {}


def kind(
    name: str, *, queue: str = "default", attempts: int = 8, lease_seconds: int = 60, failed: Failed | None = None
) -> Callable[[Handler], Handler]:
    """Register the handler of a kind of job. Called from an app's `ready()` by importing the module that has it.

    `attempts` counts crashes and unexpected errors; waiting for something that is away (TryLater) costs none.
    `failed(job, reason)` runs in the transaction that marks the job failed: what the job is about can say so too.
    """

    def register(handler: Handler) -> Handler:
        _KINDS[name] = Kind(name, handler, queue, attempts, lease_seconds, failed)
        return handler

    return register


def kind_named(name: str) -> Kind:
    """The registered kind. Raises UnknownKind."""
    try:
        return _KINDS[name]
    except KeyError:
        raise UnknownKind(kind=name) from None


def enqueue(
    kind: str, key: str, ids: dict[str, str], actor: dict[str, object], *, not_before: datetime | None = None
) -> Job:
    """Write the job (once for each kind and key; asking again rings again) and ring on commit. Needs a transaction.

    A job that has ended stays ended: `ask_again` sets it back.
    """
    _in_transaction(kind)
    asked = Job(
        id=uuid7(), kind=kind, key=key, queue=kind_named(kind).queue, ids=ids, actor=actor,
        not_before=not_before or timezone.now(),
    )  # fmt: skip
    Job.objects.bulk_create([asked], ignore_conflicts=True)
    job = Job.objects.get(kind=kind, key=key)
    if job.state == Job.State.WAITING and job.not_before <= timezone.now():
        _ring(job)
    return job


def ask_again(kind: str, key: str) -> Job:
    """Set an ended job back to waiting (retry). Raises NoSuchJob. Needs a transaction.

    One that runs goes on; one that waits is due at once.
    """
    _in_transaction(kind)
    job = Job.objects.select_for_update().filter(kind=kind, key=key).first()
    if job is None:
        raise NoSuchJob
    if job.state != Job.State.RUNNING:
        job.state, job.attempts, job.progress, job.reason = Job.State.WAITING, 0, 0, ""
        job.not_before, job.started_at, job.ended_at = timezone.now(), None, None
        job.save()
        _ring(job)
    return job


def cancel(kind: str, key: str) -> None:
    """End a waiting or running job; a running handler learns it at its next `progress`. Needs a transaction."""
    _in_transaction(kind)
    Job.objects.filter(kind=kind, key=key, state__in=LIVE).update(
        state=Job.State.CANCELLED, lease=None, leased_until=None, ended_at=timezone.now()
    )


def _in_transaction(kind: str) -> None:
    if not connection.in_atomic_block:
        raise JobOutsideTransaction(kind=kind)


def _ring(job: Job) -> None:
    transaction.on_commit(partial(bell.ring, job.id, job.queue), robust=True)
