"""The cast that recurs in tests, made with the real functions. Each is an Actor: `alice.id` is the person's id.

Alice owns, Bob is on the case, Charlie is a stranger of the same agency, Dana prosecutes, Audrey audits, Sam supervises
Alice's unit, Carl is the custodian, Adam administers, Lena is of another agency.
"""

from collections.abc import Callable
from dataclasses import replace

import pytest
from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher, make_password
from django.test import Client
from django.utils import timezone

from accounts import agencies, factors, people, roles, sessions, tokens
from accounts.actors import actor_of
from accounts.models import Agency, Person, TotpDevice, Unit
from accounts.permissions import Role
from accounts.rights import CONSOLE
from custody.actors import Actor
from tests.secrecy import remember

PASSWORD = remember("seven green herons")
_hashed = ""


def person_of(actor: Actor) -> Person:
    """The row behind an actor of the cast."""
    return Person.objects.select_related("agency", "unit").get(id=actor.id)


def hire(agency: Agency | None, name: str, role: Role | None, unit: Unit | None = None) -> Actor:
    """A person of the agency who holds the role; supervisors hold it for the unit."""
    email = f"{name.split(maxsplit=1)[0].lower()}@{agency.prefix.lower() if agency else 'operators'}.example"
    kind = Person.Kind.STAFF if agency else Person.Kind.OPERATOR
    person, _code = people.add(CONSOLE, agency, name=name, email=email, unit=unit, kind=kind)
    if role is not None:
        roles.give(CONSOLE, person, role, unit if role is Role.SUPERVISOR else None)
    return actor_of(person)


def enrolled(actor: Actor) -> TotpDevice:
    """Give the person PASSWORD and an authenticator, so that real sign-ins can be tested."""
    global _hashed  # noqa: PLW0603 - hashing takes a tenth of a second; once is enough
    _hashed = _hashed or make_password(PASSWORD)
    person = person_of(actor)
    person.password, person.password_changed_at = _hashed, timezone.now()
    person.save()
    device, _seed = factors.new_device(person)
    device.confirmed_at = timezone.now()
    device.save()
    return device


def code_of(device: TotpDevice) -> str:
    """A code that this authenticator shows and nobody has used."""
    device.refresh_from_db()
    step = max(factors.current_step(), device.last_step + 1)
    return factors.code_at(factors.seed_of(device), step)


def sign_in(client: Client, actor: Actor) -> Client:
    """Sign the client in fast: a real session row, without password and code."""
    _session, secret = sessions.open_session(person_of(actor))
    client.cookies[settings.SESSION_COOKIE_NAME] = secret
    return client


def bearer(actor: Actor) -> dict[str, str]:
    """Headers with a fresh token, for the test client: `client.get(url, headers=bearer(alice))`."""
    _token, secret = tokens.issue(actor, person_of(actor), "a test")
    return {"Authorization": f"Bearer {secret}"}


def acting(actor: Actor) -> Actor:
    """The actor as a request makes it: from an address, with a session."""
    session, _secret = sessions.open_session(person_of(actor))
    return replace(actor, peer="127.0.0.1", method=session.method, aal=session.aal, session=session.digest)


@pytest.fixture(autouse=True)
def quick_hashing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Argon2id with small numbers: its slowness is not what is tested."""
    monkeypatch.setattr(Argon2PasswordHasher, "memory_cost", 256)
    monkeypatch.setattr(Argon2PasswordHasher, "time_cost", 1)


@pytest.fixture
def browser(db: str) -> Callable[[Actor], Client]:
    """A new signed-in browser for somebody: `browser(alice).get("/")`."""
    del db
    return lambda actor: sign_in(Client(HTTP_HOST="localhost"), actor)


@pytest.fixture
def riverton(db: str, nothing_secret_is_logged: None) -> Agency:
    """Riverton Police."""
    del db, nothing_secret_is_logged
    return agencies.add(CONSOLE, name="Riverton Police", ori="XX0010100", prefix="RPD", kind=Agency.Kind.POLICE,
                        zone="America/Chicago")  # fmt: skip


@pytest.fixture
def lakeside(db: str, nothing_secret_is_logged: None) -> Agency:
    """Lakeside County Sheriff, another agency of the installation."""
    del db, nothing_secret_is_logged
    return agencies.add(CONSOLE, name="Lakeside County Sheriff", ori="XX0020000", prefix="LCS",
                        kind=Agency.Kind.POLICE, zone="America/Chicago")  # fmt: skip


@pytest.fixture
def attorney(db: str, nothing_secret_is_logged: None) -> Agency:
    """Riverton District Attorney."""
    del db, nothing_secret_is_logged
    return agencies.add(CONSOLE, name="Riverton District Attorney", ori="XX001015A", prefix="RDA",
                        kind=Agency.Kind.PROSECUTOR, zone="America/Chicago")  # fmt: skip


@pytest.fixture
def robbery(riverton: Agency) -> Unit:
    """The unit of Alice, Bob and Sam."""
    return agencies.add_unit(CONSOLE, riverton, "Robbery")


@pytest.fixture
def alice(riverton: Agency, robbery: Unit) -> Actor:
    """A detective, who owns."""
    return hire(riverton, "Alice Archer", Role.DETECTIVE, robbery)


@pytest.fixture
def bob(riverton: Agency, robbery: Unit) -> Actor:
    """A detective, who is on the case."""
    return hire(riverton, "Bob Baker", Role.DETECTIVE, robbery)


@pytest.fixture
def charlie(riverton: Agency, robbery: Unit) -> Actor:
    """A detective of the same unit, and a stranger to the case."""
    return hire(riverton, "Charlie Carter", Role.DETECTIVE, robbery)


@pytest.fixture
def dana(attorney: Agency) -> Actor:
    """A prosecutor of the District Attorney."""
    return hire(attorney, "Dana Dean", Role.PROSECUTOR)


@pytest.fixture
def audrey(riverton: Agency) -> Actor:
    """The auditor of Riverton."""
    return hire(riverton, "Audrey Abbott", Role.AUDITOR)


@pytest.fixture
def sam(riverton: Agency, robbery: Unit) -> Actor:
    """The supervisor of the robbery unit."""
    return hire(riverton, "Sam Sutton", Role.SUPERVISOR, robbery)


@pytest.fixture
def carl(riverton: Agency) -> Actor:
    """The custodian of Riverton."""
    return hire(riverton, "Carl Cooper", Role.CUSTODIAN)


@pytest.fixture
def adam(riverton: Agency) -> Actor:
    """The administrator of Riverton."""
    return hire(riverton, "Adam Abel", Role.ADMINISTRATOR)


@pytest.fixture
def lena(lakeside: Agency) -> Actor:
    """A detective of another agency."""
    return hire(lakeside, "Lena Lund", Role.DETECTIVE)


@pytest.fixture
def oscar(db: str) -> Actor:
    """The operator: no agency, no evidence."""
    del db
    return hire(None, "Oscar Owens", None)
