"""Two at once at the door: guesses are counted, and who is closed meanwhile does not get in."""

from threading import Barrier

import pytest
from django.conf import settings
from django.db import connection

from accounts import devices, factors, passwords, people, sessions, signing_in, tokens
from accounts.actors import Origin
from accounts.errors import NotAllowed, SignInFailed, WrongCode, WrongPassword
from accounts.models import SignedInSession, SignInFailure, Token
from accounts.rights import CONSOLE
from tests.cast import PASSWORD, acting, code_of, enrolled, person_of
from tests.evidence.conftest import at_once

HERE = Origin("10.1.1.1")


@pytest.fixture(autouse=True)
def quickly(monkeypatch):
    monkeypatch.setattr(settings, "SIGN_IN_SECONDS", 0)


def test_no_more_codes_are_tried_at_once_than_one_after_another(alice, monkeypatch):
    enrolled(alice)
    tried = []
    monkeypatch.setattr(factors, "accept_any", lambda *_: bool(tried.append(1)))
    found = at_once(*[lambda: signing_in.check_code(person_of(alice), "000000", HERE)] * 12)
    assert len(tried) == settings.LOCK_FAILURES
    assert {type(one) for one in found} == {WrongCode, SignInFailed}


def test_a_password_that_is_found_after_the_lock_opens_nothing(alice, monkeypatch):
    enrolled(alice)
    person, right = person_of(alice), passwords.is_right

    def slow(who, password: str) -> bool:
        found = right(who, password)
        for _ in range(settings.LOCK_FAILURES):
            signing_in.failed(person, HERE)
        return found

    monkeypatch.setattr(passwords, "is_right", slow)
    with pytest.raises(SignInFailed):
        signing_in.check_password(person.email, PASSWORD, HERE)


def test_a_sign_in_that_crosses_the_closing_of_the_account_opens_nothing(alice, monkeypatch):
    device = enrolled(alice)
    person, code = person_of(alice), code_of(device)
    people.disable(CONSOLE, person.id)
    monkeypatch.setattr(signing_in, "may_try", lambda _person: True)  # as it was looked at a moment before
    with pytest.raises(SignInFailed):
        signing_in.check_code(person, code, HERE)
    people.enable(CONSOLE, person.id)
    assert not SignedInSession.objects.filter(person=person).exists()


def test_a_token_that_crosses_the_closing_of_the_account_is_not_issued(alice):
    person, met = person_of(alice), Barrier(2, timeout=10)

    def disable() -> None:
        met.wait()
        people.disable(CONSOLE, person.id)

    def issue() -> None:
        met.wait()
        for _ in range(20):
            tokens.issue(alice, person, "a test")

    at_once(disable, issue)
    with pytest.raises(NotAllowed):
        tokens.issue(alice, person, "a test")
    people.enable(CONSOLE, person.id)
    assert not Token.objects.filter(person=person, revoked_at=None).exists()


def test_a_device_that_was_let_in_gets_no_token_once_the_account_was_closed(alice):
    person = person_of(alice)
    device, secret = devices.begin("a laptop", HERE)
    devices.confirm(alice, person, device.user_code)
    people.disable(CONSOLE, person.id)
    people.enable(CONSOLE, person.id)
    with pytest.raises(devices.AccessDenied):
        devices.collect(secret, HERE)


def test_guessing_the_current_password_locks_the_account(alice):
    enrolled(alice)
    actor = acting(alice)
    session = sessions.live_rows().select_related("person__agency").get(digest=actor.session)
    for _ in range(settings.LOCK_FAILURES):
        with pytest.raises(WrongPassword):
            signing_in.change_password(actor, session, current="a guess", new="four score and seven", origin=HERE)
    assert person_of(alice).locked_at is not None
    assert SignInFailure.objects.filter(person=person_of(alice)).count() == settings.LOCK_FAILURES
    assert not sessions.live_rows().filter(pk=session.pk).exists()
    connection.close()


def test_signing_in_makes_a_planted_form_token_worthless(client, alice):
    device = enrolled(alice)
    client.post("/sign-in/", {"acknowledged": "1"})
    client.post("/sign-in/", {"email": person_of(alice).email, "password": PASSWORD})
    before = client.cookies[settings.CSRF_COOKIE_NAME].value
    client.post("/sign-in/factor/", {"code": code_of(device)})
    assert client.cookies[settings.CSRF_COOKIE_NAME].value != before
