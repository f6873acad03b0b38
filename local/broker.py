"""Valkey on a socket with a password: the doorbell of the jobs."""

import contextlib
import socket
import subprocess
from urllib.parse import quote

from local.binaries import VALKEY
from local.homes import Home
from local.processes import plain_environment, start, until


class Broker:
    """One Valkey server."""

    def __init__(self, home: Home, *, password: str) -> None:
        self.home = home
        self.password = password
        self.socket = home.runtime() / "valkey.sock"
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """What Celery is told."""
        return f"redis+socket://:{quote(self.password, safe='')}@{self.socket}?virtual_host=0"

    def start(self) -> None:
        """Serve. Returns when it answers."""
        folder = self.home.folder("valkey")
        configuration = folder / "valkey.conf"
        configuration.touch(mode=0o600)
        configuration.write_text(
            "port 0\n"
            f'unixsocket "{self.socket}"\n'
            "unixsocketperm 700\n"
            f'requirepass "{self.password}"\n'
            f'dir "{folder}"\n'
            'save ""\n'
            "appendonly yes\nappendfsync everysec\n"
            "maxmemory 64mb\nmaxmemory-policy noeviction\n"
            "daemonize no\n"
        )
        self.process = start(
            [VALKEY, configuration],
            log=self.home.log("valkey"), environment=plain_environment(), directory=folder,
        )  # fmt: skip
        if not until(self.answers, 20):
            raise RuntimeError(f"Valkey did not start; see {self.home.path / 'logs' / 'valkey.log'}.")

    def answers(self) -> bool:
        """Whether it takes our password."""
        with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(2)
            connection.connect(str(self.socket))
            connection.sendall(f"AUTH {self.password}\r\n".encode())
            return connection.recv(64).startswith(b"+OK")
        return False

    def stop(self) -> None:
        """End it; it writes its log to the end first."""
        if self.process is None:
            return
        self.process.terminate()
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process = None
