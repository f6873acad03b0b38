"""Data keys in memory."""

import time

import pytest

from store.keys import keys
from tests.vault.conftest import SEGMENTS
from vault import datakeys, writing
from vault.models import VaultObject


def test_a_key_is_asked_for_once_and_forgotten_after_a_while(obj: VaultObject, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    unwrap = keys().unwrap
    monkeypatch.setattr(
        keys(), "unwrap", lambda name, wrapped, context: asked.append(name) or unwrap(name, wrapped, context)
    )
    datakeys.forget()
    assert datakeys.data_key(obj) == datakeys.data_key(obj)
    assert asked == ["riverton"]
    later = time.monotonic() + datakeys.CACHE_SECONDS + 1
    monkeypatch.setattr(time, "monotonic", lambda: later)
    datakeys.data_key(obj)
    assert asked == ["riverton"] * 2


def test_each_object_has_a_key_of_its_own(obj: VaultObject) -> None:
    other = writing.create_object(type(obj.id)(int=obj.id.int + 1), "riverton", segments=SEGMENTS)
    assert datakeys.data_key(obj) != datakeys.data_key(other)
    assert len(datakeys.data_key(obj)) == 32
