"""Memory for transfers, counted."""

import threading

import pytest

from vault.buffers import Pool
from vault.errors import Busy


def test_what_is_reserved_comes_back() -> None:
    pool = Pool(100)
    with pool.reserve(60):
        assert pool.free == 40
    assert pool.free == 100


def test_it_comes_back_after_an_error_too() -> None:
    pool = Pool(100)
    with pytest.raises(KeyError), pool.reserve(60):
        raise KeyError
    assert pool.free == 100


def test_a_full_pool_says_busy_after_some_patience() -> None:
    pool = Pool(100)
    with pool.reserve(60), pytest.raises(Busy, match="Too many transfers"), pool.reserve(60, patience=0.01):
        pass
    assert pool.free == 100


def test_one_that_waits_goes_on_when_another_ends() -> None:
    pool, went_on = Pool(100), threading.Event()

    def wait() -> None:
        with pool.reserve(60, patience=10):
            went_on.set()

    with pool.reserve(60):
        waiting = threading.Thread(target=wait)
        waiting.start()
        assert not went_on.wait(0.05)
    waiting.join(10)
    assert went_on.is_set()


def test_what_is_larger_than_the_pool_goes_through_alone() -> None:
    pool = Pool(100)
    with pool.reserve(1000):
        assert pool.free == 0
