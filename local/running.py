"""bin/run: one machine, all of Proofroom. Starts what is needed in order, tells what it does, ends it in order."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType

import psycopg

from local import confinement, credentials, ports
from local.broker import Broker
from local.credentials import Credentials
from local.homes import Home, InUse
from local.objects import Objects
from local.postgres import Postgres
from local.processes import Known
from local.programs import Programs
from local.setting_up import ROOT
from local.supervising import Supervisor
from local.telling import Board

HOME_BYTES = 2 * 1024**3
FIRST_PORT, LAST_PORT = 8000, 8100


class Stop(BaseException):
    """Ctrl-C, SIGTERM or SIGHUP: not an error, so that no handler of errors swallows it."""


class CannotRun(Exception):
    """Something about this machine or its settings; the message says what to do."""


def _on_signal(_number: int, _frame: FrameType | None) -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    raise Stop


def choose_port() -> list[socket.socket]:
    """Listen where PROOFROOM_PORT says, or on the first free port from 8000. Raises CannotRun."""
    asked = os.environ.get("PROOFROOM_PORT", "")
    if asked:
        if not asked.isdigit() or not 0 <= int(asked) <= 65_535:
            raise CannotRun(f"PROOFROOM_PORT is {asked!r}; it must be a number up to 65535.")
        try:
            return ports.listen_on_both(int(asked))
        except OSError:
            raise CannotRun(
                f"Port {asked} is taken. Choose another with PROOFROOM_PORT, or unset it: then the next free one is used."
            ) from None
    for port in range(FIRST_PORT, LAST_PORT):
        try:
            return ports.listen_on_both(port)
        except OSError:
            continue
    raise CannotRun(f"Every port from {FIRST_PORT} to {LAST_PORT - 1} is taken. Choose one with PROOFROOM_PORT.")


class Installation:
    """One home, running."""

    def __init__(self, home: Home, listeners: list[socket.socket], board: Board) -> None:
        self.home = home
        self.board = board
        self.listeners = listeners
        self.address = f"http://localhost:{listeners[0].getsockname()[1]}"
        self.kept = Credentials.of(home.path)
        self.supervisor = Supervisor(home, self.kept.installation, board.say)

    def start(self) -> None:
        """Everything, until pages answer."""
        for name in self.home.heal(self.kept.installation):
            self.board.say(f"An earlier run of this home was cut off; ended its {name}.")
        store = self._services()
        self.programs = Programs(self.home, self.kept, self.common, self.listeners, self.board.say)
        with self.board.step("Looking after the database's tables and roles"):
            self.programs.prepare()
        with self.board.step("Waiting for the object store"):
            store.create_bucket(credentials.BUCKET)
        with self.board.step("Starting web, workers and steward"):
            self.supervisor.run(self.programs.web())
            for program in self.programs.background():
                self.supervisor.run(program)
            people = self.programs.demonstration()
            self.programs.wait_for_web()
        self.home.tell({"address": self.address})
        self.board.ready(self.address, people)

    def _services(self) -> Objects:
        """The database and the broker, answering, and the object store, which needs a few seconds more."""
        store = Objects(self.home, access_key=self.kept.s3_access_key, secret_key=self.kept.s3_secret_key)
        with self.board.step("Starting PostgreSQL, the broker and the object store"):
            store.start()
            keep = self.supervisor.keep
            database = Postgres(
                self.home, passwords=self.kept.role_passwords, superuser_password=self.kept.superuser_password
            )
            database.start()
            keep("postgres", process=lambda: database.process, again=database.start, stop=database.stop,
                 server=database.known)  # fmt: skip
            keep("s3", process=lambda: store.process, again=store.start, stop=store.stop, server=store.known)
            database.create_database("proofroom")
            broker = Broker(self.home, password=self.kept.broker_password)
            broker.start()
            keep("valkey", process=lambda: broker.process, again=broker.start, stop=broker.stop)
        self.common = {
            **credentials.settings_of_caller(),
            **credentials.common(
                self.home.path, self.kept, sockets=database.sockets, endpoint=store.endpoint, broker=broker.url,
                database="proofroom", address=self.address,
            ),
            "PROOFROOM_STATIC_ROOT": str(ROOT / "staticfiles"),
        }  # fmt: skip
        self.common.setdefault("PROOFROOM_DEMO", "1")
        credentials.write_environment(self.home.path, self.kept, self.common)
        return store

    def keep_running(self) -> None:
        """Look after the processes until a signal comes."""
        while True:
            self.supervisor.look_after()
            time.sleep(0.25)

    def stop(self) -> None:
        """End everything that was started."""
        self.supervisor.stop(together=("web", "worker", "media", "steward"))
        self.home.leave()


def open_home(path: Path) -> Home:
    """Take the home for this process. Raises CannotRun, InUse."""
    home = Home(path)
    if shutil.disk_usage(home.path).free < HOME_BYTES:
        raise CannotRun(f"The disk of {home.path} has less than 2 GB free. Free some, or set PROOFROOM_HOME.")
    if confinement.needs_own_uid() and not shutil.which("setpriv"):
        raise CannotRun("User namespaces are off and setpriv is missing. As root: apt-get install util-linux")
    me = Known.of(os.getpid())
    home.hold({"started": str(me.started if me else 0)})
    return home


def main() -> int:
    """Run until told to stop. Returns the exit code."""
    board = Board()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _on_signal)
    try:
        home = open_home(Path(os.environ.get("PROOFROOM_HOME") or ROOT / "var"))
        listeners = choose_port()
    except InUse as used:
        board.already(used.says)
        return 1
    except (CannotRun, OSError) as cannot:
        board.problem(str(cannot))
        return 1
    except Stop:
        return 0
    if not confinement.user_namespaces():
        board.no_namespaces()
    return _run(Installation(home, listeners, board), board)


def _run(installation: Installation, board: Board) -> int:
    code = 0
    try:
        installation.start()
        installation.keep_running()
    except Stop:
        board.say("Stopping.")
    except (RuntimeError, subprocess.SubprocessError, OSError, psycopg.Error) as failed:
        board.problem(str(failed))
        code = 1
    finally:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        installation.stop()
    board.say("Stopped. Everything is kept in " + str(installation.home.path))
    return code


if __name__ == "__main__":
    os.umask(0o077)
    sys.exit(main())
