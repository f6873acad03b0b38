"""What must be there before anything is set up. Standard library only, and readable by any Python 3.

Each complaint names the command that mends it. As root, with apt-get at hand, that command is run, announced.
"""

import importlib.util
import os
import platform
import shutil
import subprocess
import sys

OLDEST_PYTHON, NEWEST_PYTHON = (3, 11), (3, 14)
OLDEST_GLIBC = (2, 28)  # of the wheels that are pinned (manylinux_2_28)
SETUP_BYTES = 3 * 1024**3  # packages and their unpacking


class Unfit(Exception):
    """This machine can't run Proofroom as it is; the message says what mends it."""


def check(checkout, setup_needed):
    """Refuse at once what would fail later in a way that nobody understands. Raises Unfit."""
    _system()
    _python()
    _path(checkout)
    if setup_needed:
        _venv_module()
        _space(checkout, SETUP_BYTES)


def _system():
    machine = platform.machine()
    if sys.platform != "linux" or machine not in ("x86_64", "aarch64"):
        raise Unfit(
            "Proofroom runs on Linux, x86_64 or aarch64; this is %s on %s. On Windows use WSL 2, on a Mac a virtual "
            "machine with Linux." % (sys.platform, machine)
        )
    name, version = platform.libc_ver()
    parts = tuple(int(part) for part in version.split(".")[:2] if part.isdigit())
    if name != "glibc" or parts < OLDEST_GLIBC:
        raise Unfit(
            "Proofroom needs glibc 2.28 or later; this system has %s %s. Use Debian 10, Ubuntu 20.04, RHEL 8 or later."
            % (name or "another C library", version)
        )


def _python():
    if not OLDEST_PYTHON <= sys.version_info[:2] <= NEWEST_PYTHON:
        raise Unfit(
            "Proofroom needs Python 3.11 to 3.14; python3 here is %d.%d. Install one and put it first in PATH, for "
            "example: apt-get install python3.11 python3.11-venv" % sys.version_info[:2]
        )


def _path(checkout):
    if "\n" in checkout:
        raise Unfit("The folder of Proofroom has a line break in its name. Rename it.")
    if not os.access(checkout, os.W_OK):
        raise Unfit("You can't write in %s. Clone Proofroom into a folder of your own." % checkout)


def _space(folder, needed):
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise Unfit(
            "%s has %.1f GB free; %.0f GB are needed. Free some, or put the clone on another disk."
            % (folder, free / 1024**3, needed / 1024**3)
        )


def _venv_module():
    missing = [name for name in ("venv", "ensurepip") if importlib.util.find_spec(name) is None]
    if not missing:
        return
    package = "python%d.%d-venv" % sys.version_info[:2]
    command = ["apt-get", "install", "-y", package]
    if os.geteuid() == 0 and shutil.which("apt-get"):
        print("Python lacks its module %s. Running: %s" % (missing[0], " ".join(command)), flush=True)
        subprocess.run(["apt-get", "update", "-qq"], check=False)
        if subprocess.run(command, check=False).returncode == 0:
            importlib.invalidate_caches()
            if importlib.util.find_spec("ensurepip") is not None:
                return
    raise Unfit("Python lacks its module %s. As root: %s" % (missing[0], " ".join(command)))
