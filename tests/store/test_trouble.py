"""The object store away, slow, or losing its answers."""

import pytest
from django.conf import LazySettings

from store.errors import Unavailable
from store.objects import store
from tests.store.gate import Gate


def test_it_tries_again_by_itself(gate: Gate, name: str) -> None:
    gate.trouble("PUT", name, "refuse")
    assert store().put(name, b"here")


def test_it_says_unavailable_when_the_store_stays_away(gate: Gate, name: str) -> None:
    gate.trouble("PUT", name, "refuse", times=9)
    with pytest.raises(Unavailable, match="Nothing is lost"):
        store().put(name, b"here")


def test_it_says_unavailable_when_nobody_listens(bucket: str, settings: LazySettings, name: str) -> None:
    settings.S3_ENDPOINT = "http://127.0.0.1:9"
    with pytest.raises(Unavailable):
        store().put(name, b"here")


def test_a_write_whose_answer_was_lost_is_durable(gate: Gate, name: str) -> None:
    gate.trouble("PUT", name, "lose", times=9)
    with pytest.raises(Unavailable):
        store().put(name, b"here")
    assert store().versions_of(name)


def test_a_cut_answer_is_no_answer(gate: Gate, name: str) -> None:
    version = store().put(name, bytes(100_000))
    gate.trouble("GET", name, "cut")
    with pytest.raises(Unavailable), store().get(name, version) as stream:
        stream.read(100_000)
