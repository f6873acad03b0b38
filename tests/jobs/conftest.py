"""Kinds of job that exist in one test only."""

import pytest

from jobs import bell, queue


@pytest.fixture(autouse=True)
def _kinds_of_this_test(monkeypatch):
    monkeypatch.setattr(queue, "_KINDS", dict(queue._KINDS))
    monkeypatch.setattr(bell._Quiet, "until", 0.0)


@pytest.fixture
def rings(monkeypatch):
    """The doorbell, written down instead of rung."""
    heard = []
    monkeypatch.setattr(bell, "ring", lambda job, queue: bool(heard.append((job, queue))) or True)
    return heard


@pytest.fixture
def write_entry(db):
    """Writes one entry of Proofroom's own."""
    from django.db import transaction

    from custody.actors import SYSTEM
    from custody.recording import record
    from verifier.events import Event

    def write():
        with transaction.atomic():
            return record(SYSTEM, Event.SEARCHED, owner=None, subjects=[])

    return write
