"""The guard in front of every door, and the one map from errors to answers."""

from threading import Barrier, Thread

import pytest
from django.core.checks import run_checks
from django.db import connection, connections, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import path
from uuid_utils.compat import uuid7

from accounts import factors, http
from accounts.http import AccountsMiddleware, Undeclared, anybody, no_event, route
from accounts.models import Agency, Tally
from custody.models import Entry
from tests.cast import bearer, code_of, enrolled, person_of


def refusals(actor) -> int:
    return Entry.objects.filter(actor_id=actor.id, outcome="refused").count()


def test_a_url_without_a_rule_keeps_the_server_from_starting(monkeypatch):
    open_door = path("open/", lambda _request: HttpResponse())
    every = [*http.patterns(), ("open/", open_door)]
    monkeypatch.setattr(http, "patterns", lambda: every)
    assert [error.id for error in run_checks() if error.id == "accounts.E001"] == ["accounts.E001"]
    with pytest.raises(Undeclared, match="open/"):
        AccountsMiddleware(lambda _request: HttpResponse())


def test_a_route_without_a_rule_is_not_even_declared():
    with pytest.raises(Undeclared):
        route("open/")


def test_every_url_of_ours_declares_a_permission_or_says_why_there_is_no_event():
    for url, found in http.patterns():
        for rule in found.callback.rules.values():
            assert rule.permission or rule.event, url


def test_a_page_that_is_not_there_looks_like_an_object_that_is_not_visible(browser, charlie, case):
    client = browser(charlie)
    hidden, nothing = client.get(f"/cases/{case.id}/"), client.get(f"/cases/{uuid7()}/")
    unknown = client.get("/no-such-page/")
    assert {hidden.status_code, nothing.status_code, unknown.status_code} == {404}
    bodies = {answer.content.split(b"<main")[1].split(b"</main")[0] for answer in (hidden, nothing, unknown)}
    assert len(bodies) == 1


def test_a_refusal_is_an_entry_and_an_id_that_does_not_exist_a_count(browser, charlie, case):
    client = browser(charlie)
    client.get(f"/cases/{case.id}/")
    assert refusals(charlie) == 1
    client.get(f"/cases/{uuid7()}/")
    assert refusals(charlie) == 1
    assert Tally.objects.get(name="no-such-object").count == 1


def test_a_role_without_the_right_is_refused_with_an_entry(browser, alice):
    assert browser(alice).get("/admin-agency/").status_code == 403
    assert refusals(alice) == 1


def test_repeats_within_the_minute_are_counted_in_the_first(browser, alice):
    client = browser(alice)
    for _ in range(3):
        client.get("/admin-agency/")
    assert refusals(alice) == 1


def test_a_refusal_survives_the_rollback_of_what_was_refused(browser, charlie, case):
    answer = browser(charlie).post(f"/cases/{case.id}/people/", {"person": str(charlie.id), "level": "view"})
    assert answer.status_code == 404
    assert refusals(charlie) == 1
    assert not connection.in_atomic_block


def test_an_unexpected_error_shows_no_trace(alice, browser, monkeypatch):
    def breaks(*_args: object) -> None:
        raise RuntimeError("the inside of the house")

    monkeypatch.setattr("home.views.overview", breaks)
    client = browser(alice)
    client.raise_request_exception = False
    answer = client.get("/")
    assert answer.status_code == 500
    assert b"the inside of the house" not in answer.content
    assert b"Something went wrong on our side" in answer.content


def test_the_api_tells_problems_in_one_form(client, alice):
    answer = client.get(f"/api/v1/cases/{uuid7()}/", headers=bearer(alice))
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json() == {
        "type": "about:blank", "title": "Not Found", "status": 404, "code": "not-found",
        "detail": "There is nothing here, or you have no access to it.",
    }  # fmt: skip


def test_what_can_not_be_parsed_is_a_problem_with_a_reason(client, alice):
    answer = client.post("/api/v1/cases/", "{no json", content_type="application/json", headers=bearer(alice))
    assert (answer.status_code, answer.json()["code"]) == (400, "parse-error")


def test_a_foreign_host_is_turned_away(db):
    assert Client(HTTP_HOST="evil.example").get("/sign-in/").status_code == 400


def test_personal_pages_stay_out_of_every_cache(browser, alice):
    assert "no-store" in browser(alice).get("/account/")["Cache-Control"]


def test_the_policy_allows_no_inline_code(client, db):
    policy = client.get("/sign-in/")["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe-inline" not in policy


def test_of_two_requests_with_one_code_one_wins(alice):
    device = enrolled(alice)
    code, person, together, won = code_of(device), person_of(alice), Barrier(2), []

    def spend() -> None:
        together.wait()
        won.append(factors.accept_any(person, code))
        connections.close_all()

    threads = [Thread(target=spend) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(won) == [False, True]


def test_an_anonymous_door_may_be_declared():
    door = route("x/", GET=anybody(no_event("a test")))(lambda _request: HttpResponse())
    assert door.route[2]["GET"].permission is None


def test_agencies_of_one_installation_do_not_see_each_other(browser, adam, lena, lakeside):
    client = browser(adam)
    assert client.get(f"/admin-agency/people/{lena.id}/").status_code == 404
    assert lakeside.name.encode() not in client.get("/admin-agency/").content
    with transaction.atomic():
        assert Agency.objects.count() == 2
