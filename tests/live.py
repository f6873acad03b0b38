"""A real web server over the database of one test."""

import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from local.ports import listen
from local.processes import start
from tests.plugin import ROOT
from tests.stack import Stack


@dataclass
class Live:
    """What runs over one test's database: web processes by address, workers by queue."""

    stack: Stack
    database: str
    url: str = ""
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def web(self) -> str:
        """Start one more web server; returns its address. Kill it by `processes[-1].kill()`."""
        listener = listen(0)
        url = f"http://localhost:{listener.getsockname()[1]}"
        command = [
            sys.executable, "-m", "gunicorn", "--config", "python:config.gunicorn", "--workers", "1",
            "--bind", f"fd://{listener.fileno()}",
        ]  # fmt: skip
        self.processes.append(
            start(
                command,
                log=self.stack.home.log("live-web"),
                directory=ROOT,
                descriptors=[listener.fileno()],
                environment={**self.stack.environment("web", self.database, url), "PROOFROOM_DB_POOL": "1"},
            )
        )
        listener.close()
        _wait_for(url, self.processes[-1], self.stack.home.log("live-web"))
        return url

    def worker(self, queues: str = "seal,default,media") -> None:
        """Start a worker of jobs."""
        command = [
            sys.executable, "-m", "celery", "-A", "config.celery", "worker", "-Q", queues, "-P", "threads",
            "-c", "2", "--without-gossip", "--without-mingle", "--without-heartbeat", "-l", "WARNING",
        ]  # fmt: skip
        self._start(command, "worker", "live-worker")

    def steward(self) -> None:
        """Start the sequencer and the sweepers."""
        self._start([sys.executable, "manage.py", "steward"], "sequencer", "live-steward")

    def _start(self, command: list[str], role: str, name: str) -> None:
        environment = self.stack.environment(role, self.database, self.url or "http://localhost")
        self.processes.append(start(command, log=self.stack.home.log(name), directory=ROOT, environment=environment))

    def end(self) -> None:
        """End all of them at once; a test's database goes with it."""
        for process in self.processes:
            process.kill()
            process.wait()


def _wait_for(url: str, process: subprocess.Popen[bytes], log: Path, seconds: float = 40) -> None:
    deadline = time.monotonic() + seconds
    while process.poll() is None and time.monotonic() < deadline:
        try:
            urllib.request.urlopen(url + "/healthz", timeout=20).close()
        except urllib.error.HTTPError as answer:
            answer.close()
        except OSError:
            time.sleep(0.05)
            continue
        return
    raise RuntimeError(f"The web server of this test did not start:\n{log.read_text()[-3000:]}")


@pytest.fixture
def live_stack(db: str, services: Stack, collected: None) -> Iterator[Live]:
    """Nothing runs yet: the test starts web servers and workers over its database as it needs them."""
    del collected
    made = Live(services, db)
    try:
        yield made
    finally:
        made.end()


@pytest.fixture
def live(live_stack: Live) -> str:
    """The address of a real gunicorn over this test's database."""
    live_stack.url = live_stack.web()
    return live_stack.url


@pytest.fixture(scope="session")
def collected(stack: Stack, django_db_blocker: object) -> None:
    """Static files as production serves them, under names with their hash."""
    del django_db_blocker
    environment = {**stack.environment("web", "none"), "PROOFROOM_LOG_LEVEL": "ERROR"}
    subprocess.run(
        [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity", "0"],
        cwd=ROOT, env=environment, check=True,
    )  # fmt: skip


WaitFor = Callable[[Callable[[], object]], object]


@pytest.fixture
def wait_for() -> WaitFor:
    """Waits until something becomes true, at most 30 seconds; returns it."""

    def wait(true: Callable[[], object], seconds: float = 30) -> object:
        deadline = time.monotonic() + seconds
        while not (found := true()):
            assert time.monotonic() < deadline, "It did not happen in time."
            time.sleep(0.05)
        return found

    return wait
