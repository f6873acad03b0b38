"""What tests of evidence say often."""

from collections.abc import Callable, Iterator
from threading import Event as Flag
from threading import Thread
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, connections

from custody import sequencing
from custody.actors import Actor
from custody.models import Entry
from evidence.models import Case, Item
from tests.exhibits import file_item
from verifier import entry as form
from verifier.events import say


def last_entry(object_id: UUID) -> Entry:
    """The newest entry about something."""
    return Entry.objects.filter(subjects__object_id=object_id).order_by("-at").first() or Entry()


def told(entry: Entry) -> str:
    """The entry in words, everything open."""
    return say(form.parse(bytes(entry.body)), {one.name: one.value for one in entry.openings.all()})


def said(object_id: UUID) -> str:
    """The newest entry about something, in words."""
    return told(last_entry(object_id))


def entries(object_id: UUID) -> int:
    """How many entries there are about something."""
    return Entry.objects.filter(subjects__object_id=object_id).count()


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """What the acts return, done in threads that start together. An error is returned, not raised."""
    go = Flag()
    results: list[Any] = [None] * len(acts)

    def run(place: int, act: Callable[[], Any]) -> None:
        go.wait()
        try:
            results[place] = act()
        except Exception as error:  # noqa: BLE001 - the test looks at it
            results[place] = error
        finally:
            connection.close()

    threads = [Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    go.set()
    for thread in threads:
        thread.join(20)
    return results


@pytest.fixture
def sequencer(db: str) -> Iterator[None]:
    """The sequencer runs beside the test."""
    del db
    stop = Flag()

    def run() -> None:
        while not stop.wait(0.05):
            sequencing.sequence()
        connections.close_all()

    thread = Thread(target=run)
    thread.start()
    yield
    stop.set()
    thread.join(20)


@pytest.fixture
def loose_item(alice: Actor) -> Item:
    """An item of Alice's that is in no case."""
    return file_item(alice, None, "loose.jpg", kind="photo")


@pytest.fixture
def bobs_item(bob: Actor, case: Case) -> Item:
    """An item that Bob added to Alice's case."""
    return file_item(bob, case, "hallway.jpg", kind="photo")
