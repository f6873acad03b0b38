"""Sessions: idle, too long, ended by whoever may, and never by another's cookie."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from accounts import people, sessions, tokens
from accounts.models import SignedInSession, Token
from custody.models import Entry
from tests.cast import PASSWORD, bearer, code_of, enrolled, person_of

ME = "/api/v1/session"


def back(seconds: int, *, opened: bool = False) -> None:
    ago = timezone.now() - timedelta(seconds=seconds)
    SignedInSession.objects.update(**{"opened_at" if opened else "seen_at": ago})


def test_the_cookie_is_stored_as_a_digest_only(browser, alice):
    secret = browser(alice).cookies[settings.SESSION_COOKIE_NAME].value
    assert not SignedInSession.objects.filter(digest=secret).exists()
    assert len(secret) >= 43


def test_thirty_idle_minutes_end_it_with_an_entry(browser, alice):
    client = browser(alice)
    back(settings.SESSION_IDLE_SECONDS - 5)
    assert client.get(ME).status_code == 200
    back(settings.SESSION_IDLE_SECONDS + 1)
    assert client.get(ME).status_code == 401
    assert Entry.objects.filter(event="session.expired", actor_id=alice.id).count() == 1


def test_activity_keeps_it_and_polling_does_not(browser, alice, monkeypatch):
    client = browser(alice)
    back(600)
    client.get(ME, headers={"X-Automatic": "1"})
    assert SignedInSession.objects.get().seen_at < timezone.now() - timedelta(seconds=500)
    client.get(ME)
    assert SignedInSession.objects.get().seen_at > timezone.now() - timedelta(seconds=5)


def test_twelve_hours_end_it_however_active(browser, alice):
    client = browser(alice)
    back(settings.SESSION_LIFE_SECONDS + 1, opened=True)
    assert client.get(ME).status_code == 401


def test_the_steward_ends_what_nobody_comes_back_to(browser, alice):
    browser(alice)
    back(settings.SESSION_IDLE_SECONDS + 1)
    sessions.expire_due()
    sessions.expire_due()
    assert Entry.objects.filter(event="session.expired").count() == 1


def test_signing_out_ends_it_on_the_server_and_clears_the_browser(browser, alice):
    client = browser(alice)
    secret = client.cookies[settings.SESSION_COOKIE_NAME].value
    answer = client.post("/sign-out/")
    assert answer["Clear-Site-Data"] == '"cache", "storage"'
    client.cookies[settings.SESSION_COOKIE_NAME] = secret
    assert client.get(ME).status_code == 401


def test_who_is_disabled_is_out_at_once_with_session_and_token(browser, alice, adam):
    client, token = browser(alice), bearer(alice)
    people.disable(adam, alice.id)
    assert client.get(ME).status_code == 401
    assert Client(HTTP_HOST="localhost").get(ME, headers=token).status_code == 401


def test_a_page_without_a_session_leads_to_the_sign_in_and_back(client):
    answer = client.get("/account/?x=1")
    assert answer["Location"] == "/sign-in/?next=%2Faccount%2F%3Fx%3D1"


def test_htmx_is_told_to_load_the_sign_in_whole(client):
    answer = client.get("/account/", headers={"HX-Request": "true"})
    assert answer["HX-Redirect"].startswith("/sign-in/")


def test_another_tab_of_htmx_keeps_its_place(client, db):
    answer = client.post("/account/keys/", headers={"Referer": "http://localhost/account/"})
    assert answer["Location"] == "/sign-in/?next=%2Faccount%2F"


def test_a_change_of_password_ends_the_others_and_renews_the_own(browser, alice):
    enrolled(alice)
    here, there = browser(alice), browser(alice)
    old = here.cookies[settings.SESSION_COOKIE_NAME].value
    new = "four blue kettles sing"
    answer = here.post("/account/password/", {"current": PASSWORD, "new": new, "again": new})
    assert answer.status_code == 302
    assert (here.get(ME).status_code, there.get(ME).status_code) == (200, 401)
    assert here.cookies[settings.SESSION_COOKIE_NAME].value != old


def test_the_current_password_is_needed(browser, alice):
    enrolled(alice)
    new = "four blue kettles sing"
    answer = browser(alice).post("/account/password/", {"current": "no", "new": new, "again": new})
    assert b"current password is wrong" in answer.content


def test_a_password_that_is_due_stops_everything_else(browser, alice):
    enrolled(alice)
    client, person = browser(alice), person_of(alice)
    person.must_change_password = True
    person.save()
    assert client.get("/cases/")["Location"] == "/account/password/"
    assert client.get("/api/v1/cases/").json()["code"] == "password-change-required"


def test_a_dangerous_act_asks_for_the_code_again_and_leads_back(browser, alice):
    device, client = enrolled(alice), browser(alice)
    SignedInSession.objects.update(factor_at=timezone.now() - timedelta(seconds=settings.STEP_UP_SECONDS + 1))
    answer = client.get("/account/tokens/new/")
    assert answer["Location"] == "/confirm/?next=%2Faccount%2Ftokens%2Fnew%2F"
    answer = client.post("/confirm/", {"code": code_of(device), "next": "/account/tokens/new/"})
    assert answer["Location"] == "/account/tokens/new/"
    assert client.get("/account/tokens/new/").status_code == 200


def test_a_wrong_code_at_the_step_up_counts_as_a_failure(browser, alice):
    enrolled(alice)
    client = browser(alice)
    for _ in range(5):
        client.post("/confirm/", {"code": "000000"})
    assert person_of(alice).locked_at
    assert client.get(ME).status_code == 401


def test_a_cookie_needs_the_form_token_on_the_api_and_a_bearer_does_not(alice, browser):
    strict = Client(HTTP_HOST="localhost", enforce_csrf_checks=True)
    strict.cookies = browser(alice).cookies
    body = {"title": "Theft, Mill Street"}
    answer = strict.post("/api/v1/cases/", body, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (403, "form-expired")
    bare = Client(HTTP_HOST="localhost", enforce_csrf_checks=True)
    assert bare.post("/api/v1/cases/", body, content_type="application/json", headers=bearer(alice)).status_code == 201


def test_a_page_refuses_a_form_without_its_token(alice, browser):
    strict = Client(HTTP_HOST="localhost", enforce_csrf_checks=True)
    strict.cookies = browser(alice).cookies
    assert strict.post("/account/keys/", {"on": "0"}).status_code == 403


def test_a_revoked_token_is_refused_and_the_ledger_knows(alice, client):
    token = bearer(alice)
    assert client.get(ME, headers=token).status_code == 200
    tokens.revoke(alice, person_of(alice), Token.objects.get().id)
    answer = client.get(ME, headers=token)
    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, 'Bearer realm="Proofroom"')
    assert Entry.objects.filter(event="access.refused", subjects__kind="token").count() == 1


def test_a_token_never_steps_up_and_opens_no_page(alice, client):
    assert client.get("/account/", headers=bearer(alice)).status_code == 302


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_a_method_that_is_not_declared_is_405(client, alice, method):
    answer = getattr(client, method)(ME, headers=bearer(alice))
    assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD")
