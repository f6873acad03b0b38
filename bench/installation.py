"""An installation of its own for a benchmark, started by bin/run in a folder that goes afterwards."""

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import URLError

ROOT = Path(__file__).resolve().parent.parent
START_SECONDS = 180
STOP_SECONDS = 30
PERSON = "detective@riverton.example"


@dataclass(frozen=True)
class Installation:
    """Where it is, and what its commands say."""

    home: Path
    port: int

    def manage(self, *arguments: str) -> str:
        """What a command of bin/manage prints."""
        command = [sys.executable, str(ROOT / "bin" / "manage"), *arguments]
        return subprocess.run(command, env=self.environment(), check=True, capture_output=True, text=True).stdout

    def environment(self) -> dict[str, str]:
        """For its commands."""
        return os.environ | {"PROOFROOM_HOME": str(self.home), "PROOFROOM_PORT": str(self.port)}

    def services(self) -> dict[str, Any]:
        """Where its services are."""
        found: dict[str, Any] = json.loads(self.manage("services", "--json"))
        return found

    def token(self) -> str:
        """A token of the demonstration's detective."""
        return self.manage("issue_token", PERSON, "--name", "benchmark").split()[-1]


@contextmanager
def started() -> Iterator[Installation]:
    """Start one and stop it, whatever happens."""
    with tempfile.TemporaryDirectory(prefix="proofroom-bench-") as folder, _free_port() as port:
        made = Installation(Path(folder) / "home", port)
        log = Path(folder) / "run.log"
        with log.open("wb") as out:
            process = subprocess.Popen(
                [sys.executable, str(ROOT / "bin" / "run")], env=made.environment(), stdout=out, stderr=out
            )
        try:
            _wait(made, process, log)
            yield made
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(STOP_SECONDS)


@contextmanager
def _free_port() -> Iterator[int]:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port: int = sock.getsockname()[1]
    yield port


def _wait(made: Installation, process: "subprocess.Popen[bytes]", log: Path) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(f"http://localhost:{made.port}/readyz", timeout=5):
                return
        except (URLError, OSError):
            time.sleep(0.5)
    raise SystemExit(f"bin/run did not become ready. It said:\n{log.read_text()[-2000:]}")
