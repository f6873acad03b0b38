"""The second factor: codes of an authenticator app (TOTP, RFC 6238), each accepted once (CJIS IA-2(8), IA-5)."""

import hmac
import time

import pyotp
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from uuid_utils.compat import uuid7

from accounts.models import Person, TotpDevice
from custody.actors import Actor
from custody.recording import Subject, record
from store.keys import keys
from verifier.events import Event

ISSUER = "Proofroom"
INSTALLATION_KEY = "installation"  # for those who belong to no agency: operators
WINDOW = (-1, 0, 1)  # steps of 30 s that a clock may be away


def _key_name(person: Person) -> str:
    return person.agency.key_name if person.agency else INSTALLATION_KEY


def _context(person: Person) -> dict[str, str]:
    return {"purpose": "totp seed", "person": str(person.id)}


def current_step() -> int:
    """The number of the running 30 seconds."""
    return int(time.time()) // settings.TOTP_PERIOD_SECONDS


def code_at(seed: str, step: int) -> str:
    """The code of a step."""
    return pyotp.TOTP(seed, interval=settings.TOTP_PERIOD_SECONDS).generate_otp(step)


def new_device(person: Person) -> tuple[TotpDevice, str]:
    """Begin an enrolment with a fresh seed. Earlier ones that were never confirmed are given up."""
    seed = pyotp.random_base32()
    sealed = keys().seal_secret(_key_name(person), seed.encode(), _context(person))
    with transaction.atomic():
        TotpDevice.objects.filter(person=person, confirmed_at=None, removed_at=None).update(removed_at=timezone.now())
        device = TotpDevice.objects.create(id=uuid7(), person=person, sealed_seed=sealed)
    return device, seed


def seed_of(device: TotpDevice) -> str:
    """The seed, opened by the KeyService. Never shown again once the device is confirmed."""
    person = device.person
    return keys().open_secret(_key_name(person), bytes(device.sealed_seed), _context(person)).decode()


def link_of(person: Person, seed: str) -> str:
    """The `otpauth://` address, as a link beside the QR: a phone can't scan itself."""
    totp = pyotp.TOTP(seed, interval=settings.TOTP_PERIOD_SECONDS)
    return totp.provisioning_uri(name=person.email, issuer_name=ISSUER)


def _matching_step(seed: str, code: str) -> int | None:
    now, found = current_step(), None
    for away in WINDOW:  # no early return: the time must not tell which step matched
        if hmac.compare_digest(code_at(seed, now + away).encode(), code.encode()):
            found = now + away
    return found


def _digits(code: str) -> str:
    return "".join(code.split())[:16]


def accept(device: TotpDevice, code: str) -> bool:
    """Spend a code. True once for each: two requests with one code race for one row, and one of them wins."""
    step = _matching_step(seed_of(device), _digits(code))
    if step is None:
        return False
    return bool(TotpDevice.objects.filter(id=device.id, removed_at=None, last_step__lt=step).update(last_step=step))


def confirmed_devices(person: Person) -> list[TotpDevice]:
    """The authenticators that the person signs in with."""
    devices = person.totp_devices.filter(removed_at=None).exclude(confirmed_at=None)
    return list(devices.select_related("person__agency"))


def accept_any(person: Person, code: str) -> bool:
    """Spend a code of any of the person's authenticators."""
    return any(accept(device, code) for device in confirmed_devices(person))


def confirm(actor: Actor, device: TotpDevice, code: str) -> bool:
    """End the enrolment of an authenticator by its first code. False for a wrong one."""
    with transaction.atomic():
        if not accept(device, code):
            return False
        device.confirmed_at = timezone.now()
        device.save(update_fields=["confirmed_at"])
        record(
            actor, Event.FACTOR_ENROLLED, owner=device.person.agency_id,
            subjects=[Subject("person", device.person_id)], fields={"person": device.person.name},
        )  # fmt: skip
    return True


def remove_all(actor: Actor, person: Person) -> None:
    """Remove the person's authenticators, in the caller's transaction."""
    if TotpDevice.objects.filter(person=person, removed_at=None).update(removed_at=timezone.now()):
        record(actor, Event.FACTOR_REMOVED, owner=person.agency_id, subjects=[Subject("person", person.id)],
               fields={"person": person.name})  # fmt: skip
