"""Loaded before Django reads its settings: the environment of one test run. Nothing is started or written here."""

import os
import shutil
from pathlib import Path

import pytest

from local.credentials import Credentials, common, of_role
from local.processes import Known

ROOT = Path(__file__).resolve().parent.parent
RUNS = ROOT / "var" / "tests"
_SELF = Known.of(os.getpid())
HOME = RUNS / f"{os.getpid()}-{_SELF.started if _SELF else 0}"
CREDENTIALS = Credentials()

for _name in [name for name in os.environ if name.startswith("PROOFROOM_")]:
    if _name not in {"PROOFROOM_CHROMIUM", "PROOFROOM_SAMPLES", "PROOFROOM_NAMESPACES"}:
        del os.environ[_name]  # a developer's shell must not steer the tests
os.environ.update(common(HOME, CREDENTIALS, sockets=Path("/nowhere"), endpoint="", broker="", database="none",
                         address="http://localhost"))  # fmt: skip
os.environ.update(of_role(CREDENTIALS, "web"))
os.environ["PROOFROOM_DB_SEQUENCER_PASSWORD"] = CREDENTIALS.role_passwords["sequencer"]
os.environ["PROOFROOM_LOG_LEVEL"] = "WARNING"


def pytest_configure(config: pytest.Config) -> None:
    """Temporary folders of tests lie in the run's home, which goes with the run."""
    if config.option.basetemp is None:
        config.option.basetemp = str(HOME / "tmp")
        HOME.mkdir(mode=0o700, parents=True, exist_ok=True)
    (HOME / "static").mkdir(mode=0o700, parents=True, exist_ok=True)  # WhiteNoise wants its folder


def pytest_unconfigure() -> None:
    """Remove what this run wrote, and the folders that are empty then."""
    shutil.rmtree(HOME, ignore_errors=True)
    for empty in (RUNS, RUNS.parent):
        if empty.is_dir() and not any(empty.iterdir()):
            empty.rmdir()
