"""The files on this machine that are to be uploaded: found, read and hashed."""

import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import IO, Self

from proofroom_client.errors import BadUsage, SourceChanged, SourceUnreadable

CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Source:
    """One file. `relative` is its path inside the folder that was named, that folder included; empty for a file."""

    path: Path
    relative: str
    bytes: int
    modified_ns: int

    @property
    def name(self) -> str:
        """The file's name, in UTF-8 whatever the disk holds."""
        return _text(self.path.name)

    @property
    def modified(self) -> str:
        """When it was last written, ISO 8601 in UTC."""
        return datetime.fromtimestamp(self.modified_ns / 1e9, UTC).isoformat(timespec="microseconds")


def find(paths: Iterable[Path]) -> Iterator[Source | tuple[Path, SourceUnreadable]]:
    """Every file at or under the paths, in order. Raises BadUsage for a path that doesn't exist."""
    for path in paths:
        if not path.exists():
            raise BadUsage(why=f"{path} does not exist.")
        if path.is_dir():
            yield from _under(path, _text(path.resolve().name))
        else:
            yield _source(path, "")


def _under(folder: Path, relative: str) -> Iterator[Source | tuple[Path, SourceUnreadable]]:
    try:
        names = sorted(os.listdir(folder))  # noqa: PTH208 - names only, in an order that stays
    except OSError as error:
        yield folder, SourceUnreadable(why=error.strerror or error)
        return
    for name in names:
        path, below = folder / name, f"{relative}/{_text(name)}".lstrip("/")
        # A link to a folder could lead round in a circle, or out of what was meant.
        if path.is_dir() and not path.is_symlink():
            yield from _under(path, below)
        else:
            yield _source(path, below)


def _source(path: Path, relative: str) -> Source | tuple[Path, SourceUnreadable]:
    try:
        found = path.stat()
    except OSError as error:
        return path, SourceUnreadable(why=error.strerror or error)
    if not stat.S_ISREG(found.st_mode):
        return path, SourceUnreadable(why="it is not a file")
    return Source(path, relative, found.st_size, found.st_mtime_ns)


def _text(name: str) -> str:
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


class Reading:
    """A source that is read once for its hash, and as often as needed for sending."""

    def __init__(self, source: Source) -> None:
        """Raises SourceUnreadable."""
        self.source = source
        self._hash, self._hashed = sha256(), 0
        try:
            self._file: IO[bytes] = source.path.open("rb")
        except OSError as error:
            raise SourceUnreadable(why=error.strerror or error) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def chunks(self, first: int, end: int) -> Iterator[bytes]:
        """The bytes first..end-1, hashed on the way when they come next. Raises SourceChanged."""
        self._hash_up_to(first)
        position = first
        while position < end:
            chunk = self._read(position, min(CHUNK, end - position))
            self._learn(position, chunk)
            position += len(chunk)
            yield chunk

    def digest(self) -> str:
        """SHA-256 of the whole in hex. Raises SourceChanged when the file isn't as it was found."""
        self._hash_up_to(self.source.bytes)
        self.demand_unchanged()
        return self._hash.hexdigest()

    def demand_unchanged(self) -> None:
        """Raises SourceChanged when the file isn't as it was found."""
        found = os.fstat(self._file.fileno())
        if (found.st_size, found.st_mtime_ns) != (self.source.bytes, self.source.modified_ns):
            raise SourceChanged

    def _hash_up_to(self, end: int) -> None:
        while self._hashed < end:
            self._learn(self._hashed, self._read(self._hashed, min(CHUNK, end - self._hashed)))

    def _learn(self, position: int, chunk: bytes) -> None:
        # A chunk that is sent again was hashed the first time; only what lies beyond is new.
        if (new := chunk[self._hashed - position :]) and position <= self._hashed:
            self._hash.update(new)
            self._hashed += len(new)

    def _read(self, position: int, size: int) -> bytes:
        try:
            self._file.seek(position)
            chunk = self._file.read(size)
        except OSError as error:
            raise SourceUnreadable(why=error.strerror or error) from error
        if len(chunk) != size:
            raise SourceChanged
        return chunk
