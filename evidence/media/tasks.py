"""The job that looks at an item once it is sealed."""

from uuid import UUID

from custody.actors import Actor
from evidence.media import making
from evidence.media.errors import NotSealed, SandboxUnavailable
from jobs.queue import GiveUp, Running, TryLater, kind
from store.errors import StoreError, Unavailable
from vault.errors import Erased, VaultError

HALF_WAY = 50  # per cent; one look has no better measure


def _of(job: Running) -> tuple[Actor, UUID]:
    return Actor.from_json(job.actor).as_job(job.id, job.kind), UUID(job.ids["item"])


def _failed(job: Running, reason: str) -> None:
    making.failed(*_of(job), reason)


@kind("media.make", queue="media", attempts=4, lease_seconds=120, failed=_failed)
def make(job: Running) -> None:
    """Look at the item that `ids` names."""
    try:
        making.make(*_of(job), lambda: job.progress(HALF_WAY))
    except Unavailable as error:
        raise TryLater(str(error)) from error
    except (NotSealed, SandboxUnavailable, VaultError, StoreError, Erased) as error:
        raise GiveUp(str(error)) from error
