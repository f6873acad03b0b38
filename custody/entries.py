"""Composing one custody entry and putting its rows into the database. Called through `custody/recording.py`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection
from uuid_utils.compat import uuid7

from custody import models
from custody.actors import Actor
from custody.errors import NeedsTransaction
from verifier import entry as form
from verifier.events import Event

_LONGEST_HEADER = 1000  # of what a stranger sends and we keep: a user agent, a forwarded address


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
) -> models.Entry:
    """Write one entry. Raises NeedsTransaction outside `atomic`, EntryTooLarge beyond 256 subjects or 32 KiB.

    `owner` is the agency that owns what is touched. `fields` are texts, each committed as a digest with an opening on
    the object side; the actor's name, addresses and user agent are added on the actor side. `numbers` are plain
    integers that stand open. `outcome` is success, refused or failed. A subject that is named twice counts once.
    """
    if not connection.in_atomic_block:
        raise NeedsTransaction(event=event)
    about = tuple(dict.fromkeys(subjects))
    told = form.Entry(
        id=uuid7(),
        at=clock(),
        event=Event(event).value,
        by=form.By(actor.kind.value, actor.id, actor.agency, actor.job, actor.job_kind),
        owner=owner,
        outcome=outcome,
        act=act,
        auth=form.Auth(actor.method, actor.aal, actor.session),
        sent=bytes_sent,
        received=bytes_received,
        duration_ms=duration_ms,
        numbers=dict(numbers or {}),
        subjects=tuple(form.Subject(one.kind, one.id) for one in about),
    )
    body, openings = form.compose(told, object_fields=fields or {}, actor_fields=_named(actor))
    return _store(told, about, body, openings)


def clock() -> datetime:
    """The database's clock, which runs on during a transaction (CJIS AU-8: UTC, here in microseconds)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        (now,) = cursor.fetchone()
    found: datetime = now
    return found


def _named(actor: Actor) -> dict[str, str]:
    """The actor's side: what names and places the actor, and only what is known."""
    known = {
        "actor_name": actor.name,
        "actor_agency": actor.agency_name,
        "peer": actor.peer,
        "claimed": actor.claimed[:_LONGEST_HEADER],
        "user_agent": actor.user_agent[:_LONGEST_HEADER],
    }
    return {name: value for name, value in known.items() if value}


def _store(told: form.Entry, about: Sequence[Subject], body: bytes, openings: Sequence[form.Opening]) -> models.Entry:
    # Three statements whatever the entry holds: the foreign keys are checked at commit.
    kept = models.Entry(
        id=told.id, body=body, at=told.at, event=told.event, outcome=told.outcome, act=told.act,
        owner_agency=told.owner, actor_agency=told.by.agency, actor_kind=told.by.kind, actor_id=told.by.id,
    )  # fmt: skip
    models.Entry.objects.bulk_create([kept])
    models.Subject.objects.bulk_create(
        models.Subject(entry=kept, position=position, kind=one.kind, object_id=one.id, at=told.at)
        for position, one in enumerate(about)
    )
    models.Opening.objects.bulk_create(
        models.Opening(entry=kept, name=one.name, side=one.side, salt=one.salt, value=one.value) for one in openings
    )
    return kept
