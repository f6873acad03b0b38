"""What gets out of the sandbox: nothing, though the same program reaches all of it from outside."""

import json
import os
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from evidence.media import probe, sandbox
from evidence.media.errors import SandboxUnavailable
from evidence.media.inside import wire
from evidence.media.sandbox import Limits, confined
from tests.media.conftest import Held, picture
from tests.media.prying.main import pry

PRYING = Path(__file__).parent / "prying"
HOSTILE = Path(__file__).parent / "hostile"


@pytest.fixture
def targets(tmp_path: Path, socket_folder: Path) -> Iterator[dict[str, list[str]]]:
    """A key ring, sockets of three sorts that listen, and a process: all of this user's own."""
    ring, path, name = tmp_path / "keyring.json", str(socket_folder / "broker.sock"), f"proofroom-{os.getpid()}"
    ring.touch(mode=0o600)
    ring.write_text("root key")
    with ExitStack() as open_:
        unix, abstract = (open_.enter_context(socket.socket(socket.AF_UNIX)) for _ in range(2))
        tcp = open_.enter_context(socket.socket())
        for sock, address in ((unix, path), (abstract, "\0" + name), (tcp, ("127.0.0.1", 0))):
            sock.bind(address)
            sock.listen()
        yield {
            "files": [str(ring), "/etc/passwd", sandbox.__file__], "unix": [path], "abstract": [name],
            "tcp": [str(tcp.getsockname()[1])], "processes": [str(os.getpid())],
        }  # fmt: skip


def found_inside(targets: dict[str, list[str]]) -> dict[str, Any]:
    """What the prying program reaches from inside."""
    with confined(PRYING) as running:
        running.sock.settimeout(20)
        running.sock.sendall(json.dumps(targets).encode())
        with running.sock.makefile("rb") as answer:
            return dict(json.loads(answer.readline()))


def test_outside_the_same_program_reaches_everything(targets: dict[str, list[str]]) -> None:
    found = pry(targets)
    assert {kind: found[kind] for kind in targets} == targets


def test_inside_it_reaches_no_file_no_socket_no_network_and_no_process(targets: dict[str, list[str]]) -> None:
    found = found_inside(targets)
    assert [found[kind] for kind in ("files", "unix", "abstract", "tcp")] == [[]] * 4
    assert found["interfaces"] == ["lo"]
    assert len(found["pids"]) <= 2  # bubblewrap's own first process and this one


def test_inside_there_is_nothing_to_write_to_and_no_power_to_change_that(targets: dict[str, list[str]]) -> None:
    found = found_inside(targets)
    assert found["written"] == []
    assert found["environment"] in ([], ["PWD"], ["LC_CTYPE"], ["LC_CTYPE", "PWD"])
    assert set(found["capabilities"]) == {"0000000000000000"}
    assert (found["no_new_privileges"], found["uid"]) == (["1"], 65534)


def test_inside_there_is_no_home_no_run_no_var_no_etc(targets: dict[str, list[str]]) -> None:
    allowed = {"app", "sp", "dev", "proc", "lib", "lib64", "usr", *Path(sandbox._python()).parts[1:2],
               *Path(sys.base_prefix).resolve().parts[1:2]}  # fmt: skip
    assert set(found_inside(targets)["root"]) <= allowed
    assert not {"etc", "run", "var", "tmp"} & set(found_inside(targets)["root"])


def test_no_further_namespace_can_be_made_inside() -> None:
    with confined(HOSTILE / "namespaces") as running:
        running.sock.settimeout(20)
        assert running.sock.recv(10) == b"no"


def test_where_namespaces_are_off_nothing_is_run_and_the_reason_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    inner = sandbox.command_for
    without = [str(sandbox._bubblewrap()), "--dev-bind", "/", "/", "--unshare-user", "--disable-userns", "--"]
    monkeypatch.setattr(sandbox, "command_for", lambda *given: without + inner(*given))
    with pytest.raises(SandboxUnavailable, match="sealed and can be downloaded; ask the operator"):
        probe.examine(Held(picture("PNG")), lambda: None)


def test_nothing_of_it_lives_on_afterwards() -> None:
    with confined(HOSTILE / "sleeping") as running:
        assert running.sock.recv(10) == b"asleep"
        assert _of_sleeping()
    until = time.monotonic() + 5
    while _of_sleeping() and time.monotonic() < until:
        time.sleep(0.05)  # its children die of the end of their namespace, a moment later
    assert not _of_sleeping()


def _of_sleeping() -> list[str]:
    """Processes of the program that stays and leaves a child."""
    lines = [path.read_bytes() for path in Path("/proc").glob("[0-9]*/cmdline") if path.exists()]
    return [line.decode() for line in lines if b"from sleeping import main" in line]


@pytest.mark.parametrize(
    "manner", ["too_long", "out_of_turn", "silent", "dripping", "unknown", "too_much", "twice", "crash", "hog"]
)
def test_whatever_it_says_the_worker_stays_well_and_says_why(manner: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("evidence.media.answering.INSIDE", HOSTILE / manner)
    monkeypatch.setattr("evidence.media.answering.SLICE_SECONDS", 0.2)
    monkeypatch.setattr("evidence.media.answering.EXTRA_READ", 0)
    found = probe.examine(Held(bytes(3 << 20)), lambda: None, Limits(wall_seconds=2, cpu_seconds=1))
    assert "The original is sealed and can be downloaded" in found.reason
    assert (found.preview, found.facts) == (b"", {})


def test_nothing_may_be_put_that_is_not_a_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("evidence.media.answering.INSIDE", HOSTILE / "script")
    assert "stopped" in probe.examine(Held(b"x"), lambda: None).reason


def test_the_worker_can_give_up(look: object) -> None:
    def give_up() -> None:
        raise KeyError("cancelled")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("evidence.media.answering.INSIDE", HOSTILE / "silent")
        patch.setattr("evidence.media.answering.SLICE_SECONDS", 0.1)
        with pytest.raises(KeyError):
            probe.examine(Held(b"x"), give_up)


def test_the_wire_refuses_a_message_over_its_limit() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        wire.send(ours, wire.PUT, 1, bytes(100))
        with pytest.raises(wire.Broken):
            wire.receive(theirs, 99)
