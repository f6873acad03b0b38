"""Writing one custody entry, in the transaction of the effect that it tells."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from custody.actors import Actor
from custody.models import Entry
from verifier.events import Event


@dataclass(frozen=True, slots=True)
class Subject:
    """What an entry is about: `kind` is item, case, person, agency, upload, reading, share, token, ledger."""

    kind: str
    id: UUID


def record(
    actor: Actor,
    event: Event,
    *,
    owner: UUID | None,
    subjects: Sequence[Subject],
    fields: Mapping[str, str] | None = None,
    numbers: Mapping[str, int] | None = None,
    outcome: str = "success",
    act: UUID | None = None,
    duration_ms: int | None = None,
    bytes_sent: int | None = None,
    bytes_received: int | None = None,
) -> Entry:
    """Write one entry. Raises NeedsTransaction outside `atomic`.

    `owner` is the agency that owns what is touched. `fields` are texts, each committed as a digest with an opening on
    the object side; the actor's name, addresses and user agent are added on the actor side. `numbers` are plain
    integers that stand open. `outcome` is success, refused or failed.
    """
    raise NotImplementedError


def record_refusal(actor: Actor, event: Event, *, owner: UUID | None, subjects: Sequence[Subject], reason: str) -> None:
    """Write a refusal, on the same connection after the rollback, in a transaction of its own.

    The first of an (actor or address, event, object) within the minute is an entry at once; repeats are counted.
    """
    raise NotImplementedError
