"""Looking is an act too: one entry for a person, a session and an object in ten minutes."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from custody.actors import Actor
from custody.recording import Subject, record
from evidence.about import about
from evidence.models import Case, Item, Touch
from evidence.standing import person_of
from verifier.events import Event

ONCE_IN = timedelta(minutes=10)  # section 4.5 of the design: what is a touch


def item(actor: Actor, seen: Item, event: Event = Event.ITEM_VIEWED) -> None:
    """The actor looks at an item's page or its custody."""
    once(actor, event, owner=seen.agency_id, subjects=about(seen), fields={"number": seen.number, "name": seen.name})


def case(actor: Actor, seen: Case, event: Event = Event.CASE_VIEWED) -> None:
    """The actor looks at a case or its custody."""
    fields = {"case_number": seen.number, "number": seen.number, "title": seen.title}
    once(actor, event, owner=seen.agency_id, subjects=[Subject("case", seen.id)], fields=fields)


def once(
    actor: Actor, event: Event, *, owner: UUID | None, subjects: Sequence[Subject], fields: Mapping[str, str],
    thing: UUID | None = None,
) -> None:  # fmt: skip
    """Write the entry, unless the same was written less than ten minutes ago.

    `thing` is what was looked at; without it the first subject is.
    """
    now = timezone.now()
    with transaction.atomic():
        touch, first = Touch.objects.get_or_create(
            person_id=person_of(actor), session=actor.session, event=event.value, object_id=thing or subjects[0].id,
            defaults={"at": now},
        )  # fmt: skip
        # The condition in the UPDATE lets one of two simultaneous requests win.
        if first or Touch.objects.filter(id=touch.id, at__lt=now - ONCE_IN).update(at=now):
            record(actor, event, owner=owner, subjects=subjects, fields=fields)
