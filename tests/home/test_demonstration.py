"""The fictional people, and the commands that play their authenticators."""

import json
import stat
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import Client

from accounts import factors
from accounts.models import Person
from evidence.models import Case
from home import demonstration


@pytest.fixture
def demo(db, monkeypatch, tmp_path):
    monkeypatch.setattr(settings, "DEMO", True)
    monkeypatch.setattr(settings, "HOME", tmp_path)
    monkeypatch.setattr(settings, "SIGN_IN_SECONDS", 0)
    return demonstration.seed()


def said(*command: str) -> str:
    out = StringIO()
    call_command(*command, stdout=out)
    return out.getvalue().strip()


def test_it_refuses_outside_the_demonstration(db, monkeypatch):
    monkeypatch.setattr(settings, "DEMO", False)
    for command in (["seed_demo"], ["demo_people", "--json"], ["demo_code", "a@b.example"], ["services", "--json"]):
        with pytest.raises(demonstration.NoDemonstration):
            said(*command)


def test_the_second_seed_changes_nothing(demo):
    assert demonstration.seed() == demo
    assert Person.objects.count() == len(demo) == 8


def test_the_passwords_are_readable_by_this_user_only(demo, tmp_path):
    assert stat.S_IMODE((tmp_path / "demo.json").stat().st_mode) == 0o600
    assert {person["email"] for person in json.loads(said("demo_people", "--json"))} >= {"detective@riverton.example"}
    assert Path(tmp_path / "demo.json").read_text().count("password") == 8


def test_the_case_has_its_number_and_the_next_one_follows(demo):
    assert Case.objects.get().number == "RPD-2026-00017"


def test_everybody_signs_in_with_password_and_the_printed_code(demo):
    for person in demo:
        client = Client(HTTP_HOST="localhost")
        client.post("/sign-in/", {"acknowledged": "1"})
        client.post("/sign-in/", {"email": person.email, "password": person.password})
        answer = client.post("/sign-in/factor/", {"code": said("demo_code", person.email)})
        assert answer.status_code == 302, person
        assert client.get("/").status_code == 200, person


def test_a_used_code_is_not_printed_again(demo, monkeypatch):
    email = "detective@riverton.example"
    first = said("demo_code", email)
    device = factors.confirmed_devices(Person.objects.get(email=email))[0]
    assert factors.accept(device, first)
    assert said("demo_code", email) != first


def test_it_waits_when_every_code_of_the_window_is_used(demo, monkeypatch):
    email = "detective@riverton.example"
    device = factors.confirmed_devices(Person.objects.get(email=email))[0]
    device.last_step = factors.current_step() + 1
    device.save()
    waited = []

    def later(seconds: float) -> None:
        waited.append(seconds)
        monkeypatch.setattr(factors, "current_step", lambda: device.last_step + 1)

    monkeypatch.setattr("home.demonstration.time.sleep", later)
    assert len(said("demo_code", email)) == 6
    assert waited


def test_an_issued_token_opens_the_api(demo):
    token = said("issue_token", "detective@riverton.example", "--name", "a test")
    answer = Client(HTTP_HOST="localhost").get("/api/v1/session", headers={"Authorization": f"Bearer {token}"})
    assert answer.json()["roles"] == ["detective"]


def test_services_tell_where_everything_is(demo):
    told = json.loads(said("services", "--json"))
    assert set(told) == {"s3", "postgres", "broker"}
    assert told["postgres"]["dsn"].startswith("postgresql://proofroom_web:")
