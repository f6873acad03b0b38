"""Adding people, changing them, closing and opening their accounts."""

from uuid import UUID
from zoneinfo import available_timezones

from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.utils import timezone
from uuid_utils.compat import uuid7

from accounts import enrolling, factors, sessions, tokens
from accounts.errors import AddressTaken, BadInput, NotAllowed, OwnRoles
from accounts.models import Agency, Person, SignInFailure, Unit
from accounts.permissions import Permission
from accounts.rights import holds, is_console, person_for
from custody.actors import Actor
from custody.recording import Subject, record
from verifier.events import Event


def zone_of(person: Person) -> str:
    """The IANA name of the zone in which the person reads times."""
    return person.zone or (person.agency.zone if person.agency else "UTC")


def _record(actor: Actor, event: Event, person: Person, **fields: str) -> None:
    record(actor, event, owner=person.agency_id, subjects=[Subject("person", person.id)],
           fields={"person": person.name, **fields})  # fmt: skip


def _checked(name: str, email: str) -> tuple[str, str]:
    name, email = " ".join(name.split()), email.strip().lower()
    if not 1 <= len(name) <= 120:
        raise BadInput("Give a name of at most 120 characters.", {"name": ["1 to 120 characters"]})
    try:
        validate_email(email)
    except ValidationError as error:
        raise BadInput("This is not an e-mail address.", {"email": ["not an e-mail address"]}) from error
    return name, email


def add(
    actor: Actor, agency: Agency | None, *, name: str, email: str, title: str = "", unit: Unit | None = None,
    kind: Person.Kind = Person.Kind.STAFF,
) -> tuple[Person, str]:  # fmt: skip
    """Add a person, who enrols with the code returned (shown once, valid for a day). Raises BadInput, AddressTaken."""
    if not is_console(actor) and (
        agency is None or actor.agency != agency.id or not holds(actor, Permission.PEOPLE_MANAGE)
    ):
        raise NotAllowed
    name, email = _checked(name, email)
    try:
        with transaction.atomic():
            person = Person.objects.create(
                id=uuid7(), kind=kind, agency=agency, unit=unit, email=email, name=name, title=title.strip()[:120],
                password=make_password(None),
            )  # fmt: skip
            _record(actor, Event.PERSON_ADDED, person)
            code = enrolling.offer(actor, person)
    except IntegrityError as error:
        raise AddressTaken from error
    return person, code


def change(actor: Actor, person_id: UUID, *, name: str, title: str, unit: Unit | None, zone: str) -> Person:
    """Change what is written about a person. Raises NotVisible, NotAllowed, BadInput."""
    if zone and zone not in available_timezones():
        raise BadInput("This is not the name of a time zone.", {"zone": ["unknown"]})
    with transaction.atomic():
        person = person_for(actor, person_id, Permission.PEOPLE_MANAGE, lock=True)
        name, _email = _checked(name, person.email)
        if unit is not None and unit.agency_id != person.agency_id:
            raise BadInput("This unit is not of the same agency.", {"unit": ["not of this agency"]})
        new = {"name": name, "title": title.strip()[:120], "unit": unit, "zone": zone}
        changed = [field for field, value in new.items() if getattr(person, field) != value]
        if changed:
            for field in changed:
                setattr(person, field, new[field])
            person.save(update_fields=changed)
            _record(actor, Event.PERSON_CHANGED, person, changed=", ".join(changed))
    return person


def disable(actor: Actor, person_id: UUID, reason: str = "") -> Person:
    """Close an account: sessions end, tokens are revoked, uploads and streams stop. Raises OwnRoles."""
    with transaction.atomic():
        person = person_for(actor, person_id, Permission.PEOPLE_MANAGE, lock=True)
        if actor.id == person.id:
            raise OwnRoles
        if person.disabled_at is None:
            person.disabled_at = timezone.now()
            person.save(update_fields=["disabled_at"])
            _record(actor, Event.PERSON_DISABLED, person, **({"reason": reason} if reason else {}))
            sessions.end_all(actor, person, "account disabled")
            tokens.revoke_all(actor, person)
    return person


def enable(actor: Actor, person_id: UUID) -> Person:
    """Open a closed account again; what it could sign in with still holds."""
    with transaction.atomic():
        person = person_for(actor, person_id, Permission.PEOPLE_MANAGE, lock=True)
        if actor.id == person.id:
            raise OwnRoles
        if person.disabled_at is not None:
            person.disabled_at = None
            person.save(update_fields=["disabled_at"])
            _record(actor, Event.PERSON_ENABLED, person)
    return person


def unlock(actor: Actor, person_id: UUID) -> Person:
    """Release an account that failures have locked (CJIS AC-7)."""
    with transaction.atomic():
        person = person_for(actor, person_id, Permission.PEOPLE_MANAGE, lock=True)
        SignInFailure.objects.filter(person=person).delete()
        if person.locked_at is not None:
            person.locked_at = None
            person.save(update_fields=["locked_at"])
            _record(actor, Event.PERSON_UNLOCKED, person)
    return person


def end_sessions(actor: Actor, person_id: UUID) -> int:
    """End every session of a person. Returns how many."""
    with transaction.atomic():
        person = person_for(actor, person_id, Permission.PEOPLE_MANAGE, lock=True)
        return sessions.end_all(actor, person, "ended by an administrator")


def reset_sign_in(actor: Actor, person_id: UUID) -> tuple[Person, str]:
    """Take password and authenticators away and give a code to enrol anew. Raises OwnRoles."""
    with transaction.atomic():
        person = person_for(actor, person_id, Permission.PEOPLE_MANAGE, lock=True)
        if actor.id == person.id:
            raise OwnRoles
        person.password = make_password(None)
        person.save(update_fields=["password"])
        factors.remove_all(actor, person)
        sessions.end_all(actor, person, "sign-in reset")
        tokens.revoke_all(actor, person)
        _record(actor, Event.PASSWORD_RESET, person)
        return person, enrolling.offer(actor, person)
