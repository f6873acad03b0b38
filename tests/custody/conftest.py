"""Actors and things that only the ledger knows: on this floor there are no people and no files."""

from collections.abc import Callable
from uuid import UUID, uuid4

import pytest
from django.db import transaction

from custody.actors import Actor, ActorKind
from custody.models import Entry
from custody.recording import Subject, record
from verifier.events import Event

RIVERTON = UUID("01900000-0000-7000-8000-000000000001")


@pytest.fixture
def alice() -> Actor:
    return Actor(
        kind=ActorKind.PERSON, id=uuid4(), name="Alice Archer", agency=RIVERTON, agency_name="Riverton Police",
        peer="192.0.2.7", user_agent="Mozilla/5.0", method="totp", aal=2, session="ab" * 32,
    )  # fmt: skip


@pytest.fixture
def item() -> Subject:
    return Subject("item", uuid4())


@pytest.fixture
def case() -> Subject:
    return Subject("case", uuid4())


Write = Callable[..., Entry]


@pytest.fixture
def write(db: str, alice: Actor, item: Subject) -> Write:
    """Writes one entry of Alice's about the item, in a transaction of its own."""

    def wrote(*subjects: Subject, event: Event = Event.ITEM_VIEWED, **fields: str) -> Entry:
        with transaction.atomic():
            return record(
                alice, event, owner=RIVERTON, subjects=subjects or [item], fields=fields or {"name": "cam4.mp4"}
            )

    return wrote
