"""`proofroom download`: originals out, resumed by Range, kept only when they are what was sealed."""

import json
import os
import threading
from collections.abc import Iterator, Sequence
from hashlib import sha256
from http import HTTPStatus
from http.client import HTTPException, HTTPResponse
from pathlib import Path
from typing import IO
from uuid import UUID

from proofroom_client.errors import DONE, FAILED, CantReach, NotWhatWasSealed, Refused, exit_code_of
from proofroom_client.items import ITEMS, item
from proofroom_client.names import free_name, safe_name
from proofroom_client.patience import Patience
from proofroom_client.progress import Progress
from proofroom_client.room import Room, problem_of
from verifier.errors import ProofroomError
from verifier.words import shown

_CHUNK = 1 << 20


def download(room: Room, names: Sequence[str], folder: Path, *, as_json: bool) -> int:
    """Fetch every item into the folder. Prints a line each; returns the exit code that tells of the worst."""
    folder.mkdir(parents=True, exist_ok=True)
    worst = DONE
    for name in names:
        told: dict[str, object] = {"item": name}
        try:
            found = item(room, name)
            told |= {"item": found.get("id"), "number": found.get("number")}
            told |= _Fetch(room, found, folder, quiet=as_json).run()
        except ProofroomError as error:
            told |= {"error": str(error), "code": error.code}
            worst = max(worst, exit_code_of(error))
        except OSError as error:
            told |= {"error": f"It can't be written: {error}", "code": "not-written"}
            worst = max(worst, FAILED)
        print(json.dumps(told) if as_json else _sentence(name, told), flush=True)
    return worst


def _sentence(name: str, told: dict[str, object]) -> str:
    if "error" in told:
        return f"{shown(name)}: {shown(str(told['error']))}"
    return f"{shown(name)}: {told['path']} ({told['verified']})"


class _Fetch:
    """One item on its way into the folder, first as a hidden `.part` that a later run continues."""

    def __init__(self, room: Room, found: dict[str, object], folder: Path, *, quiet: bool) -> None:
        self._room, self._folder, self._quiet = room, folder, quiet
        self._id = UUID(str(found["id"]))
        self._number = safe_name(found.get("number"), str(self._id))
        self._name = safe_name(found.get("name"), self._number)
        self._sealed = str(found.get("sha256") or "")
        size = found.get("bytes")
        self._bytes = size if isinstance(size, int) and size >= 0 else 0
        self._part = folder / f".{self._id}.part"

    def run(self) -> dict[str, object]:
        """What the line says. Raises Refused, CantReach, NotWhatWasSealed."""
        if self._lies_there(self._folder / self._name):
            return self._told(self._folder / self._name, "was there already, unchanged")
        self._fetch()
        found = _hash(self._part)
        if self._sealed and found != self._sealed:
            self._part.unlink()
            raise NotWhatWasSealed(name=shown(self._name), found=found, sealed=shown(self._sealed))
        target = free_name(self._folder, self._name, self._number)
        _put(self._part, target)
        return self._told(target, "the same as sealed" if self._sealed else "not sealed yet, so not compared")

    def _told(self, path: Path, verified: str) -> dict[str, object]:
        return {"path": str(path), "bytes": path.stat().st_size, "sha256": self._sealed, "verified": verified}

    def _lies_there(self, path: Path) -> bool:
        plain = path.is_file() and not path.is_symlink()
        return plain and path.stat().st_size == self._bytes and bool(self._sealed) and _hash(path) == self._sealed

    def _fetch(self) -> None:
        patience = Patience(threading.Event())
        flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
        with (
            os.fdopen(os.open(self._part, flags, 0o600), "r+b") as file,
            Progress(1, self._bytes, "fetching", quiet=self._quiet) as progress,
        ):
            have = file.seek(0, os.SEEK_END)
            if have > self._bytes:
                have = file.truncate(0)
            while have < self._bytes:
                try:
                    for position in self._answered(file, have):
                        progress.moved(self._name, position)
                        patience.progressed()
                except (CantReach, Refused) as error:
                    patience.endure(error)
                have = file.seek(0, os.SEEK_END)
            file.flush()
            os.fsync(file.fileno())

    def _answered(self, file: IO[bytes], have: int) -> Iterator[int]:
        """Write what one request brings, from byte `have` on; yields each position. Raises Refused, CantReach."""
        headers = {"Range": f"bytes={have}-"} if have else {}
        response = self._room.open("GET", f"{ITEMS}{self._id}/content", headers=headers)
        position = file.seek(_start(response, have))
        file.truncate()
        try:
            while chunk := response.read(_CHUNK):
                file.write(chunk)
                position += len(chunk)
                yield position
        except (HTTPException, OSError) as error:
            self._room.close()
            raise CantReach(url=self._room.url, why=str(error) or "the connection was cut") from error
        if position < self._bytes:
            self._room.close()
            raise CantReach(url=self._room.url, why="the connection was cut")


def _start(response: HTTPResponse, have: int) -> int:
    """Where the answer's bytes belong."""
    if response.status == HTTPStatus.PARTIAL_CONTENT and have:
        if not response.headers.get("Content-Range", "").startswith(f"bytes {have}-"):
            raise Refused(status=response.status, detail="The server sent another part of the file than was asked for.")
        return have
    if response.status == HTTPStatus.OK:
        return 0
    raise problem_of(response)


def _put(part: Path, target: Path) -> None:
    try:
        # A link fails where a name has been taken meanwhile; renaming would overwrite it.
        os.link(part, target)
    except FileExistsError:
        raise
    except OSError:
        part.rename(target)  # a file system without links
    else:
        part.unlink()


def _hash(path: Path) -> str:
    digest = sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()
