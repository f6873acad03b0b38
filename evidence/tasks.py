"""The jobs of this floor, and what the steward does again and again."""

from uuid import UUID

from custody.actors import Actor
from evidence import sealing, sweeping
from jobs.queue import Running, TryLater, kind
from jobs.sweeping import every
from store.errors import Unavailable


def _failed(job: Running, reason: str) -> None:
    sweeping.tell_unsealed(UUID(job.ids["item"]), reason)


@kind("item.seal", queue="seal", attempts=20, lease_seconds=45, failed=_failed)
def seal(job: Running) -> None:
    """Seal the item that `ids` names."""
    actor = Actor.from_json(job.actor).as_job(job.id, job.kind)
    opening = UUID(job.ids["entry"]) if job.ids.get("entry") else None
    try:
        sealing.seal(actor, UUID(job.ids["item"]), opening, job.progress)
    except sealing.SourceAwaited as awaited:
        raise TryLater(str(awaited), awaited.seconds) from awaited
    except Unavailable as away:
        raise TryLater(str(away)) from away


every(5)(sweeping.finish_uploads)
every(60)(sweeping.end_expired_uploads)
every(60)(sweeping.free_abandoned)
every(15)(sweeping.close_left_readings)
every(300)(sweeping.ask_for_unsealed)
