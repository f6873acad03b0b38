"""From the administrator's code to the first session."""

import subprocess
import sys
from datetime import timedelta

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from accounts import factors, people, roles
from accounts.errors import AddressTaken, DutiesApart, NotAllowed, NotVisible, OwnRoles, RoleNeedsUnit, WeakPassword
from accounts.models import Enrolment, Person, TotpDevice
from accounts.passwords import check
from accounts.permissions import Role
from accounts.rights import CONSOLE
from tests.cast import enrolled, person_of

WORDS = "four blue kettles sing"


@pytest.fixture(autouse=True)
def quickly(monkeypatch):
    monkeypatch.setattr(settings, "SIGN_IN_SECONDS", 0)


@pytest.fixture
def nina(adam, riverton):
    return people.add(adam, riverton, name="Nina Novice", email="Nina@RPD.example")


def begin(client: Client, email: str, code: str):
    client.post("/sign-in/", {"acknowledged": "1"})
    return client.post("/enrol/", {"email": email, "code": code})


def test_code_password_and_authenticator_end_in_a_session(client, nina):
    person, code = nina
    assert begin(client, "nina@rpd.example", code.lower().replace("-", " "))["Location"] == "/enrol/password/"
    assert client.post("/enrol/password/", {"new": WORDS, "again": WORDS})["Location"] == "/enrol/factor/"
    page = client.get("/enrol/factor/").content.decode()
    assert "otpauth://totp/Proofroom:nina%40rpd.example" in page
    assert "data:image/svg+xml" in page
    device = TotpDevice.objects.get(person=person)
    shown = factors.code_at(factors.seed_of(device), factors.current_step())
    assert client.post("/enrol/factor/", {"code": shown})["Location"] == "/"
    assert client.get("/api/v1/session").json()["person"]["name"] == "Nina Novice"


def test_the_seed_is_sealed_for_its_person(nina, alice):
    device, seed = factors.new_device(nina[0])
    assert seed.encode() not in bytes(device.sealed_seed)
    device.person = person_of(alice)
    with pytest.raises(Exception, match="context"):
        factors.seed_of(device)


def test_the_code_works_once(client, nina):
    person, code = nina
    Enrolment.objects.update(spent_at=timezone.now())
    assert begin(client, person.email, code).status_code == 403


def test_the_code_lives_for_a_day(client, nina):
    person, code = nina
    Enrolment.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert begin(client, person.email, code).status_code == 403


def test_the_code_is_for_one_person(client, nina, alice):
    assert begin(client, person_of(alice).email, nina[1]).status_code == 403


def test_without_the_code_no_step_opens(client, db):
    assert client.get("/enrol/password/").status_code == 404
    assert client.get("/enrol/factor/").status_code == 404


def test_nobody_is_added_twice(adam, riverton, alice):
    with pytest.raises(AddressTaken):
        people.add(adam, riverton, name="Another", email=person_of(alice).email.upper())


def test_only_an_administrator_adds_people_and_only_to_the_own_agency(alice, adam, riverton, lakeside):
    for actor, agency in ((alice, riverton), (adam, lakeside)):
        with pytest.raises(NotAllowed):
            people.add(actor, agency, name="Nina", email="nina@rpd.example")


def test_people_of_another_agency_are_not_there(adam, lena):
    with pytest.raises(NotVisible):
        people.disable(adam, lena.id)


def test_an_auditor_sees_people_and_changes_none(audrey, alice):
    with pytest.raises(NotAllowed):
        people.disable(audrey, alice.id)


def test_a_reset_takes_everything_and_gives_a_code(adam, alice, browser):
    device, client = enrolled(alice), browser(alice)
    _person, code = people.reset_sign_in(adam, alice.id)
    device.refresh_from_db()
    assert device.removed_at
    assert not person_of(alice).has_usable_password()
    assert client.get("/api/v1/session").status_code == 401
    assert begin(Client(HTTP_HOST="localhost"), person_of(alice).email, code).status_code == 302


def test_nobody_changes_the_own_roles_or_closes_the_own_account(adam):
    with pytest.raises(OwnRoles):
        roles.give(adam, person_of(adam), Role.DETECTIVE)
    with pytest.raises(OwnRoles):
        people.disable(adam, adam.id)


def test_who_administers_does_not_audit(adam, audrey):
    with pytest.raises(DutiesApart):
        roles.give(CONSOLE, person_of(adam), Role.AUDITOR)


def test_a_supervisor_has_a_unit(adam, alice):
    with pytest.raises(RoleNeedsUnit):
        roles.give(adam, person_of(alice), Role.SUPERVISOR)


def test_a_role_that_is_taken_reaches_nothing_any_more(adam, sam, robbery, browser, case):
    client = browser(sam)
    assert client.get(f"/cases/{case.id}/").status_code == 200
    roles.take(adam, person_of(sam), Role.SUPERVISOR, robbery)
    assert client.get(f"/cases/{case.id}/").status_code == 404


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("short", "at least 8"), ("password123", "tried first"), ("abababababab", "repeats"),
        ("alicearcher1", "too close"), ("Proofroom2026", "too close"), ("x" * 1001, "at most"),
    ],
)  # fmt: skip
def test_a_weak_password_is_refused_with_the_reason(alice, password, why):
    with pytest.raises(WeakPassword, match=why):
        check(password, person_of(alice))


@pytest.mark.parametrize(
    "password", ["correct horse battery", "пять зелёных цапель", "a b c d e f!", "x9" + "é" * 3 + "kLmn"]
)
def test_long_ones_spaces_and_every_character_are_taken(alice, password):
    check(password, person_of(alice))


def test_the_console_founds_an_agency_with_its_administrator(db, capsys):
    call_command("add_agency", "Pine County", "--ori=XX0030000", "--prefix=PCS", "--zone=America/Denver",
                 "--admin=root@pine.example", "--admin-name=Ada Root")  # fmt: skip
    assert "/enrol/" in capsys.readouterr().out
    assert Person.objects.get().roles_held.get().role == "administrator"


def test_passwords_are_hashed_by_argon2id_with_19_mebibytes_or_more():
    # OWASP's least: m=19 MiB, t=2, p=1. The tests themselves hash with less; the class says what the service does.
    told = subprocess.run(
        [sys.executable, "-c", "from django.contrib.auth.hashers import Argon2PasswordHasher as A; print(A.memory_cost)"],
        capture_output=True, check=True, text=True,
    )  # fmt: skip
    assert int(told.stdout) >= 19 * 1024
    assert settings.PASSWORD_HASHERS == ["django.contrib.auth.hashers.Argon2PasswordHasher"]


def test_the_banner_comes_before_enrolling_too(client):
    assert client.get("/enrol/")["Location"] == "/sign-in/?next=%2Fenrol%2F"
    assert b"authorized users only" in client.get("/sign-in/?next=%2Fenrol%2F").content
    assert client.post("/sign-in/", {"acknowledged": "1", "next": "/enrol/"})["Location"] == "/enrol/"
    assert client.get("/enrol/").status_code == 200
