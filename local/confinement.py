"""Under whose name a service runs, and what it sees of /tmp.

PostgreSQL refuses root. As root it runs in a user namespace where root's files belong to uid 1000; where namespaces
are off, as an unused uid that keeps one capability, to read through folders that are closed to it.
"""

import os
import subprocess
import tempfile
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from local.binaries import BWRAP

UNUSED_UID = 59_873  # no user of any distribution that we know; PostgreSQL needs no name for it, only initdb does
NOBODY = 65_534
PASSWD = "root:x:0:0::/:/bin/false\nsvc:x:1000:1000::/:/bin/false\n"  # noqa: S105 -- the file's format, no password


def _works(*command: str | Path) -> bool:
    if os.environ.get("PROOFROOM_NAMESPACES") == "off":  # see docs/operations.md
        return False
    return subprocess.run([*map(str, command)], check=False, capture_output=True, timeout=20).returncode == 0


@cache
def user_namespaces() -> bool:
    """Whether bubblewrap may make a user namespace here (DISA STIG, Docker and some Ubuntus say no)."""
    return _works(BWRAP, "--dev-bind", "/", "/", "--unshare-user", "--uid", "1000", "--gid", "1000", "--", "true")


@cache
def private_tmp() -> bool:
    """Whether bubblewrap may give a process a /tmp of its own."""
    with tempfile.TemporaryDirectory() as folder:
        return _works(BWRAP, "--dev-bind", "/", "/", "--bind", folder, "/tmp", "--", "true")


def as_postgres(home: Path, command: Sequence[str | Path], *, initial: bool = False) -> list[str]:
    """The command as PostgreSQL accepts it: never as root. `initial` is initdb, whose uid must have a name."""
    plain = [str(part) for part in command]
    if os.geteuid() != 0:
        return plain
    if user_namespaces():
        passwd = home / "passwd"
        passwd.write_text(PASSWD)
        passwd.chmod(0o644)
        return [
            str(BWRAP), "--die-with-parent", "--dev-bind", "/", "/", "--ro-bind", str(passwd), "/etc/passwd",
            "--unshare-user", "--uid", "1000", "--gid", "1000", "--", *plain,
        ]  # fmt: skip
    uid = str(NOBODY if initial else UNUSED_UID)
    capability = "-all,+dac_read_search"
    return [
        "setpriv", "--reuid", uid, "--regid", uid, "--clear-groups", "--inh-caps", capability, "--ambient-caps",
        capability, "--bounding-set", capability, "--securebits", "+no_setuid_fixup", "--no-new-privs",
        "--pdeathsig", "KILL", *plain,
    ]  # fmt: skip


def needs_own_uid() -> bool:
    """Whether PostgreSQL's files must belong to another uid: as root, without namespaces."""
    return os.geteuid() == 0 and not user_namespaces()


def give(uid: int, *roots: Path) -> None:
    """Make everything below the roots belong to `uid`."""
    for root in roots:
        for folder, _folders, files in os.walk(root):
            os.chown(folder, uid, uid, follow_symlinks=False)
            for name in files:
                os.chown(Path(folder, name), uid, uid, follow_symlinks=False)


def with_private_tmp(folder: Path, seen: Sequence[Path], command: Sequence[str | Path]) -> list[str]:
    """The command with `folder` as its /tmp, for a program that puts sockets there whatever it is told.

    `seen` are the folders that it needs; those that lie in the real /tmp are shown again inside.
    """
    plain = [str(part) for part in command]
    if not private_tmp():
        return plain
    shown: list[str] = []
    for path in seen:
        if path.resolve().is_relative_to("/tmp"):
            shown += ["--bind", str(path.resolve()), str(path.resolve())]
    return [
        str(BWRAP),
        "--die-with-parent",
        "--dev-bind",
        "/",
        "/",
        "--bind",
        str(folder),
        "/tmp",
        *shown,
        "--",
        *plain,
    ]
