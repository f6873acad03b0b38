"""A copy of Proofroom as a person starts it, for tests of starting and ending."""

import json
import os
import queue
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

from tests.plugin import ROOT

ANSWERS = "Proofroom answers at "


@dataclass
class Copy:
    """One home and the bin/run that has it."""

    home: Path
    more: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[str] | None = None
    said: list[str] = field(default_factory=list)
    lines: "queue.Queue[str]" = field(default_factory=queue.Queue)

    def begin(self) -> "Copy":
        """Start it, without waiting."""
        temporary = self.home.with_name(self.home.name + "-tmp")
        temporary.mkdir(parents=True, exist_ok=True)
        environment = {name: value for name, value in os.environ.items() if not name.startswith("PROOFROOM_")}
        environment |= {
            "PROOFROOM_HOME": str(self.home), "PROOFROOM_DEMO": "0", "TMPDIR": str(temporary), "PYTHONPATH": str(ROOT),
            **self.more,
        }  # fmt: skip
        environment.pop("XDG_RUNTIME_DIR", None)
        self.process = subprocess.Popen(
            [sys.executable, "-m", "local.running"], cwd=ROOT, env=environment, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
        threading.Thread(target=self._listen, daemon=True).start()
        return self

    def _listen(self) -> None:
        assert self.process
        assert self.process.stdout
        for line in self.process.stdout:
            self.said.append(line.rstrip())
            self.lines.put(line)
        self.process.stdout.close()

    def start(self) -> str:
        """Start it and wait until it answers; its address."""
        self.begin()
        return self.wait_for(ANSWERS).split()[3]

    def wait_for(self, words: str, seconds: float = 60) -> str:
        """The line that has these words, once it was said."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            for line in list(self.said):
                if words in line:
                    return line
            if self.process and self.process.poll() is not None and self.lines.empty():
                time.sleep(0.2)
                break
            time.sleep(0.05)
        found = [line for line in self.said if words in line]
        assert found, "It never said so. It said:\n" + "\n".join(self.said)
        return found[0]

    def end(self, number: int = signal.SIGTERM) -> int:
        """Send a signal and wait; its exit code."""
        assert self.process
        if self.process.poll() is None:
            self.process.send_signal(number)
        return self.process.wait(40)

    def processes(self) -> dict[int, str]:
        """Every process that has to do with this home, by its words, its folder or its environment."""
        found = {}
        for entry in Path("/proc").iterdir():
            if not entry.name.isdigit():
                continue
            try:
                words = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
                around = (entry / "environ").read_bytes().decode(errors="replace")
                folder = str((entry / "cwd").readlink())
            except OSError:
                continue
            if f"{self.home}/" in words + folder + "/" or f"PROOFROOM_HOME={self.home}\0" in around:
                found[int(entry.name)] = words.strip()
        return found

    def sockets_in_tmp(self) -> list[Path]:
        """What the object store puts into /tmp whatever it is told."""
        ports = json.loads((self.home / "s3" / "ports.json").read_text())
        return [
            path
            for path in Path("/tmp").glob("seaweedfs-*")
            if any(f"-{port}." in path.name for port in ports.values())
        ]

    def temporary_files(self) -> list[str]:
        """What it left where temporary files go."""
        return [path.name for path in self.home.with_name(self.home.name + "-tmp").iterdir()]


def get(url: str) -> int:
    """The status of an answer."""
    with urllib.request.urlopen(url, timeout=20) as answer:
        status: int = answer.status
        return status
