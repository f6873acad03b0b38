"""Starting, knowing and ending processes: each is known by its pid and the instant it started, since pids come again."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

LAUNCH = Path(__file__).with_name("launch.py")


@dataclass(frozen=True)
class Known:
    """A process by what no other process shares: its pid and its start in clock ticks since boot (proc(5), field 22)."""

    pid: int
    started: int

    @classmethod
    def of(cls, pid: int) -> "Known | None":
        """The process that has this pid now; None when there is none or it is a zombie."""
        try:
            text = Path(f"/proc/{pid}/stat").read_text()
        except (FileNotFoundError, ProcessLookupError):
            return None
        fields = text.rpartition(")")[2].split()  # the name before it may hold spaces and parentheses
        return None if fields[0] in "ZX" else cls(pid, int(fields[19]))

    def lives(self) -> bool:
        """Whether this very process is still there."""
        return Known.of(self.pid) == self

    def send(self, number: int) -> None:
        """Send a signal, unless the pid belongs to somebody else by now."""
        if self.lives():
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def end(self, *, gently: float = 0.0, number: int = signal.SIGTERM) -> None:
        """Ask it to end, wait `gently` seconds, then kill it and wait until it is gone."""
        if gently:
            self.send(number)
            until(lambda: not self.lives(), gently)
        self.send(signal.SIGKILL)
        until(lambda: not self.lives(), 5)


def until(true: Callable[[], bool], seconds: float, pause: float = 0.02) -> bool:
    """Wait for something to become true, at most so long. Returns whether it did."""
    deadline = time.monotonic() + seconds
    while not true():
        if time.monotonic() > deadline:
            return False
        time.sleep(pause)
    return True


def children_of(pid: int) -> list[int]:
    """The pids of the children of a process's first thread (bubblewrap has one child and one thread)."""
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except (FileNotFoundError, ProcessLookupError):
        return []


def start(
    command: Sequence[str | Path],
    *,
    log: Path,
    environment: Mapping[str, str],
    directory: Path,
    niceness: int = 0,
    descriptors: Sequence[int] = (),
) -> subprocess.Popen[bytes]:
    """Start a program that dies with this process, its output appended to `log`.

    Call it from the main thread: the kernel's signal fires at the end of the thread that forked. The program leads a
    session of its own, so that Ctrl-C reaches only this process, which then ends its children in order.
    """
    launch = [sys.executable, "-I", "-S", str(LAUNCH), str(os.getpid()), str(niceness), "--"]
    with log.open("ab") as out:
        return subprocess.Popen(
            [*launch, *map(str, command)],
            stdin=subprocess.DEVNULL, stdout=out, stderr=out, cwd=directory, env=dict(environment),
            pass_fds=tuple(descriptors), start_new_session=True,
        )  # fmt: skip


def plain_environment(**more: str) -> dict[str, str]:
    """The few variables that a service needs of ours; nothing else of the caller's environment reaches it."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "TZ") if name in os.environ}
    return {**kept, "LC_ALL": "C.UTF-8", **more}
