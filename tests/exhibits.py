"""Cases and items for tests, made with the real functions. An item here is sealed by its row, without bytes."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from custody.actors import Actor
from evidence import cases, filing, members, search
from evidence.models import Case, Item
from tests.cast import person_of

MakeItem = Callable[..., Item]
SOME_HASH = "9f" * 32


def file_item(actor: Actor, case: Case | None = None, name: str = "cam4.mp4", **fields: Any) -> Item:
    """An item as intake makes it, and then set to the state that the test needs."""
    with transaction.atomic():
        item = filing.new_item(actor, person_of(actor), name, case)
        fields = {"state": Item.State.SEALED, "sealed_at": timezone.now(), "sha256": SOME_HASH, "bytes": 3,
                  "processing": Item.Processing.DONE, "kind": "video"} | fields  # fmt: skip
        Item.objects.filter(id=item.id).update(**fields)
        item.refresh_from_db()
        search.index(item)
    return item


@pytest.fixture
def case(alice: Actor, bob: Actor) -> Case:
    """Alice's case; Bob works on it."""
    opened = cases.open_case(alice, title="Robbery, Mill Street pharmacy")
    members.add_member(alice, opened.id, person_of(bob).id, members.Level.WORK)
    return Case.objects.get(id=opened.id)


@pytest.fixture
def other_case(alice: Actor) -> Case:
    """Another case of Alice's, without Bob."""
    return cases.open_case(alice, title="Burglary, Oak Avenue")


@pytest.fixture
def closed_case(alice: Actor) -> Case:
    """A case of Alice's that is closed."""
    return cases.close(alice, cases.open_case(alice, title="Fraud, Elm Court").id, "Solved")


@pytest.fixture
def item(alice: Actor, case: Case) -> Item:
    """A sealed video in Alice's case."""
    return file_item(alice, case)
