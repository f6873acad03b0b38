"""While PostgreSQL is away, pages and API say so and when to try again; nobody sees a trace."""

from collections.abc import Callable, Iterator

import pytest
from django.db import OperationalError, connections
from django.test import Client

from custody.actors import Actor
from tests.cast import bearer


@pytest.fixture
def away(db: str) -> Iterator[Callable[[], None]]:
    """Cuts the database off, as a restart does, until the test is over."""
    default = connections["default"]
    usual = dict(default.settings_dict)

    def cut() -> None:
        default.close()
        default.settings_dict.update(PORT="1")

    yield cut
    default.close()
    default.settings_dict.update(PORT=usual["PORT"])


def test_a_page_says_that_nothing_is_lost(
    alice: Actor, browser: Callable[[Actor], Client], away: Callable[[], None]
) -> None:
    client = browser(alice)
    away()
    answer = client.get("/cases/")
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert b"Nothing is lost" in answer.content


def test_the_api_answers_with_a_code(alice: Actor, client: Client, away: Callable[[], None]) -> None:
    headers = bearer(alice)
    away()
    answer = client.get("/api/v1/session", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (503, "database-away")


def test_a_rule_that_loses_its_database_says_so_too(
    alice: Actor, browser: Callable[[Actor], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    def lost(*_args: object, **_more: object) -> None:
        raise OperationalError

    monkeypatch.setattr("evidence.listing.cases", lost)
    client = browser(alice)
    assert client.get("/cases/").status_code == 503
    assert client.get("/api/v1/cases/").json()["code"] == "database-away"
