"""bin/run: starting, ending, being cut off, several at once."""

import json
import os
import signal
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from local import ports
from local.homes import Home
from tests.local.copies import Copy, get

MakeCopy = Callable[..., Copy]


@pytest.fixture
def copy(tmp_path: Path) -> Iterator[MakeCopy]:
    made: list[Copy] = []

    def make(name: str = "home", **more: str) -> Copy:
        made.append(Copy(tmp_path / name, {"PROOFROOM_PORT": str(ports.free_ports(1)[0]), **more}))
        return made[-1]

    yield make
    for one in made:
        if one.process and one.process.poll() is None:
            one.end()


def gone(one: Copy, seconds: float = 5) -> dict[int, str]:
    deadline = time.monotonic() + seconds
    while (left := one.processes()) and time.monotonic() < deadline:
        time.sleep(0.05)
    return left


def test_it_says_which_port_is_taken_and_starts_nothing(copy: MakeCopy) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        one = copy(PROOFROOM_PORT=str(taken.getsockname()[1])).begin()
        one.wait_for("is taken")
    assert one.process
    assert one.process.wait(10) == 1
    assert not (one.home / "postgres").exists()


def test_it_refuses_a_port_that_is_none(copy: MakeCopy) -> None:
    one = copy(PROOFROOM_PORT="eighty").begin()
    assert "must be a number" in one.wait_for("PROOFROOM_PORT")


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_all_of_it_and_leaves_nothing(copy: MakeCopy, number: int) -> None:
    one = copy()
    assert get(one.start() + "/healthz") == 200
    assert len(one.processes()) > 5
    assert one.end(number) == 0
    assert not gone(one)
    assert not one.temporary_files()
    assert not one.sockets_in_tmp()


@pytest.mark.slow
def test_a_signal_while_it_starts_ends_it_too(copy: MakeCopy) -> None:
    one = copy().begin()
    one.wait_for("Waiting for the object store")
    assert one.end() == 0
    assert not gone(one)


@pytest.mark.slow
def test_the_second_of_the_same_home_says_where_the_first_runs(copy: MakeCopy) -> None:
    first = copy()
    address = first.start()
    second = Copy(first.home).begin()
    assert address in second.wait_for("already runs")
    assert second.process
    assert second.process.wait(10) == 1
    assert get(address + "/healthz") == 200


@pytest.mark.slow
def test_two_homes_run_side_by_side(copy: MakeCopy) -> None:
    first, second = copy("one"), copy("two")
    here, there = first.start(), second.start()
    assert here != there
    first.end()
    assert get(there + "/healthz") == 200


def rows(one: Copy) -> int:
    environment = json.loads((one.home / "environment.json").read_text())
    common, web = environment["common"], environment["roles"]["web"]
    with psycopg.connect(
        host=common["PROOFROOM_DB_HOST"], dbname="proofroom", user=web["PROOFROOM_DB_USER"],
        password=web["PROOFROOM_DB_PASSWORD"],
    ) as connection:  # fmt: skip
        found = connection.execute("SELECT count(*) FROM django_migrations").fetchone()
        assert found
        return int(found[0])


@pytest.mark.slow
def test_kill_9_ends_its_children_and_the_next_start_heals(copy: MakeCopy) -> None:
    one = copy()
    one.start()
    assert one.end(signal.SIGKILL) == -signal.SIGKILL
    assert not gone(one)
    again = Copy(one.home, one.more)
    assert get(again.start() + "/healthz") == 200
    again.end()
    assert not gone(again)
    assert not again.temporary_files()


def answers_again(address: str, path: str = "/readyz", seconds: float = 60) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            return get(address + path) == 200
        except OSError:
            time.sleep(0.2)
    return False


@pytest.mark.slow
def test_what_dies_by_itself_is_started_again(copy: MakeCopy) -> None:
    one = copy()
    address = one.start()
    for name in ("web", "worker", "valkey", "postgres server", "s3 server"):
        record = Home(one.home).remembered()[name]
        os.kill(int(record["pid"]), signal.SIGKILL)
        one.wait_for(f"{name.split()[0]} ended by itself")
        assert answers_again(address)


@pytest.mark.slow
def test_it_runs_where_user_namespaces_are_off(copy: MakeCopy) -> None:
    one = copy(PROOFROOM_NAMESPACES="off")
    assert get(one.start() + "/healthz") == 200
    assert any("User namespaces are not permitted" in line for line in one.said)
    one.end()
    assert not gone(one)
    assert not one.sockets_in_tmp()


@pytest.mark.slow
def test_a_home_whose_path_is_too_long_for_sockets_runs(copy: MakeCopy, tmp_path: Path) -> None:
    one = copy(f"ein Ordner mit ü und {'x' * 100}/home")
    assert get(one.start() + "/healthz") == 200
    one.end()
    assert not gone(one)
    assert not one.temporary_files()
