"""Enrolling: with a code that an administrator hands over, a person sets password and second factor."""

from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from uuid_utils.compat import uuid7

from accounts import factors, passwords, sessions
from accounts.actors import Origin, actor_of
from accounts.errors import NotVisible, SignInFailed, WrongCode
from accounts.models import Enrolment, Person, SignedInSession, TotpDevice
from accounts.secrets import digest, new_code, plain_code
from custody.actors import Actor
from custody.recording import Subject, record
from verifier.events import Event

GROUPS = 4  # of four letters: 78 bits, never guessed within the day it lives


def offer(actor: Actor, person: Person) -> str:
    """A fresh code for the person, in the caller's transaction; earlier ones end."""
    now = timezone.now()
    Enrolment.objects.filter(person=person, spent_at=None).update(spent_at=now)
    code = new_code(GROUPS)
    Enrolment.objects.create(
        id=uuid7(), person=person, digest=digest(code), made_by=actor.id,
        expires_at=now + timedelta(seconds=settings.ENROLMENT_SECONDS),
    )  # fmt: skip
    return code


def find(email: str, code: str) -> Enrolment:
    """The enrolment that this code opens. Raises SignInFailed, the same whatever is wrong."""
    found = Enrolment.objects.filter(
        digest=digest(plain_code(code)), person__email=email.strip().lower(), spent_at=None,
        expires_at__gt=timezone.now(), person__disabled_at=None,
    ).first()  # fmt: skip
    if found is None:
        raise SignInFailed
    return found


def going_on(enrolment_id: UUID) -> Enrolment:
    """An enrolment that was begun with its code and isn't ended yet. Raises NotVisible."""
    found = (
        Enrolment.objects.select_related("person__agency")
        .filter(id=enrolment_id, spent_at=None, expires_at__gt=timezone.now(), person__disabled_at=None)
        .first()
    )
    if found is None:
        raise NotVisible
    return found


def set_password(enrolment: Enrolment, password: str, origin: Origin) -> None:
    """The first password. Raises WeakPassword."""
    person = enrolment.person
    with transaction.atomic():
        passwords.store(person, password)
        person.save(update_fields=["password", "password_changed_at", "must_change_password"])
        record(actor_of(person, origin, method="enrolment code"), Event.PASSWORD_CHANGED, owner=person.agency_id,
               subjects=[Subject("person", person.id)], fields={"person": person.name})  # fmt: skip


def authenticator(enrolment: Enrolment) -> tuple[TotpDevice, str]:
    """The authenticator that is being enrolled, and its seed: the same one while the person tries."""
    waiting = enrolment.person.totp_devices.filter(
        confirmed_at=None, removed_at=None, created_at__gte=enrolment.created_at
    ).select_related("person__agency").first()  # fmt: skip
    return (waiting, factors.seed_of(waiting)) if waiting else factors.new_device(enrolment.person)


def finish(enrolment: Enrolment, code: str, origin: Origin) -> tuple[SignedInSession, str]:
    """The first code ends the enrolment and signs in. Raises WrongCode."""
    person = enrolment.person
    actor = actor_of(person, origin, method="enrolment code")
    device, _seed = authenticator(enrolment)
    with transaction.atomic():
        Enrolment.objects.select_for_update().get(id=enrolment.id, spent_at=None)
        if not factors.confirm(actor, device, code):
            raise WrongCode
        Enrolment.objects.filter(id=enrolment.id).update(spent_at=timezone.now())
        return sessions.open_session(person, origin)
