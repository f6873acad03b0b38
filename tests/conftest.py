"""Fixtures that all tests share. A test gets what it names and nothing else; docs/operations.md tells the order."""

import tempfile
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import django.conf
import pytest
from django.db import connections
from django.test import Client

from local.credentials import BUCKET
from tests.stack import Stack

# Pages name static files by content in production; here by name, so that no test needs them collected.
_STATIC = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
django.conf.settings.STORAGES = {**django.conf.settings.STORAGES, "staticfiles": _STATIC}
pytest_plugins = [
    name for name in ("tests.budgets", "tests.secrecy", "tests.cast", "tests.exhibits", "tests.live") if find_spec(name)
]


@pytest.fixture(scope="session")
def stack(request: pytest.FixtureRequest) -> Iterator[Stack]:
    """The services of this run. The object store takes longest, so it begins first where any test will want it."""
    made = Stack()
    if any("bucket" in getattr(item, "fixturenames", ()) for item in request.session.items):
        made.start_objects()
    yield made
    made.stop()


@pytest.fixture(scope="session")
def postgres(stack: Stack, django_db_blocker: Any) -> Stack:
    """PostgreSQL with the migrated template."""
    with django_db_blocker.unblock():
        stack.start_postgres()
    return stack


@pytest.fixture(scope="session")
def bucket(stack: Stack) -> str:
    """The run's bucket, versioned and with Object Lock. Tests share it, so their keys must be unique."""
    if not stack.objects.process:
        stack.start_objects()
    stack.wait_for_objects()
    return BUCKET


@pytest.fixture(scope="session")
def broker(stack: Stack) -> str:
    """The broker's address."""
    stack.start_broker()
    return stack.broker.url


@pytest.fixture(scope="session")
def services(postgres: Stack, bucket: str, broker: str) -> Stack:
    """PostgreSQL, S3 and the broker, all three answering."""
    del bucket, broker
    return postgres


@pytest.fixture
def db(postgres: Stack, django_db_blocker: Any) -> Iterator[str]:
    """A database of this test's own: a clone, its name. `default` is the web role, `sequencer` the sequencer's."""
    name = postgres.new_database()
    try:
        with django_db_blocker.unblock():
            yield name
    finally:
        postgres.end_database(name)


@pytest.fixture
def as_role(db: str, stack: Stack) -> Iterator[Callable[[str], None]]:
    """Make `default` another database role for the rest of the test: worker, migrate, eraser, sequencer, web."""
    from tests.plugin import CREDENTIALS

    default = connections["default"]
    usual = dict(default.settings_dict)

    def become(short: str) -> None:
        default.close()
        default.settings_dict.update(USER=f"proofroom_{short}", PASSWORD=CREDENTIALS.role_passwords[short])

    yield become
    default.close()
    default.settings_dict.update(USER=usual["USER"], PASSWORD=usual["PASSWORD"])


@pytest.fixture
def client(db: str) -> Client:
    """A browser without scripts, at http://localhost."""
    return Client(HTTP_HOST="localhost", raise_request_exception=True)


@pytest.fixture
def run_jobs(as_role: Callable[[str], None]) -> Callable[[], int]:
    """Runs the jobs that are due in this process, as the worker's role, until none is. Returns how many ran."""
    from jobs import running

    def run() -> int:
        as_role("worker")
        try:
            return running.run_due()
        finally:
            as_role("web")

    return run


@pytest.fixture
def socket_folder() -> Iterator[Path]:
    """A folder with a path short enough for a socket, wherever the clone lies."""
    with tempfile.TemporaryDirectory(prefix="proofroom-") as folder:
        yield Path(folder)


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--slow` adds the slow ones, `--only-slow` runs nothing else."""
    parser.addoption("--slow", action="store_true", help="run the tests marked slow too")
    parser.addoption("--only-slow", action="store_true", help="run the tests marked slow and no other")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out, and count as deselected, what the options do not ask for."""
    for item in items:
        if item.get_closest_marker("slow") and not item.get_closest_marker("timeout"):
            item.add_marker(pytest.mark.timeout(600))
    if config.option.slow:
        return
    wanted = bool(config.option.only_slow)
    kept = [item for item in items if (item.get_closest_marker("slow") is not None) == wanted]
    if len(kept) != len(items):
        config.hook.pytest_deselected(items=[item for item in items if item not in set(kept)])
        items[:] = kept
