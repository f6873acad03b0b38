"""Writing down that somebody was refused: an entry, or only a count where nothing and nobody is known."""

import logging
from collections.abc import Mapping
from uuid import UUID

from django.db import connection
from django.utils import timezone

from accounts.errors import NotAllowed, NotVisible
from accounts.rules import NoEvent, Rule
from custody import recording
from custody.actors import Actor, ActorKind
from custody.recording import Subject
from verifier.errors import ProofroomError
from verifier.events import Event

log = logging.getLogger("proofroom.refusals")
_NAMED = ("upload", "item", "case")


def tally(name: str) -> None:
    """Count what has no entry: an unknown name at the sign-in, an id that does not exist."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO accounts_tally (name, day, count) VALUES (%s, %s, 1)"
            " ON CONFLICT (name, day) DO UPDATE SET count = accounts_tally.count + 1",
            [name, timezone.now().date()],
        )


def write(actor: Actor, rule: Rule | None, error: NotVisible | NotAllowed) -> None:
    """Write a refusal. The transaction of the refused act has been rolled back by now."""
    if actor.kind is ActorKind.ANONYMOUS:
        return
    if error.kind and error.owner is None:
        tally("no-such-object")
        log.info("%s asked for a %s that does not exist: %s", actor.id, error.kind, error.object_id)
        return
    event = Event.ACCESS_REFUSED if rule is None or isinstance(rule.event, NoEvent) else rule.event
    subjects = [Subject(error.kind, error.object_id)] if error.kind and error.object_id else []
    if not subjects and actor.id:
        subjects = [Subject("person", actor.id)]
    recording.record_refusal(actor, event, owner=error.owner or actor.agency, subjects=subjects, reason=error.code)


def write_misfit(actor: Actor, rule: Rule | None, error: ProofroomError, named: Mapping[str, object]) -> None:
    """Write that an act of somebody known did not fit how things stand: a closed case, a wrong offset, a limit.

    `named` is what the URL names; the access rule has let the actor that far.
    """
    if actor.kind is ActorKind.ANONYMOUS:
        return
    event = Event.ACCESS_REFUSED if rule is None or isinstance(rule.event, NoEvent) else rule.event
    subjects = [Subject(kind, found) for kind in _NAMED if isinstance(found := named.get(f"{kind}_id"), UUID)]
    if not subjects and actor.id:
        subjects = [Subject("person", actor.id)]
    recording.record_refusal(actor, event, owner=actor.agency, subjects=subjects, reason=error.code)
