"""Devices that sign in by a code (RFC 8628), tokens, and where requests come from."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client, RequestFactory
from django.utils import timezone

from accounts.actors import origin_of
from accounts.models import DeviceCode, SignedInSession, Token
from tests.cast import bearer, enrolled

BEGIN, COLLECT = "/api/v1/device/", "/api/v1/device/token"


@pytest.fixture
def machine(db):
    return Client(HTTP_HOST="localhost")


def begin(machine: Client) -> dict[str, str]:
    return machine.post(BEGIN, {"name": "proofroom on a laptop"}, content_type="application/json").json()


def ask(machine: Client, begun: dict[str, str]):
    return machine.post(COLLECT, {"device_code": begun["device_code"]}, content_type="application/json")


def test_a_confirmed_device_gets_its_token_once(machine, browser, alice):
    begun = begin(machine)
    assert ask(machine, begun).json()["code"] == "authorization-pending"
    client = browser(alice)
    page = client.get("/device/", {"code": begun["user_code"].lower()}).content.decode()
    assert "proofroom on a laptop" in page
    client.post("/device/", {"code": begun["user_code"], "act": "confirm"})
    token = ask(machine, begun).json()["token"]
    me = machine.get("/api/v1/session", headers={"Authorization": f"Bearer {token}"}).json()
    assert me["person"]["name"] == "Alice Archer"
    assert ask(machine, begun).json()["code"] == "expired"


def test_a_device_that_asks_too_often_is_slowed_down(machine):
    begun = begin(machine)
    ask(machine, begun)
    assert ask(machine, begun).json()["code"] == "slow-down"
    DeviceCode.objects.update(polled_at=timezone.now() - timedelta(seconds=5))
    assert ask(machine, begun).json()["code"] == "authorization-pending"


def test_a_refused_device_is_told(machine, browser, alice):
    begun = begin(machine)
    browser(alice).post("/device/", {"code": begun["user_code"], "act": "refuse"})
    assert ask(machine, begun).json()["code"] == "access-denied"


def test_a_code_expires(machine, browser, alice):
    begun = begin(machine)
    DeviceCode.objects.update(expires_at=timezone.now())
    assert ask(machine, begun).json()["code"] == "expired"
    assert browser(alice).post("/device/", {"code": begun["user_code"], "act": "confirm"}).status_code == 404


def test_confirming_needs_a_fresh_code_of_the_authenticator(machine, browser, alice):
    enrolled(alice)
    client = browser(alice)
    SignedInSession.objects.update(factor_at=timezone.now() - timedelta(hours=1))
    answer = client.post("/device/", {"code": begin(machine)["user_code"], "act": "confirm"},
                         headers={"Referer": "http://localhost/device/"})  # fmt: skip
    assert answer["Location"] == "/confirm/?next=%2Fdevice%2F"
    assert DeviceCode.objects.get().confirmed_at is None


def test_one_address_can_not_fill_the_table(machine):
    answers = {machine.post(BEGIN, {}, content_type="application/json").status_code for _ in range(21)}
    assert answers == {200, 429}


def test_a_token_is_shown_once_and_stored_as_a_digest(browser, alice):
    page = browser(alice).post("/account/tokens/new/", {"name": "the station"}).content.decode()
    secret = page.split('id="token-secret">')[1].split("<")[0]
    token = Token.objects.get()
    assert secret not in (token.digest, token.name)
    assert (
        Client(HTTP_HOST="localhost").get("/api/v1/session", headers={"Authorization": f"Bearer {secret}"}).status_code
        == 200
    )


def test_a_token_expires(client, alice):
    headers = bearer(alice)
    Token.objects.update(expires_at=timezone.now())
    assert client.get("/api/v1/session", headers=headers).status_code == 401


def test_nobody_revokes_what_another_owns(browser, alice, bob):
    bearer(alice)
    assert browser(bob).post(f"/account/tokens/{Token.objects.get().id}/revoke/").status_code == 404
    assert Token.objects.get().revoked_at is None


@pytest.mark.parametrize(
    ("trusted", "forwarded", "claimed"),
    [
        ([], "1.2.3.4", ""),
        (["10.0.0.0/8"], "6.6.6.6, 1.2.3.4", "1.2.3.4"),
        (["10.0.0.0/8"], "1.2.3.4, 10.0.0.9", "1.2.3.4"),
        (["192.168.0.0/16"], "1.2.3.4", ""),
    ],
)
def test_a_forwarded_address_counts_from_configured_proxies_only(monkeypatch, trusted, forwarded, claimed):
    monkeypatch.setattr(settings, "TRUSTED_PROXIES", trusted)
    request = RequestFactory().get("/", REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR=forwarded)
    assert (origin_of(request).peer, origin_of(request).claimed) == ("10.0.0.1", claimed)


def test_the_api_describes_itself(machine):
    told = machine.get("/api/v1/openapi.json").json()
    assert told["openapi"].startswith("3.1")
    assert {"/api/v1/session", "/api/v1/cases/", "/api/v1/uploads/"} <= set(told["paths"])
