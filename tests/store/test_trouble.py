"""The object store away, slow, or losing its answers."""

import tracemalloc

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


def test_a_part_is_sent_again_whole_and_never_copied(gate: Gate, name: str) -> None:
    upload, body = store().begin(name), bytearray(b"evidence" * (1 << 20))
    gate.trouble("PUT", "partNumber=1", "refuse")
    tracemalloc.start()
    try:
        etag = store().part(name, upload, 1, body)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert store().size(name, store().complete(name, upload, [(1, etag)])) == len(body)
    assert peak < 3 * len(body)  # the gate, in this process, holds what it passes on; the client holds nothing
