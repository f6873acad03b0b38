"""The whole installation and a real browser: web server, worker and steward over one database for all of this folder."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Browser, sync_playwright

from accounts import agencies, sessions
from accounts.models import Agency
from accounts.permissions import Role
from accounts.rights import CONSOLE
from custody.actors import Actor
from tests.cast import hire, person_of
from tests.e2e import browsers, making
from tests.e2e.desks import Desk
from tests.live import Live
from tests.stack import Stack

# The driver keeps an event loop in this thread, in which Django would refuse its database; nothing here is concurrent.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All of this folder drives a real browser."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker("e2e")


@dataclass
class Room:
    """The installation: its address, and its people by their first name in lower case."""

    url: str
    people: dict[str, Actor] = field(default_factory=dict)

    def __getattr__(self, name: str) -> Actor:
        try:
            return self.people[name]
        except KeyError:
            raise AttributeError(name) from None


def populate() -> dict[str, Actor]:
    """The people of the cast, hired by the real functions."""
    riverton = agencies.add(CONSOLE, name="Riverton Police", ori="XX0010100", prefix="RPD", kind=Agency.Kind.POLICE,
                            zone="America/Chicago")  # fmt: skip
    robbery = agencies.add_unit(CONSOLE, riverton, "Robbery")
    return {
        "alice": hire(riverton, "Alice Archer", Role.DETECTIVE, robbery),
        "bob": hire(riverton, "Bob Baker", Role.DETECTIVE, robbery),
        "audrey": hire(riverton, "Audrey Abbott", Role.AUDITOR),
        "sam": hire(riverton, "Sam Sutton", Role.SUPERVISOR, robbery),
        "carl": hire(riverton, "Carl Cooper", Role.CUSTODIAN),
        "adam": hire(riverton, "Adam Abel", Role.ADMINISTRATOR),
    }


@pytest.fixture(scope="package")
def room(services: Stack, collected: None, django_db_blocker: Any) -> Iterator[Room]:
    """Everything runs, and the cast is hired."""
    del collected
    with django_db_blocker.unblock():
        name = services.new_database()
        live = Live(services, name)
        try:
            live.url = live.web()
            live.worker()
            live.steward()
            yield Room(live.url, populate())
        finally:
            live.end()
            services.end_database(name)


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """A real Chromium, safety on but for its own sandbox, which needs a user other than root."""
    found = browsers.find()
    with sync_playwright() as driver:
        flags = ["--no-sandbox"] if os.geteuid() == 0 else []
        environment: dict[str, str | float | bool] = {**os.environ, **found.environment}
        opened = driver.chromium.launch(executable_path=found.program, args=flags, env=environment)
        yield opened
        opened.close()


def signed_in(at: Desk, actor: Actor) -> Desk:
    """Sign the browser in fast: a real session, without password and code."""
    _session, secret = sessions.open_session(person_of(actor))
    at.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": secret, "url": at.url}])
    return at


@pytest.fixture
def desk(room: Room, chromium: Browser) -> Iterator[Callable[..., Desk]]:
    """Sits somebody at a browser of their own: `desk(room.alice)`; `desk()` is signed out.

    When the test ends, anything on the console that was not expected and any report of the policy fails it.
    """
    desks: list[Desk] = []

    def sit(actor: Actor | None = None, *, phone: bool = False) -> Desk:
        made = Desk(chromium, room.url, phone=phone)
        desks.append(made)
        return signed_in(made, actor) if actor else made

    yield sit
    for one in desks:
        one.context.close()
    said = [line for one in desks for line in one.complaints]
    assert not said, "The browser complained:\n" + "\n".join(said)


@pytest.fixture(scope="package")
def made(tmp_path_factory: pytest.TempPathFactory) -> making.Samples:
    """Small real files, made once."""
    return making.Samples(tmp_path_factory.mktemp("evidence"))


@pytest.fixture(scope="session")
def pictures() -> Path:
    """Where screenshots go."""
    folder = Path(__file__).resolve().parents[2] / "var" / "screenshots"
    folder.mkdir(parents=True, exist_ok=True)
    return folder
