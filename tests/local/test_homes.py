"""A home: who holds it, what was started there, what is healed."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from local.homes import LONGEST_SOCKET_FOLDER, Home, InUse
from local.processes import Known


def sleeper() -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])


def test_it_is_closed_to_others(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    assert home.path.stat().st_mode & 0o777 == 0o700


def test_two_can_not_hold_it(tmp_path: Path) -> None:
    first, second = Home(tmp_path / "home"), Home(tmp_path / "home")
    first.hold({})
    first.tell({"address": "http://localhost:8000"})
    with pytest.raises(InUse) as used:
        second.hold({})
    assert used.value.says == {"pid": str(os.getpid()), "address": "http://localhost:8000"}
    first.leave()
    second.hold({})
    second.leave()


def test_healing_ends_what_an_earlier_run_left(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    with sleeper() as left:
        known = Known.of(left.pid)
        assert known
        home.remember("postgres", known, "this")
        assert home.heal("this") == ["postgres"]
        assert left.wait(5) != 0
    assert not home.remembered()


@pytest.mark.parametrize(("ticks", "installation"), [(1, "this"), (0, "another")])
def test_healing_leaves_others_alone(tmp_path: Path, ticks: int, installation: str) -> None:
    home = Home(tmp_path / "home")
    with sleeper() as other:
        known = Known.of(other.pid)
        assert known
        home.remember("postgres", Known(known.pid, known.started - ticks), installation)
        assert home.heal("this") == []
        assert other.poll() is None
        other.kill()


def test_sockets_lie_in_the_home_where_its_path_is_short(tmp_path: Path) -> None:
    home = Home(tmp_path / "h")
    if len(os.fsencode(home.path / "run")) <= LONGEST_SOCKET_FOLDER:
        assert home.runtime() == home.path / "run"


def test_sockets_lie_elsewhere_where_it_is_long_and_healing_removes_them(tmp_path: Path) -> None:
    home = Home(tmp_path / ("ü" * 60))
    outside = home.runtime()
    assert len(os.fsencode(outside)) <= LONGEST_SOCKET_FOLDER
    assert outside.stat().st_mode & 0o777 == 0o700
    Home(home.path).heal("this")
    assert not outside.exists()


def test_a_large_log_is_set_aside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("local.homes.LOG_BYTES", 3)
    home = Home(tmp_path / "home")
    home.log("web").write_text("much")
    assert not home.log("web").exists()
    assert (home.path / "logs" / "web.log.1").read_text() == "much"
