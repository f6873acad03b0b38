"""The rows of accounts: the sign-in, one's own account, people and devices."""

from typing import Any

from django.db import transaction
from django.test import Client
from django.utils import timezone

from accounts import devices, enrolling, factors, people, sessions, tokens
from accounts.models import DeviceCode, Enrolment, Person, SignedInSession, TotpDevice, Unit
from accounts.permissions import Permission as P
from accounts.rights import CONSOLE
from custody.actors import Actor
from tests.cast import PASSWORD, code_of, enrolled, person_of
from tests.matrix.visits import Named, Prepare, Visit
from tests.matrix.world import World

_NEW = "eleven quiet otters"


def _banner(world: World, client: Client) -> dict[str, Any]:
    enrolled(world.alice)
    client.post("/sign-in/", {"acknowledged": "1"})
    return {}


def _half_in(world: World, client: Client) -> dict[str, Any]:
    _banner(world, client)
    client.post("/sign-in/", {"email": person_of(world.alice).email, "password": PASSWORD})
    return {}


def _code(actor: Actor) -> str:
    device = TotpDevice.objects.filter(person_id=actor.id, removed_at=None).first()
    return code_of(device) if device else "000000"


def _with_factor(world: World, client: Client) -> dict[str, Any]:
    del client
    enrolled(world.alice)
    return {}


def _begun(client: Client, person: Person) -> None:
    with transaction.atomic():
        code = enrolling.offer(CONSOLE, person)
    client.post("/sign-in/", {"acknowledged": "1"})
    client.post("/enrol/", {"email": person.email, "code": code})


def _enrolling(world: World, client: Client) -> dict[str, Any]:
    _begun(client, person_of(world.bob))
    return {}


def _enrolling_factor(world: World, client: Client) -> dict[str, Any]:
    _begun(client, person_of(world.bob))
    client.post("/enrol/password/", {"new": _NEW, "again": _NEW})
    client.get("/enrol/factor/")
    return {}


def _offered(world: World) -> dict[str, Any]:
    with transaction.atomic():
        code = enrolling.offer(CONSOLE, person_of(world.bob))
    return {"email": person_of(world.bob).email, "code": code}


def _enrolment_code(world: World) -> dict[str, Any]:
    waiting = Enrolment.objects.get(person=world.bob.id, spent_at=None)
    _device, seed = enrolling.authenticator(waiting)
    return {"code": factors.code_at(seed, factors.current_step())}


def _own_session(world: World, client: Client) -> dict[str, Any]:
    del client
    return {"session_id": SignedInSession.objects.filter(person=world.alice.id).latest("opened_at").id}


def _own_token(world: World, client: Client) -> dict[str, Any]:
    del client
    token, _secret = tokens.issue(world.alice, person_of(world.alice), "a test")
    return {"token_id": token.id}


def _device(world: World, client: Client) -> dict[str, Any]:
    client.post("/api/v1/device/", {"name": "a laptop"}, content_type="application/json")
    return {}


def _user_code(world: World) -> dict[str, Any]:
    del world
    return {"code": DeviceCode.objects.latest("created_at").user_code, "act": "confirm"}


def _confirmed(world: World, client: Client) -> dict[str, Any]:
    begun = client.post("/api/v1/device/", {"name": "a laptop"}, content_type="application/json").json()
    devices.confirm(world.alice, person_of(world.alice), begun["user_code"])
    _CODES["device"] = begun["device_code"]
    return {}


_CODES: dict[str, str] = {}


def _closed(world: World, client: Client) -> dict[str, Any]:
    del client
    people.disable(CONSOLE, person_of(world.bob).id)
    return {"person_id": world.bob.id}


def _locked(world: World, client: Client) -> dict[str, Any]:
    del client
    Person.objects.filter(id=world.bob.id).update(locked_at=timezone.now())
    return {"person_id": world.bob.id}


def _signed_in(world: World, client: Client) -> dict[str, Any]:
    del client
    sessions.open_session(person_of(world.bob))
    return {"person_id": world.bob.id}


def _role(world: World) -> dict[str, Any]:
    return {"person_id": world.bob.id, "held_id": person_of(world.bob).roles_held.get(taken_at=None).id}


_BOB: Named = lambda w: {"person_id": w.bob.id}  # noqa: E731 - one word for a constant body
_SEES = frozenset({P.PEOPLE_VIEW})


def _bob(prepare: Prepare | None = None, **more: Any) -> Visit:
    """A visit of Bob's account by the administrator."""
    return Visit(owner="adam", on="person", url=_BOB, also=_SEES, prepare=prepare, **more)


def _new_person(world: World) -> dict[str, Any]:
    return {"name": "Nina Novice", "email": "nina@rpd.example", "unit": str(Unit.objects.get(people=world.bob.id).id)}


ACCOUNTS: dict[tuple[str, str], Visit] = {
    ("sign_in", "GET"): Visit(owner=""),
    ("sign_in", "POST"): Visit(
        owner="", prepare=_banner, to_the_door=True, entry="none: half of a sign-in; the whole is the factor's",
        data=lambda w: {"email": person_of(w.alice).email, "password": PASSWORD},
    ),
    ("sign_in_factor", "GET"): Visit(owner="", prepare=_half_in),
    ("sign_in_factor", "POST"): Visit(owner="", prepare=_half_in, data=lambda w: {"code": _code(w.alice)}),
    ("sign_out", "POST"): Visit(to_the_door=True),
    ("step_up", "GET"): Visit(),
    ("step_up", "POST"): Visit(prepare=_with_factor, data=lambda w: {"code": _code(w.alice)}),
    ("enrol", "GET"): Visit(owner="", prepare=_banner),
    ("enrol", "POST"): Visit(owner="", prepare=_banner, data=_offered),
    ("enrol_password", "GET"): Visit(owner="", prepare=_enrolling),
    ("enrol_password", "POST"): Visit(owner="", prepare=_enrolling, data=lambda _w: {"new": _NEW, "again": _NEW}),
    ("enrol_factor", "GET"): Visit(owner="", prepare=_enrolling_factor),
    ("enrol_factor", "POST"): Visit(owner="", prepare=_enrolling_factor, data=_enrolment_code),
    ("account", "GET"): Visit(),
    ("password", "GET"): Visit(),
    ("password", "POST"): Visit(
        prepare=_with_factor, data=lambda _w: {"current": PASSWORD, "new": _NEW, "again": _NEW}
    ),
    ("session_end", "POST"): Visit(on="own", prepare=_own_session, bound=True),
    ("single_keys", "POST"): Visit(data=lambda _w: {"on": "1"}),
    ("token_new", "GET"): Visit(),
    ("token_new", "POST"): Visit(data=lambda _w: {"name": "the station"}),
    ("token_revoke", "POST"): Visit(on="own", prepare=_own_token, bound=True),
    ("notices", "GET"): Visit(),
    ("notices_read", "POST"): Visit(),
    ("device", "GET"): Visit(),
    ("device", "POST"): Visit(prepare=_device, data=_user_code),
    ("uploads", "GET"): Visit(),
    ("people", "GET"): Visit(owner="adam"),
    ("person_new", "GET"): Visit(owner="adam"),
    ("person_new", "POST"): Visit(owner="adam", data=_new_person),
    ("person", "GET"): _bob(),
    ("person_change", "GET"): _bob(),
    ("person_change", "POST"): _bob(data=lambda _w: {"name": "Robert Baker"}),
    ("person_disable", "GET"): _bob(),
    ("person_disable", "POST"): _bob(),
    ("person_enable", "GET"): _bob(),
    ("person_enable", "POST"): _bob(_closed),
    ("person_unlock", "GET"): _bob(),
    ("person_unlock", "POST"): _bob(_locked),
    ("person_end_sessions", "GET"): _bob(),
    ("person_end_sessions", "POST"): _bob(_signed_in),
    ("person_reset", "GET"): _bob(),
    ("person_reset", "POST"): _bob(),
    ("role_give", "GET"): _bob(),
    ("role_give", "POST"): _bob(data=lambda _w: {"role": "custodian"}),
    ("role_take", "GET"): Visit(owner="adam", on="person", url=_role, also=_SEES),
    ("role_take", "POST"): Visit(owner="adam", on="person", url=_role, also=_SEES),
    ("agency_settings", "GET"): Visit(owner="adam"),
    ("agency_settings", "POST"): Visit(owner="adam", data=lambda _w: {"zone": "America/Denver"}),
    ("api-session", "GET"): Visit(),
    ("api-people", "GET"): Visit(),
    ("api-device", "POST"): Visit(owner="", json=True, data=lambda _w: {"name": "a laptop"}),
    ("api-device-token", "POST"): Visit(
        owner="", json=True, prepare=_confirmed, data=lambda _w: {"device_code": _CODES["device"]}
    ),
    ("api-openapi", "GET"): Visit(owner=""),
}  # fmt: skip
