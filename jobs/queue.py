"""Asking for work: a row in the caller's transaction, and the doorbell after it commits."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from jobs.models import Job


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

    def progress(self, percent: int) -> None:
        """Say how far it is and renew the lease. Raises Cancelled when it is no longer ours."""
        raise NotImplementedError


Handler = Callable[[Running], None]


def kind(name: str, *, queue: str = "default", attempts: int = 8, lease_seconds: int = 60) -> Callable[[Handler], Handler]:
    """Register the handler of a kind of job. Called from an app's `ready()` by importing the module that has it."""
    raise NotImplementedError


def enqueue(kind: str, key: str, ids: dict[str, str], actor: dict[str, object], *, not_before: datetime | None = None) -> Job:
    """Write the job (once for each kind and key; asking again rings again) and ring on commit. Needs a transaction."""
    raise NotImplementedError


def ask_again(kind: str, key: str) -> Job:
    """Set an ended job back to waiting (retry). Needs a transaction."""
    raise NotImplementedError


def cancel(kind: str, key: str) -> None:
    """End a waiting or running job; a running handler learns it at its next `progress`. Needs a transaction."""
    raise NotImplementedError
