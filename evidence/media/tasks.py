"""The job that looks at an item once it is sealed."""

from uuid import UUID

from custody.actors import Actor
from evidence.media import making
from evidence.media.errors import NotSealed, SandboxUnavailable
from jobs.queue import Cancelled, GiveUp, Running, TryLater, kind
from store.errors import StoreError, Unavailable
from vault.errors import Erased, VaultError

ATTEMPTS = 6
BROKE = "The item could not be prepared for viewing because of a fault of the service. The operator can try again."


@kind("media.make", queue="media", attempts=ATTEMPTS, lease_seconds=120)
def make(job: Running) -> None:
    """Look at the item that `ids` names."""
    actor, item_id = Actor.from_json(job.actor).as_job(job.id, job.kind), UUID(job.ids["item"])
    try:
        making.make(actor, item_id, lambda: job.progress(50))
    except NotSealed as error:
        raise GiveUp(str(error)) from error
    except Unavailable as error:
        _away(job, actor, item_id, error)
    except (SandboxUnavailable, VaultError, StoreError, Erased) as error:
        making.failed(actor, item_id, str(error))
        raise GiveUp(str(error)) from error
    except Cancelled:
        raise
    except Exception:
        if job.attempt >= ATTEMPTS:
            making.failed(actor, item_id, BROKE)  # nothing stays `running` for ever
        raise


def _away(job: Running, actor: Actor, item_id: UUID, error: Unavailable) -> None:
    if job.attempt >= ATTEMPTS:
        making.failed(actor, item_id, str(error))
        raise GiveUp(str(error)) from error
    raise TryLater(str(error), seconds=5 * job.attempt) from error
