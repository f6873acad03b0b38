"""Starting an installation's processes in order, keeping them alive, and ending them in the opposite order."""

import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from local.homes import Home
from local.processes import Known, start

LONGEST_PAUSE = 30.0  # seconds between two tries to start what keeps dying
STEADY = 60.0  # seconds after which a process has earned an immediate restart again


@dataclass
class Program:
    """One of our own processes, as a command that can be started again."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    directory: Path
    niceness: int = 0
    descriptors: Sequence[int] = ()
    patience: float = 8.0  # seconds between a polite request to end and the end
    process: subprocess.Popen[bytes] | None = None

    def start(self, home: Home) -> subprocess.Popen[bytes]:
        """Start it, with its log."""
        self.process = start(
            self.command, log=home.log(self.name), environment=self.environment, directory=self.directory,
            niceness=self.niceness, descriptors=self.descriptors,
        )  # fmt: skip
        return self.process

    def stop(self) -> None:
        """Ask it to end, wait, kill."""
        if self.process is None:
            return
        self.process.terminate()
        try:
            self.process.wait(self.patience)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process = None


@dataclass
class _Kept:
    name: str
    process: Callable[[], subprocess.Popen[bytes] | None]
    server: Callable[[], Known | None]
    again: Callable[[], object]
    stop: Callable[[], None]
    since: float = field(default_factory=time.monotonic)
    pause: float = 0.5
    due: float | None = None


class Supervisor:
    """Keeps what was handed to it alive. Everything happens in the main thread (see local.processes.start)."""

    def __init__(self, home: Home, installation: str, say: Callable[[str], None]) -> None:
        self.home = home
        self.installation = installation
        self.say = say
        self.kept: list[_Kept] = []

    def keep(
        self,
        name: str,
        *,
        process: Callable[[], subprocess.Popen[bytes] | None],
        again: Callable[[], object],
        stop: Callable[[], None],
        server: Callable[[], Known | None] | None = None,
    ) -> None:
        """Take charge of something that has been started. `server` is the process itself when it has a wrapper."""
        one = _Kept(name, process, server or (lambda: None), again, stop)
        self.kept.append(one)
        self._write_down(one)

    def run(self, program: Program) -> None:
        """Start one of our programs and keep it."""
        program.start(self.home)
        self.keep(
            program.name, process=lambda: program.process, again=lambda: program.start(self.home), stop=program.stop
        )

    def _write_down(self, one: _Kept) -> None:
        process = one.process()
        for suffix, known in (("", process and Known.of(process.pid)), (" server", one.server())):
            if known:
                self.home.remember(one.name + suffix, known, self.installation)

    def look_after(self) -> None:
        """Notice what died by itself; start it again, each time after twice the pause."""
        now = time.monotonic()
        for one in self.kept:
            process = one.process()
            if one.due is not None:
                if now >= one.due:
                    self._start_again(one)
            elif process is not None and (code := process.poll()) is not None:
                if now - one.since > STEADY:
                    one.pause = 0.5
                how = f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
                log = self.home.path / "logs" / f"{one.name}.log"
                self.say(f"{one.name} ended by itself ({how}); starting it again in {one.pause:g} s. Its log: {log}")
                one.due, one.pause = now + one.pause, min(one.pause * 2, LONGEST_PAUSE)

    def _start_again(self, one: _Kept) -> None:
        one.due, one.since = None, time.monotonic()
        try:
            one.again()
        except (RuntimeError, OSError, psycopg.Error) as failed:
            self.say(f"{one.name} did not start: {failed}")
            one.due, one.pause = time.monotonic() + one.pause, min(one.pause * 2, LONGEST_PAUSE)
            return
        self._write_down(one)

    def stop(self, *, together: Sequence[str] = ()) -> None:
        """End everything, the last started first. Those named in `together` are asked at once, then waited for."""
        for one in self.kept:
            process = one.process()
            if one.name in together and process is not None and process.poll() is None:
                process.terminate()
        while self.kept:
            one = self.kept.pop()
            one.stop()
            self.home.forget(one.name)
            self.home.forget(one.name + " server")
