"""The folder of one installation: who has it in use, where its sockets are, what it started."""

import contextlib
import fcntl
import json
import os
import shutil
import tempfile
from dataclasses import asdict
from pathlib import Path

from local.processes import Known

LONGEST_SOCKET_FOLDER = 90  # bytes; sun_path holds 107 and PostgreSQL adds "/.s.PGSQL.5432"
LOG_BYTES = 16 * 1024 * 1024


class InUse(Exception):
    """Another process runs this home. `says` is what it left about itself."""

    def __init__(self, says: dict[str, str]) -> None:
        self.says = says
        super().__init__(f"This home is in use by process {says.get('pid', 'unknown')}.")


class Home:
    """State and logs of one installation. All of it is closed to other users (mode 0700)."""

    def __init__(self, path: Path) -> None:
        self.path = path.absolute()
        self.path.mkdir(parents=True, exist_ok=True)
        self.path.chmod(0o700)
        self._lock: int | None = None
        self._runtime: Path | None = None

    def folder(self, name: str) -> Path:
        """A folder of this home, made when it is not there."""
        folder = self.path / name
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return folder

    def log(self, name: str) -> Path:
        """The log of one service. A large one is set aside when the service starts; one such is kept."""
        path = self.folder("logs") / f"{name}.log"
        if path.exists() and path.stat().st_size > LOG_BYTES:
            path.replace(path.with_suffix(".log.1"))
        return path

    def hold(self, says: dict[str, str]) -> None:
        """Take the home for this process until it ends. Raises InUse."""
        descriptor = os.open(self.path / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            raise InUse(self.told()) from None
        self._lock = descriptor
        self.tell(says)

    def tell(self, says: dict[str, str]) -> None:
        """Leave word for the one who finds this home in use."""
        (self.path / "lock").write_text(json.dumps({"pid": str(os.getpid()), **says}))

    def told(self) -> dict[str, str]:
        """What the holder left; empty when it had no time to."""
        try:
            return {str(key): str(value) for key, value in json.loads((self.path / "lock").read_text()).items()}
        except (FileNotFoundError, ValueError):
            return {}

    def runtime(self) -> Path:
        """A folder with a path short enough for sockets: `run` here, or one outside that `heal` and `leave` remove."""
        if self._runtime is None:
            inside = self.path / "run"
            if len(os.fsencode(inside)) <= LONGEST_SOCKET_FOLDER and not set(str(inside)) & set(",\"'"):
                self._runtime = self.folder("run")
            else:
                self._runtime = self._outside()
        return self._runtime

    def _outside(self) -> Path:
        made = Path(tempfile.mkdtemp(prefix="proofroom-", dir=os.environ.get("XDG_RUNTIME_DIR") or None))
        if len(os.fsencode(made)) > LONGEST_SOCKET_FOLDER:
            made.rmdir()
            made = Path(tempfile.mkdtemp(prefix="proofroom-", dir="/tmp"))
        (self.path / "runtime").write_text(str(made))
        return made

    def remember(self, name: str, process: Known, installation: str) -> None:
        """Write down a process that we started, for the next start to end if we can't."""
        known = self.remembered()
        known[name] = {**asdict(process), "installation": installation}
        self._write(known)

    def forget(self, name: str) -> None:
        """The process has ended."""
        known = self.remembered()
        known.pop(name, None)
        self._write(known)

    def remembered(self) -> dict[str, dict[str, str | int]]:
        """What was started here and not yet forgotten."""
        try:
            found: dict[str, dict[str, str | int]] = json.loads((self.path / "processes.json").read_text())
        except (FileNotFoundError, ValueError):
            return {}
        return found

    def _write(self, known: dict[str, dict[str, str | int]]) -> None:
        temporary = self.path / "processes.json.new"
        temporary.write_text(json.dumps(known, indent=1))
        temporary.replace(self.path / "processes.json")

    def heal(self, installation: str) -> list[str]:
        """End what an earlier run left behind: only processes with the pid and start written here. Returns names."""
        ended = []
        for name, record in self.remembered().items():
            process = Known(int(record["pid"]), int(record["started"]))
            if record.get("installation") == installation and process.lives():
                process.end(gently=3)
                ended.append(name)
        self._write({})
        self._remove_runtime()
        return ended

    def _remove_runtime(self) -> None:
        with contextlib.suppress(FileNotFoundError):
            outside = Path((self.path / "runtime").read_text())
            if outside.name.startswith("proofroom-"):
                shutil.rmtree(outside, ignore_errors=True)
            (self.path / "runtime").unlink()
        shutil.rmtree(self.path / "run", ignore_errors=True)

    def leave(self) -> None:
        """Nothing of ours runs any more: remove the sockets and let go of the home."""
        self._remove_runtime()
        self._runtime = None
        if self._lock is not None:
            os.truncate(self._lock, 0)
            os.close(self._lock)
            self._lock = None
