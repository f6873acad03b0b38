"""What one test run starts: a home of its own below var/tests, PostgreSQL with a migrated template, S3, the broker."""

import os
import secrets
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import django.conf
from django.db import connections

from config import prepare
from local import credentials
from local.broker import Broker
from local.homes import Home
from local.objects import Objects
from local.postgres import Postgres
from local.processes import Known
from tests.plugin import CREDENTIALS, HOME, ROOT, RUNS

if TYPE_CHECKING:
    from collections.abc import Mapping

TEMPLATE = "proofroom_template"
MEMORY = Path("/dev/shm")


def in_memory() -> Path | None:
    """Where the cluster lies when there is memory enough to keep it in: a folder that only this user enters."""
    if not MEMORY.is_dir() or shutil.disk_usage(MEMORY).free < 2 * 1024**3:
        return None
    folder = MEMORY / f"proofroom-{HOME.name}"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def heal() -> None:
    """Remove the homes of test runs that were killed."""
    for left in [*MEMORY.glob("proofroom-*-*"), *RUNS.glob("*-*")]:
        pid, _dash, started = left.name.removeprefix("proofroom-").partition("-")
        if (
            left.is_dir()
            and left.stat().st_uid == os.geteuid()
            and pid.isdigit()
            and started.isdigit()
            and not Known(int(pid), int(started)).lives()
        ):
            Home(left).heal(installation="tests")
            shutil.rmtree(left, ignore_errors=True)


class Stack:
    """The services of this run. Each starts when the first test asks for it."""

    def __init__(self) -> None:
        heal()
        self.home = Home(HOME)
        self.memory = in_memory()
        self.postgres = Postgres(
            self.home, passwords=CREDENTIALS.role_passwords, superuser_password=CREDENTIALS.superuser_password,
            data=self.memory and self.memory / "postgres", forgetful=True,
        )  # fmt: skip
        self.objects = Objects(
            self.home, access_key=CREDENTIALS.s3_access_key, secret_key=CREDENTIALS.s3_secret_key, forgetful=True
        )
        self.broker = Broker(self.home, password=CREDENTIALS.broker_password)

    def start_postgres(self) -> None:
        """Serve, and migrate the template that every test's database is cloned from."""
        self.postgres.start()
        self._know("postgres", self.postgres.known())
        self._setting("PROOFROOM_DB_HOST", str(self.postgres.sockets))
        prepare.make_keys()
        self.postgres.create_database(TEMPLATE)
        default = connections["default"]
        for alias in connections:
            connections[alias].settings_dict.update(HOST=str(self.postgres.sockets), NAME=TEMPLATE)
        usual = dict(default.settings_dict)
        default.settings_dict.update(
            USER="proofroom_migrate", PASSWORD=CREDENTIALS.role_passwords["migrate"],
            OPTIONS={**usual["OPTIONS"], "options": "-c role=proofroom_owner"},
        )  # fmt: skip
        try:
            prepare.bring_up_to_date()
        finally:
            default.close()
            default.settings_dict.update(usual)

    def start_objects(self) -> None:
        """Begin to start the S3 server, without waiting."""
        self.objects.start()
        self._know("s3", self.objects.known())

    def wait_for_objects(self) -> None:
        """Wait for the S3 server, make the bucket, and tell the settings."""
        self.objects.create_bucket(credentials.BUCKET)
        self._know("s3", self.objects.known())
        self._setting("PROOFROOM_S3_ENDPOINT", self.objects.endpoint)
        django.conf.settings.S3_ENDPOINT = self.objects.endpoint

    def start_broker(self) -> None:
        """Serve, and tell the settings."""
        self.broker.start()
        if self.broker.process:
            self._know("valkey", Known.of(self.broker.process.pid))
        self._setting("PROOFROOM_BROKER_URL", self.broker.url)
        django.conf.settings.BROKER_URL = self.broker.url

    def _know(self, name: str, process: Known | None) -> None:
        if process:
            self.home.remember(name, process, "tests")

    @staticmethod
    def _setting(name: str, value: str) -> None:
        os.environ[name] = value

    def new_database(self, template: str = TEMPLATE) -> str:
        """A clone of the template, under a name of its own."""
        name = f"t_{secrets.token_hex(6)}"
        self.postgres.clone(template, name)
        for alias in connections:
            connections[alias].settings_dict["NAME"] = name
        return name

    def end_database(self, name: str) -> None:
        """Close this thread's connections and drop the clone with everybody else's."""
        connections.close_all()
        for alias in connections:
            connections[alias].settings_dict["NAME"] = "none"
        self.postgres.drop(name)

    def environment(self, role: str, database: str, address: str = "http://localhost") -> "Mapping[str, str]":
        """What a process of `role` gets over one test's database."""
        kept: dict[str, Any] = credentials.common(
            self.home.path, CREDENTIALS, sockets=self.postgres.sockets, database=database, address=address,
            endpoint=self.objects.endpoint if self.objects.ports else "", broker=self.broker.url,
        )  # fmt: skip
        return {
            **{name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ},
            **kept, **credentials.of_role(CREDENTIALS, role), "PYTHONPATH": str(ROOT), "PROOFROOM_LOG_LEVEL": "WARNING",
        }  # fmt: skip

    def stop(self) -> None:
        """End everything and remove what was written."""
        connections.close_all()
        self.broker.stop()
        self.objects.stop()
        self.postgres.stop()
        self.home.leave()
        if self.memory:
            shutil.rmtree(self.memory, ignore_errors=True)
