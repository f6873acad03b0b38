"""The world is built once a run; every cell gets a clone of it."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connections
from django.test import Client

from accounts import permissions
from accounts.permissions import SIGNED_IN, Permission, Role
from custody.actors import Actor
from jobs import running
from tests.cast import sign_in
from tests.matrix.world import World, build
from tests.stack import Stack


@pytest.fixture(scope="session")
def built(services: Stack, django_db_blocker: Any) -> Iterator[World]:
    """The world, in a database that the cells are cloned from."""
    with django_db_blocker.unblock():
        name = services.new_database()
        world = build(name, running.run_due)
        connections.close_all()
        yield world
        services.end_database(name)


@pytest.fixture
def world(built: World, stack: Stack, django_db_blocker: Any) -> Iterator[World]:
    """The world in a database of this cell's own."""
    with django_db_blocker.unblock():
        name = stack.new_database(built.database)
        yield built
        stack.end_database(name)


@pytest.fixture
def holding(monkeypatch: pytest.MonkeyPatch) -> Callable[[frozenset[Permission]], None]:
    """Make the detectives' role hold exactly this, for the one cell."""

    def hold(held: frozenset[Permission]) -> None:
        monkeypatch.setitem(permissions.HOLDS, Role.DETECTIVE, held | SIGNED_IN)

    return hold


@pytest.fixture
def enter() -> Callable[[Actor | None], Client]:
    """A browser of somebody's, or of nobody's."""

    def browser(actor: Actor | None) -> Client:
        client = Client(HTTP_HOST="localhost", raise_request_exception=True)
        return sign_in(client, actor) if actor else client

    return browser
