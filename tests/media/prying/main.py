"""Try everything that a codec gone bad would try, and tell what worked."""

import ctypes
import json
import os
import socket
from contextlib import suppress
from pathlib import Path

CLONE_NEWUSER = 0x10000000


def run(descriptor: int, _cpu_seconds: int) -> None:
    """Inside: take the targets from the socket, answer with what worked."""
    sock = socket.socket(fileno=descriptor)
    sock.sendall(json.dumps(pry(json.loads(sock.recv(1 << 16)))).encode() + b"\n")


def pry(targets: dict[str, list[str]]) -> dict[str, object]:
    """What of the targets can be reached, and what else lies about."""
    return {
        "files": [path for path in targets["files"] if _readable(path)],
        "unix": [path for path in targets["unix"] if _connects(socket.AF_UNIX, path)],
        "abstract": [name for name in targets["abstract"] if _connects(socket.AF_UNIX, "\0" + name)],
        "tcp": [port for port in targets["tcp"] if _connects(socket.AF_INET, ("127.0.0.1", int(port)))],
        "processes": [pid for pid in targets["processes"] if _reachable(int(pid))],
        "root": sorted(path.name for path in Path("/").iterdir()),
        "pids": sorted(int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit()),
        "interfaces": [name for _, name in socket.if_nameindex()],
        "environment": sorted(os.environ),
        "written": [place for place in ("/", "/tmp", "/app", "/sp", "/dev", "/dev/shm", "/proc") if _writes(place)],
        "capabilities": [line.split()[1] for line in _status() if line.startswith(("CapEff", "CapBnd", "CapPrm"))],
        "no_new_privileges": [line.split()[1] for line in _status() if line.startswith("NoNewPrivs")],
        "uid": os.getuid(),
    }


def may_make_namespaces() -> bool:
    """Whether a further user namespace could be made. It changes the process, so the control does not call it."""
    return ctypes.CDLL(None).unshare(CLONE_NEWUSER) == 0


def _readable(path: str) -> bool:
    with suppress(OSError):
        return bool(Path(path).read_bytes())
    return False


def _connects(family: int, address: str | tuple[str, int]) -> bool:
    with suppress(OSError), socket.socket(family) as sock:
        sock.settimeout(2)
        sock.connect(address)
        return True
    return False


def _reachable(pid: int) -> bool:
    with suppress(OSError):
        os.kill(pid, 0)
        return True
    return False


def _writes(place: str) -> bool:
    with suppress(OSError):
        path = Path(place) / f"pried-{os.getpid()}"
        path.write_bytes(b"x")
        path.unlink()
        return True
    return False


def _status() -> list[str]:
    return Path("/proc/self/status").read_text().splitlines()
