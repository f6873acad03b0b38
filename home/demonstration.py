"""The fictional agencies and people of the demonstration. Nothing here works without PROOFROOM_DEMO=1."""

import json
import os
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from django.conf import settings
from django.db import transaction

from accounts import agencies, factors, passwords, people, roles, tokens
from accounts.actors import actor_of
from accounts.models import Agency, Person, TotpDevice, Unit
from accounts.permissions import Role
from accounts.rights import CONSOLE
from accounts.secrets import new_code
from evidence import cases, members
from evidence.models import Case, NumberCounter
from verifier.errors import ProofroomError

CASE_NUMBER, CASE_TITLE = "RPD-2026-00017", "Robbery, Mill Street pharmacy"
_WAIT_SECONDS = 0.2


class NoDemonstration(ProofroomError):
    """The installation is not a demonstration."""

    code, status = "no-demonstration", 404
    says = "This works in the demonstration only (PROOFROOM_DEMO=1)."


class NobodyThere(ProofroomError):
    """No such person in the demonstration."""

    code, status = "no-such-person", 404
    says = "Nobody in this installation has the address {email}."


@dataclass(frozen=True)
class Part:
    """One of the demonstration's people, before there is a password."""

    email: str
    name: str
    title: str
    agency: str  # its prefix; empty: the operator's
    role: Role | None


CAST = (
    Part("detective@riverton.example", "D. Marlowe", "Detective", "RPD", Role.DETECTIVE),
    Part("supervisor@riverton.example", "S. Ortega", "Sergeant", "RPD", Role.SUPERVISOR),
    Part("custodian@riverton.example", "C. Bell", "Evidence custodian", "RPD", Role.CUSTODIAN),
    Part("admin@riverton.example", "A. Novak", "Systems administrator", "RPD", Role.ADMINISTRATOR),
    Part("auditor@riverton.example", "U. Haines", "Internal audit", "RPD", Role.AUDITOR),
    Part("operator@riverton.example", "O. Lindqvist", "Operator of this installation", "", None),
    Part("detective@lakeside.example", "L. Brandt", "Detective", "LCS", Role.DETECTIVE),
    Part("prosecutor@da.example", "Dana Reyes", "Deputy District Attorney", "RDA", Role.PROSECUTOR),
)


@dataclass(frozen=True)
class Known:
    """One of the people as `demo_people` tells them."""

    email: str
    name: str
    role: str
    agency: str
    password: str


def demand() -> None:
    """Raise NoDemonstration where there is none."""
    if not settings.DEMO:
        raise NoDemonstration


def _file() -> Path:
    return Path(settings.HOME) / "demo.json"


def known_people() -> list[Known]:
    """The people with their passwords, as they were made at the first seed."""
    demand()
    try:
        return [Known(**kept) for kept in json.loads(_file().read_text(encoding="utf-8"))]
    except FileNotFoundError:
        return []


def _keep(made: list[Known]) -> None:
    handle = os.open(_file(), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump([asdict(person) for person in made], file, indent=1)


def seed() -> list[Known]:
    """Make the demonstration, once. A seed that was broken off left only the file, which the next one writes again."""
    demand()
    if Agency.objects.filter(prefix="RPD").exists():
        return known_people()
    made = [
        Known(part.email, part.name, part.role.value if part.role else "operator", part.agency, new_code(3).lower())
        for part in CAST
    ]
    _keep(made)
    with transaction.atomic():
        offices, unit = _offices()
        for part, person in zip(CAST, made, strict=True):
            _hire(part, person.password, offices.get(part.agency), unit)
        _open_the_case(offices["RPD"])
    return made


def _offices() -> tuple[dict[str, Agency], Unit]:
    police, prosecutor, zone = Agency.Kind.POLICE, Agency.Kind.PROSECUTOR, "America/Chicago"
    found = {
        "RPD": agencies.add(CONSOLE, name="Riverton Police", ori="XX0010100", prefix="RPD", kind=police, zone=zone),
        "LCS": agencies.add(
            CONSOLE, name="Lakeside County Sheriff", ori="XX0020000", prefix="LCS", kind=police, zone=zone
        ),
        "RDA": agencies.add(
            CONSOLE, name="Riverton District Attorney", ori="XX001015A", prefix="RDA", kind=prosecutor, zone=zone
        ),
    }
    agencies.add_unit(CONSOLE, found["RPD"], "Homicide")
    return found, agencies.add_unit(CONSOLE, found["RPD"], "Robbery")


def _hire(part: Part, password: str, agency: Agency | None, robbery: Unit) -> None:
    unit = robbery if part.role in (Role.DETECTIVE, Role.SUPERVISOR) and part.agency == "RPD" else None
    kind = Person.Kind.STAFF if agency else Person.Kind.OPERATOR
    person, _code = people.add(
        CONSOLE, agency, name=part.name, email=part.email, title=part.title, unit=unit, kind=kind
    )
    passwords.store(person, password)
    person.save()
    if part.role is not None:
        roles.give(CONSOLE, person, part.role, unit if part.role is Role.SUPERVISOR else None)
    device, phone = factors.new_device(person)
    # The step before this one, so that the first person to sign in has the running code.
    factors.confirm(CONSOLE, device, factors.code_at(phone, factors.current_step() - 1))


def _open_the_case(police: Agency) -> Case:
    detective = Person.objects.select_related("agency").get(email="detective@riverton.example")
    supervisor = Person.objects.get(email="supervisor@riverton.example")
    NumberCounter.objects.create(agency=police, series="C", year=2026, next=18)
    case = cases.open_case(
        actor_of(detective), title=CASE_TITLE, number=CASE_NUMBER,
        summary="Armed robbery on the evening of 22 November. Cameras inside, at the corner, and a witness's phone.",
    )  # fmt: skip
    members.add_member(actor_of(detective), case.id, supervisor.id, members.Level.VIEW)
    return case


def person_of(email: str) -> Person:
    """A person by address. Raises NoDemonstration, NobodyThere."""
    demand()
    person = Person.objects.select_related("agency").filter(email=email.strip().lower()).first()
    if person is None:
        raise NobodyThere(email=email)
    return person


def next_code(email: str) -> str:
    """The next code of the person's authenticator that nobody used; waits for it, at most a minute."""
    person = person_of(email)
    device = TotpDevice.objects.select_related("person__agency").filter(
        person=person, removed_at=None
    ).exclude(confirmed_at=None).order_by("-confirmed_at").first()  # fmt: skip
    if device is None:
        raise NobodyThere(email=email)
    seed_text = factors.seed_of(device)
    while True:
        device.refresh_from_db(fields=["last_step"])
        step = max(factors.current_step(), device.last_step + 1)
        if step <= factors.current_step() + 1:  # the door takes the code of the coming step too
            return factors.code_at(seed_text, step)
        time.sleep(_WAIT_SECONDS)


def new_token(email: str, name: str) -> str:
    """A bearer token of the person."""
    return tokens.issue(CONSOLE, person_of(email), name)[1]
