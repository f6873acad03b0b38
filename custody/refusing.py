"""Refusals: the first is an entry at once, repeats within the minute are counted and folded into one entry."""

import logging
from collections.abc import Sequence
from datetime import timedelta
from hashlib import sha256
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from custody.actors import Actor, ActorKind
from custody.entries import Subject, clock, record
from custody.models import Opening, Repeat
from verifier import entry as form
from verifier.canonical import canonical_bytes
from verifier.events import Event

log = logging.getLogger("proofroom.custody")
WINDOW = timedelta(minutes=1)
_TRIES = 5


def record_refusal(actor: Actor, event: Event, *, owner: UUID | None, subjects: Sequence[Subject], reason: str) -> None:
    """Write a refusal, on the same connection after the rollback, in a transaction of its own.

    The first of an (actor or address, event, object) within the minute is an entry at once; repeats are counted in a
    row that the sweeper turns into one entry. Raises RuntimeError inside `atomic`: it would be rolled back with it.
    """
    key = _key(actor, event, subjects)
    for _ in range(_TRIES):
        if _counted(key):
            return
        try:
            with transaction.atomic(durable=True):
                first = record(
                    actor, event, owner=owner, subjects=subjects, fields={"reason": reason}, outcome="refused"
                )
                Repeat.objects.create(key=key, since=first.at, entry=first)
        except IntegrityError:
            # Another request was refused the same in this instant and is the first: count this one.
            continue
        return
    log.error("A refusal could not be counted", extra={"event": event.value})


def fold(repeat: Repeat) -> None:
    """Turn a count whose minute is over into one entry. Needs a transaction that holds the row."""
    if repeat.count:
        first = form.parse(bytes(repeat.entry.body))
        opened = dict(Opening.objects.filter(entry=repeat.entry).values_list("name", "value"))
        subjects = [Subject(one.kind, one.object_id) for one in repeat.entry.subjects.order_by("position")]
        record(
            _actor(first, opened),
            Event.REFUSALS_REPEATED,
            owner=first.owner,
            subjects=subjects,
            fields={"refused": first.event, "reason": opened.get("reason", "")},
            numbers={"count": repeat.count},
            outcome="refused",
            act=first.id,
        )
    repeat.delete()


def fold_due() -> int:
    """The sweep: fold every count whose minute is over. Returns how many rows it ended."""
    ended = 0
    for pk in Repeat.objects.filter(since__lt=timezone.now() - WINDOW).values_list("pk", flat=True)[:1000]:
        with transaction.atomic(durable=True):
            repeat = Repeat.objects.select_for_update(skip_locked=True, of=("self",)).filter(pk=pk).first()
            if repeat:
                fold(repeat)
                ended += 1
    return ended


def _counted(key: str) -> bool:
    """Count a repeat. False when this is the first of its minute; an older count is folded on the way."""
    with transaction.atomic(durable=True):
        repeat = Repeat.objects.select_for_update(of=("self",)).filter(key=key).first()
        if repeat is None:
            return False
        if clock() - repeat.since > WINDOW:
            fold(repeat)
            return False
        repeat.count += 1
        repeat.save(update_fields=["count"])
        return True


def _key(actor: Actor, event: Event, subjects: Sequence[Subject]) -> str:
    who = str(actor.id or actor.claimed or actor.peer)
    about = [[one.kind, str(one.id)] for one in subjects]
    return sha256(canonical_bytes([actor.kind.value, who, event.value, about])).hexdigest()


def _actor(first: form.Entry, opened: dict[str, str]) -> Actor:
    """Who was refused, as the first entry tells."""
    return Actor(
        kind=ActorKind(first.by.kind), id=first.by.id, name=opened.get("actor_name", ""),
        agency=first.by.agency, agency_name=opened.get("actor_agency", ""),
        peer=opened.get("peer", ""), claimed=opened.get("claimed", ""), user_agent=opened.get("user_agent", ""),
        method=first.auth.method, aal=first.auth.aal, session=first.auth.session,
        job=first.by.job, job_kind=first.by.job_kind,
    )  # fmt: skip
