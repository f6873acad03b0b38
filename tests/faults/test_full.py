"""No room: in the store, in the database. What was acknowledged stays, the rest is told, and it goes on afterwards."""

import hashlib
import os
from collections.abc import Callable

import pytest
from django.db import OperationalError, transaction

from custody.actors import Actor
from evidence import leases
from evidence.models import Item
from tests.evidence.sending import Sender
from tests.store.conftest import gate
from tests.store.gate import Gate

__all__ = ["gate"]
DATA = os.urandom(700_000)
Jobs = Callable[[], int]


def test_the_stores_disk_is_full(gate: Gate, alice: Actor, run_jobs: Jobs) -> None:
    sender = Sender.of(alice)
    sender.begin(len(DATA))
    assert sender.send(0, DATA[:300_000]).status_code == 204
    gate.trouble("PUT", "partNumber", "refuse", times=99)
    answer = sender.send(300_000, DATA[300_000:])
    assert (answer.status_code, answer.json()["code"], answer["Retry-After"]) == (503, "store-unavailable", "5")
    assert sender.head()["Upload-Offset"] == "300000"
    gate.troubles.clear()
    assert sender.send(300_000, DATA[300_000:]).status_code == 204
    run_jobs()
    assert (sender.item.state, sender.item.sha256) == (Item.State.SEALED, hashlib.sha256(DATA).hexdigest())


def test_a_lost_answer_of_the_store_loses_nothing(gate: Gate, alice: Actor, run_jobs: Jobs) -> None:
    sender = Sender.of(alice)
    sender.begin(len(DATA))
    gate.trouble("PUT", "partNumber", "lose")
    gate.trouble("POST", "uploadId", "lose")
    assert sender.send(0, DATA).status_code == 204
    run_jobs()
    assert (sender.item.state, sender.item.sha256) == (Item.State.SEALED, hashlib.sha256(DATA).hexdigest())


def test_the_databases_disk_is_full(alice: Actor, bucket: str, run_jobs: Jobs, monkeypatch: pytest.MonkeyPatch) -> None:
    sender = Sender.of(alice)
    sender.client.raise_request_exception = False
    sender.begin(len(DATA))

    def full(*_: object, **__: object) -> None:
        assert transaction.get_connection().in_atomic_block
        raise OperationalError("could not extend file: No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(leases, "commit", full)
        assert sender.send(0, DATA).status_code >= 500
    assert sender.head()["Upload-Offset"] == "0"
    assert sender.send(0, DATA).status_code == 204
    run_jobs()
    assert (sender.item.state, sender.item.sha256) == (Item.State.SEALED, hashlib.sha256(DATA).hexdigest())
