"""Signing a device in by a code that a person confirms in the browser (RFC 8628)."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from uuid_utils.compat import uuid7

from accounts import tokens
from accounts.actors import Origin, actor_of
from accounts.errors import NotVisible
from accounts.models import DeviceCode, Person
from accounts.secrets import digest, new_code, new_secret, plain_code
from custody.actors import Actor
from custody.recording import Subject, record
from verifier.errors import ProofroomError
from verifier.events import Event

SECONDS = 10 * 60
INTERVAL = 5  # seconds between a device's questions
_OPEN_PER_ADDRESS = 20


class AuthorizationPending(ProofroomError):
    """Nobody has confirmed the code yet."""

    code = "authorization-pending"
    says = "Nobody has confirmed the code yet. Ask again in a few seconds."


class SlowDown(ProofroomError):
    """The device asks too often."""

    code, retry_after = "slow-down", INTERVAL
    says = "Wait a few seconds longer before you ask again."


class DeviceCodeExpired(ProofroomError):
    """The code is too old, unknown, or was used."""

    code = "expired"
    says = "This code has expired. Begin again."


class AccessDenied(ProofroomError):
    """The person refused."""

    code = "access-denied"
    says = "The request was refused in the browser."


class TooManyCodes(ProofroomError):
    """One address asks for too many codes."""

    code, status, retry_after = "too-many-codes", 429, 60
    says = "Too many devices wait for their confirmation from this address. Try again in a few minutes."


def begin(name: str, origin: Origin) -> tuple[DeviceCode, str]:
    """A device asks for codes. Returns the row (with the user code) and the secret device code. Raises TooManyCodes."""
    now = timezone.now()
    waiting = DeviceCode.objects.filter(address=origin.address, created_at__gt=now - timedelta(seconds=SECONDS))
    if waiting.filter(confirmed_at=None, refused_at=None).count() >= _OPEN_PER_ADDRESS:
        raise TooManyCodes
    secret = new_secret()
    device = DeviceCode.objects.create(
        id=uuid7(), device_digest=digest(secret), user_code=new_code(2), device_name=" ".join(name.split())[:120],
        address=origin.address, expires_at=now + timedelta(seconds=SECONDS),
    )  # fmt: skip
    return device, secret


def waiting_for(user_code: str, *, lock: bool = False) -> DeviceCode:
    """The device that shows this code and still waits. Raises NotVisible."""
    codes = DeviceCode.objects.select_for_update() if lock else DeviceCode.objects.all()
    found = codes.filter(
        user_code=plain_code(user_code), expires_at__gt=timezone.now(), confirmed_at=None, refused_at=None
    ).first()
    if found is None:
        raise NotVisible
    return found


def looked_up(user_code: str) -> DeviceCode | None:
    """The waiting device, or None: a typing error is not a refusal."""
    try:
        return waiting_for(user_code)
    except NotVisible:
        return None


def confirm(actor: Actor, person: Person, user_code: str) -> DeviceCode:
    """The person lets the device in. It gets its token when it asks next."""
    with transaction.atomic():
        device = waiting_for(user_code, lock=True)
        device.person, device.confirmed_at = person, timezone.now()
        device.save(update_fields=["person", "confirmed_at"])
        record(actor, Event.DEVICE_CONFIRMED, owner=person.agency_id, subjects=[Subject("person", person.id)],
               fields={"person": person.name, "name": device.device_name})  # fmt: skip
    return device


def refuse(user_code: str) -> None:
    """The person turns the device away."""
    with transaction.atomic():
        device = waiting_for(user_code, lock=True)
        device.refused_at = timezone.now()
        device.save(update_fields=["refused_at"])


def collect(device_code: str, origin: Origin) -> str:
    """The device asks for its token. Raises AuthorizationPending, SlowDown, DeviceCodeExpired, AccessDenied."""
    now = timezone.now()
    with transaction.atomic():
        device = DeviceCode.objects.select_for_update().filter(device_digest=digest(device_code)).first()
        if device is None or device.expires_at <= now or device.spent_at:
            raise DeviceCodeExpired
        if device.refused_at:
            raise AccessDenied
        # Locked: an account that is closed in the same moment gives no token.
        people = Person.objects.select_for_update(of=("self",)).select_related("agency")
        person = people.get(id=device.person_id) if device.person_id else None
        if person is not None and person.disabled_at is None and person.locked_at is None:
            device.spent_at = now
            device.save(update_fields=["spent_at"])
            actor = actor_of(person, origin, method="device code", aal=1)
            return tokens.issue(actor, person, device.device_name or "a device")[1]
        asked, device.polled_at = device.polled_at, now
        device.save(update_fields=["polled_at"])
    # Raised outside, so that the time of this question stays written.
    raise SlowDown if asked and now - asked < timedelta(seconds=INTERVAL - 1) else AuthorizationPending
