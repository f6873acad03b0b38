"""Looking at the people of an agency, and what can be done to their accounts, in words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet

from accounts.errors import NotVisible
from accounts.models import Agency, Person, RoleHeld
from accounts.permissions import Permission
from accounts.rights import person_for
from custody.actors import Actor
from custody.recording import Subject, record
from verifier.events import Event

SORTS: Mapping[str, tuple[str, ...]] = {
    "name": ("name", "id"), "-name": ("-name", "-id"),
    "email": ("email", "id"), "-email": ("-email", "-id"),
    "added": ("created_at", "id"), "-added": ("-created_at", "-id"),
}  # fmt: skip


@dataclass(frozen=True)
class Act:
    """Something done to an account: how it is announced, what follows, how it is told afterwards."""

    heading: str
    consequences: tuple[str, ...]
    label: str
    done: str
    danger: bool = False
    asks_reason: bool = False


ACTS: Mapping[str, Act] = {
    "disable": Act(
        "Close the account of {name}",
        ("Every session ends at once, tokens are revoked, running uploads and streams stop.",
         "What the person added and did stays, and so does the custody record."),
        "Close the account", "The account of {name} is closed.", danger=True, asks_reason=True,
    ),
    "enable": Act(
        "Open the account of {name} again",
        ("Password and authenticator hold as before. Tokens stay revoked.",),
        "Open the account", "The account of {name} is open.",
    ),
    "unlock": Act(
        "Release the account of {name}",
        ("Failed sign-ins had locked it. Ask the person first whether they were theirs.",),
        "Release the account", "The account of {name} is released.",
    ),
    "end-sessions": Act(
        "Sign {name} out everywhere",
        ("Every session ends at once. The person can sign in again. Tokens stay.",),
        "Sign out everywhere", "{name} is signed out everywhere.",
    ),
    "reset": Act(
        "Have {name} enrol anew",
        ("Password and authenticator are taken away, every session ends, tokens are revoked.",
         "You are shown a code, valid for a day, that you hand over: not by e-mail, and only to the person."),
        "Take away and show a code", "{name} enrols anew.", danger=True,
    ),
}  # fmt: skip


def people_of(agency: Agency, asked: Mapping[str, str]) -> QuerySet[Person]:
    """The people of an agency whose name or address holds the words asked for, in the state asked for."""
    found = Person.objects.select_related("unit").filter(agency=agency)
    for word in asked.get("q", "").split()[:8]:
        found = found.filter(Q(name__icontains=word) | Q(email__icontains=word) | Q(title__icontains=word))
    match asked.get("state"):
        case "active":
            found = found.filter(disabled_at=None, locked_at=None)
        case "locked":
            found = found.exclude(locked_at=None)
        case "disabled":
            found = found.exclude(disabled_at=None)
    return found


def with_roles(people: Iterable[Person]) -> list[tuple[Person, str, str]]:
    """Each person with roles in words and state."""
    people = list(people)
    held = RoleHeld.objects.select_related("unit").filter(person__in=people, taken_at=None).order_by("role")
    words: dict[UUID, list[str]] = {}
    for role in held:
        words.setdefault(role.person_id, []).append(role.role + (f" of {role.unit.name}" if role.unit else ""))
    return [(person, ", ".join(words.get(person.id, [])), state_of(person)) for person in people]


def state_of(person: Person) -> str:
    """The state of an account: active, locked or disabled."""
    if person.disabled_at:
        return "disabled"
    return "locked" if person.locked_at else "active"


def look_at(actor: Actor, person_id: UUID) -> Person:
    """A person's account, opened by somebody who may see it; looking is an entry."""
    with transaction.atomic():
        person = person_for(actor, person_id, Permission.PEOPLE_VIEW)
        record(actor, Event.PEOPLE_VIEWED, owner=person.agency_id, subjects=[Subject("person", person.id)],
               fields={"person": person.name})  # fmt: skip
    return person


def role_held(person: Person, held_id: UUID) -> RoleHeld:
    """A role that the person holds now. Raises NotVisible."""
    held = RoleHeld.objects.select_related("unit").filter(id=held_id, person=person, taken_at=None).first()
    if held is None:
        raise NotVisible
    return held


def policy() -> list[tuple[str, str]]:
    """The rules of signing in that hold here, in words."""
    return [
        ("Second factor", "for everybody, a code of an authenticator app, each accepted once"),
        ("Password", f"at least {settings.PASSWORD_MIN_LENGTH} characters, changed every {settings.PASSWORD_MAX_AGE_DAYS} days"),
        ("Lock", f"{settings.LOCK_FAILURES} failures within {settings.LOCK_WINDOW_SECONDS // 60} minutes, released by an administrator"),
        ("Session", f"ends after {settings.SESSION_IDLE_SECONDS // 60} idle minutes, at the latest after {settings.SESSION_LIFE_SECONDS // 3600} hours"),
        ("Dangerous acts", f"ask for the code again when the last is over {settings.STEP_UP_SECONDS // 60} minutes old"),
        ("Tokens", f"expire after {settings.TOKEN_DAYS} days"),
    ]  # fmt: skip
