"""Signing in by password and code, and what a stranger learns from trying."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from accounts import people, signing_in
from accounts.actors import Origin
from accounts.errors import SignInFailed, WrongCode
from accounts.models import Notice, SignedInSession, SignInFailure, Tally
from accounts.rights import CONSOLE
from custody.actors import Actor
from custody.models import Entry
from tests.cast import PASSWORD, code_of, enrolled, person_of

HERE = Origin("10.1.1.1")


@pytest.fixture(autouse=True)
def quickly(monkeypatch):
    monkeypatch.setattr(settings, "SIGN_IN_SECONDS", 0)


def give(client: Client, email: str, password: str):
    client.post("/sign-in/", {"acknowledged": "1"})
    return client.post("/sign-in/", {"email": email, "password": password, "next": "/account/"})


def test_the_banner_stays_until_it_is_acknowledged(client, alice):
    answer = client.post("/sign-in/", {"email": "a@b.example", "password": "x"})
    assert b"authorized users only" in answer.content
    assert b"Password" in client.post("/sign-in/", {"acknowledged": "1"}).content


def test_password_and_code_sign_in_and_lead_on(client, alice):
    device = enrolled(alice)
    answer = give(client, person_of(alice).email, PASSWORD)
    assert answer["Location"] == "/sign-in/factor/?next=%2Faccount%2F"
    answer = client.post("/sign-in/factor/", {"code": code_of(device), "next": "/account/"})
    assert answer["Location"] == "/account/"
    assert client.get("/api/v1/session").json()["person"]["name"] == "Alice Archer"
    assert Entry.objects.filter(event="session.opened", actor_id=alice.id).count() == 1


def test_it_never_leads_to_another_site(client, alice):
    device = enrolled(alice)
    give(client, person_of(alice).email, PASSWORD)
    answer = client.post("/sign-in/factor/", {"code": code_of(device), "next": "//evil.example/"})
    assert answer["Location"] == "/"


def test_each_code_is_accepted_once(alice):
    device = enrolled(alice)
    code = code_of(device)
    signing_in.check_code(person_of(alice), code, HERE)
    with pytest.raises(WrongCode):
        signing_in.check_code(person_of(alice), code, HERE)


def test_a_code_older_than_the_window_is_refused(alice, monkeypatch):
    device = enrolled(alice)
    code = code_of(device)
    monkeypatch.setattr("accounts.factors.current_step", lambda: int(timezone.now().timestamp()) // 30 + 2)
    with pytest.raises(WrongCode):
        signing_in.check_code(person_of(alice), code, HERE)


def test_a_stranger_learns_nothing_from_the_answer(client, alice, bob):
    enrolled(alice)
    people.disable(CONSOLE, bob.id)
    answers = [give(Client(HTTP_HOST="localhost"), email, "wrong words here")
               for email in (person_of(alice).email, person_of(bob).email, "nobody@nowhere.example")]  # fmt: skip
    assert {answer.status_code for answer in answers} == {403}
    assert len({frozenset(answer.headers) for answer in answers}) == 1
    bodies = {answer.content.split(b"<main")[1].split(b'value="', 1)[0] for answer in answers}
    assert len(bodies) == 1


def test_every_refusal_takes_the_same_time(alice, monkeypatch):
    enrolled(alice)
    monkeypatch.setattr(settings, "SIGN_IN_SECONDS", 0.5)
    slept: list[float] = []
    monkeypatch.setattr("accounts.signing_in.time.sleep", slept.append)
    for email in (person_of(alice).email, "nobody@nowhere.example"):
        with pytest.raises(SignInFailed):
            signing_in.check_password(email, "wrong words here", HERE)
    assert len(slept) == 2


def test_an_unknown_name_is_kept_as_a_digest_only(db):
    with pytest.raises(SignInFailed):
        signing_in.check_password("hunter2", "x", HERE)
    kept = SignInFailure.objects.get()
    assert "hunter2" not in kept.name_digest
    assert len(kept.name_digest) == 64
    assert Tally.objects.get(name="unknown-name").count == 1


def fail(alice: Actor, times: int, origin: Origin = HERE) -> None:
    for _ in range(times):
        with pytest.raises(SignInFailed):
            signing_in.check_password(person_of(alice).email, "wrong words here", origin)


def test_a_failure_is_an_entry_about_the_person_by_somebody_unknown(alice):
    enrolled(alice)
    fail(alice, 1)
    entry = Entry.objects.get(event="session.refused")
    assert (entry.actor_kind, entry.actor_id, entry.outcome) == ("anonymous", None, "refused")
    assert entry.subjects.get().object_id == alice.id


def test_five_failures_lock_and_the_right_password_is_refused_like_a_wrong_one(alice, adam):
    enrolled(alice)
    fail(alice, 5)
    assert person_of(alice).locked_at
    assert Entry.objects.filter(event="person.locked").count() == 1
    assert Notice.objects.filter(person_id=adam.id, kind="person.locked").count() == 1
    with pytest.raises(SignInFailed):
        signing_in.check_password(person_of(alice).email, PASSWORD, HERE)


def test_an_administrator_releases_the_lock(alice, adam):
    enrolled(alice)
    fail(alice, 5)
    people.unlock(adam, alice.id)
    assert signing_in.check_password(person_of(alice).email, PASSWORD, HERE).id == alice.id


def test_old_failures_do_not_lock(alice):
    enrolled(alice)
    fail(alice, 4)
    SignInFailure.objects.update(at=timezone.now() - timedelta(seconds=settings.LOCK_WINDOW_SECONDS + 1))
    fail(alice, 1)
    assert person_of(alice).locked_at is None


def test_wrong_codes_count_too(alice):
    enrolled(alice)
    for _ in range(5):
        with pytest.raises(WrongCode):
            signing_in.check_code(person_of(alice), "000000", HERE)
    assert person_of(alice).locked_at


def test_a_success_starts_the_count_again(alice):
    device = enrolled(alice)
    fail(alice, 4)
    signing_in.check_code(person_of(alice), code_of(device), HERE)
    fail(alice, 4)
    assert person_of(alice).locked_at is None


def test_a_lock_ends_the_sessions(alice):
    device = enrolled(alice)
    signing_in.check_code(person_of(alice), code_of(device), HERE)
    fail(alice, 5)
    assert SignedInSession.objects.get().ended_why == "account locked"


def test_an_address_that_fails_too_often_is_throttled_and_locks_nobody_more(alice, monkeypatch):
    enrolled(alice)
    monkeypatch.setattr(settings, "ADDRESS_FAILURES", 3)
    for name in ("a@x.example", "b@x.example", "c@x.example"):
        with pytest.raises(SignInFailed):
            signing_in.check_password(name, "x", HERE)
    fail(alice, 6)
    assert person_of(alice).locked_at is None
    assert signing_in.check_password(person_of(alice).email, PASSWORD, Origin("10.2.2.2")).id == alice.id
