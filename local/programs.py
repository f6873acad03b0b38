"""Our own processes: what each is called, which database role it has, how it is started."""

import json
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from pathlib import Path

from local import credentials
from local.credentials import Credentials
from local.homes import Home
from local.processes import plain_environment, until
from local.setting_up import ROOT
from local.supervising import Program

CELERY = ["-m", "celery", "-A", "config.celery", "worker", "-P", "threads", "--without-gossip", "--without-mingle",
          "--without-heartbeat", "-l", "INFO"]  # fmt: skip


class Programs:
    """The programs of one installation over services that answer."""

    def __init__(
        self, home: Home, kept: Credentials, common: dict[str, str], listeners: Sequence[socket.socket],
        say: Callable[[str], None],
    ) -> None:  # fmt: skip
        self.home = home
        self.kept = kept
        self.common = common
        self.listeners = listeners
        self.say = say
        self._web: Program | None = None

    def environment(self, role: str) -> dict[str, str]:
        """What a process of this role gets, and no more."""
        return plain_environment(
            **self.common, **credentials.of_role(self.kept, role), PYTHONPATH=str(ROOT), PYTHONUNBUFFERED="1"
        )

    def _program(self, name: str, role: str, arguments: Sequence[str], **more: object) -> Program:
        return Program(name, [sys.executable, *arguments], self.environment(role), ROOT, **more)  # type: ignore[arg-type]

    def prepare(self) -> None:
        """Keys, tables and the roles' rights, as the migrating role. Quick when nothing is to be done."""
        self._once("prepare", "migrate", ["-m", "config.prepare"])

    def demonstration(self) -> list[dict[str, str]]:
        """The fictional people with their passwords; made at the first start. Empty without the demonstration."""
        if self.common["PROOFROOM_DEMO"] != "1":
            return []
        seeded = self.home.path / "seeded"
        if not seeded.exists():
            self._once("seed", "web", ["manage.py", "seed_demo"])
            seeded.touch()
        people: list[dict[str, str]] = json.loads(self._once("seed", "web", ["manage.py", "demo_people", "--json"]))
        return people

    def _once(self, name: str, role: str, arguments: Sequence[str]) -> str:
        log = self.home.log(name)
        with log.open("ab") as errors:
            done = subprocess.run(
                [sys.executable, *arguments], check=False, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                stderr=errors, cwd=ROOT, env=self.environment(role), text=True,
            )  # fmt: skip
        if done.returncode != 0:
            last = "\n".join(log.read_text().splitlines()[-5:])
            raise RuntimeError(f"{' '.join(arguments)} failed. The end of {log}:\n{last}\n{done.stdout[-500:]}")
        return done.stdout

    def web(self) -> Program:
        """gunicorn, on the sockets that this process already listens on, so that no other can take the port."""
        bound = [part for one in self.listeners for part in ("--bind", f"fd://{one.fileno()}")]
        self._web = self._program(
            "web", "web",
            ["-m", "gunicorn", "--config", "python:config.gunicorn", *bound],
            descriptors=[one.fileno() for one in self.listeners],
        )  # fmt: skip
        self._web.environment = {**self._web.environment, "PROOFROOM_DB_POOL": "1"}
        return self._web

    def background(self) -> list[Program]:
        """The workers and the steward. Media gives way to everything else."""
        return [
            self._program("worker", "worker", [*CELERY, "-Q", "seal,default", "-c", "2", "-n", "worker@localhost"]),
            self._program("media", "worker", [*CELERY, "-Q", "media", "-c", "1", "-n", "media@localhost"], niceness=10),
            self._program("steward", "sequencer", ["manage.py", "steward"]),
        ]

    def wait_for_web(self, seconds: float = 60) -> None:
        """Wait until pages answer. Raises RuntimeError with the end of the log."""
        port = self.listeners[0].getsockname()[1]

        def answers() -> bool:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=30).close()
            except urllib.error.HTTPError as answer:
                answer.close()
                return answer.code < 500
            except OSError:
                return False
            return True

        if not until(lambda: self._ended() or answers(), seconds, 0.1) or self._ended():
            log = self.home.path / "logs" / "web.log"
            raise RuntimeError(f"The web server did not start. The end of {log}:\n{_tail(log)}")

    def _ended(self) -> bool:
        return self._web is not None and self._web.process is not None and self._web.process.poll() is not None


def _tail(log: Path, lines: int = 12) -> str:
    return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])
