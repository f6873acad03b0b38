"""What a person sees and ends of the own account."""

from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from accounts import sessions
from accounts.errors import NotVisible
from accounts.models import Person, RoleHeld, SignedInSession
from custody.actors import Actor


def live_sessions(person: Person) -> QuerySet[SignedInSession]:
    """Where the person is signed in now, the latest first."""
    return sessions.live_rows().filter(person=person).order_by("-seen_at")


def end_own_session(actor: Actor, person: Person, session_id: UUID) -> None:
    """End one of the own sessions. Raises NotVisible."""
    with transaction.atomic():
        session = SignedInSession.objects.select_related("person").filter(id=session_id).first()
        if session is None:
            raise NotVisible("session", session_id)
        if session.person_id != person.id:
            raise NotVisible("person", session.person_id, session.person.agency_id)
        sessions.end(actor, session, "ended by its person")


def held_roles(person: Person) -> QuerySet[RoleHeld]:
    """The roles that the person holds now."""
    return RoleHeld.objects.select_related("unit").filter(person=person, taken_at=None).order_by("role")


def roles_in_words(person: Person) -> str:
    """The roles as a list in words: "detective, supervisor of Robbery"."""
    return ", ".join(held.role + (f" of {held.unit.name}" if held.unit else "") for held in held_roles(person))


def set_single_keys(person: Person, *, on: bool) -> None:
    """Turn shortcuts of a single key on or off."""
    Person.objects.filter(id=person.id).update(single_keys=on)
