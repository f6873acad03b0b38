"""Opening a bundle, a ZIP or a folder, without believing anything in it. Nothing is ever unpacked to disk."""

import os
import stat
import zipfile
import zlib
from collections.abc import Generator, Iterator
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager
from pathlib import Path
from types import TracebackType
from typing import IO, Protocol, Self

from verifier import layout
from verifier.canonical import Json, parse_loosely
from verifier.entry import MOST_BYTES
from verifier.errors import BundleUnreadable, Malformed, MemberMissing, UnexpectedMember

_REQUIRED = (layout.MANIFEST, layout.LEAVES, layout.OPENINGS, layout.PROOFS)
_LIMITS = {
    layout.MANIFEST: layout.MOST_MANIFEST_BYTES,
    layout.LEAVES: layout.MOST_LINES_BYTES,
    layout.OPENINGS: layout.MOST_LINES_BYTES,
    layout.PROOFS: layout.MOST_LINES_BYTES,
}
_READ = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
_DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError)


class _Members(Protocol):
    """Where the members come from: their names with sizes, and each as a stream."""

    def sizes(self) -> dict[str, int]: ...
    def open(self, name: str) -> IO[bytes]: ...


class Bundle(AbstractContextManager["Bundle"]):
    """A bundle, its members listed by name and size. Only `demand_members` says that they are the right ones."""

    def __init__(self, path: Path) -> None:
        """Raises BundleUnreadable, UnexpectedMember."""
        self._stack = ExitStack()
        try:
            self._members: _Members = _Folder(path) if path.is_dir() else _Zip(path, self._stack)
            self._sizes = self._members.sizes()
        except _DAMAGE as error:
            self._stack.close()
            raise BundleUnreadable(why=_told(error)) from error
        except BaseException:
            self._stack.close()
            raise
        matches = (layout.ENTRY_NAME.fullmatch(name) for name in self._sizes)
        self.entries = {int(match[1]) for match in matches if match}
        self.files = sorted(name for name in self._sizes if layout.FILE_NAME.fullmatch(name))
        self.timestamps = sorted(name for name in self._sizes if layout.TIMESTAMP_NAME.fullmatch(name))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def manifest(self) -> dict[str, Json]:
        """bundle.json, read before anything else is judged: its format decides what is right."""
        found = parse_loosely(self._read(layout.MANIFEST, layout.MOST_MANIFEST_BYTES))
        if not isinstance(found, dict):
            raise Malformed(why="bundle.json is not an object")
        return found

    def demand_members(self) -> None:
        """Exactly what a bundle of this version may hold. Raises UnexpectedMember, MemberMissing, BundleUnreadable."""
        for name, size in self._sizes.items():
            _check(name, size)
        for name in _REQUIRED:
            if name not in self._sizes:
                raise MemberMissing(member=name)

    def entry(self, leaf: int) -> bytes:
        """The bytes of one entry, as stored."""
        return self._read(layout.entry_member(leaf), MOST_BYTES)

    @contextmanager
    def lines(self, name: str, keys: frozenset[str]) -> Iterator[Iterator[dict[str, Json]]]:
        """The objects of a .jsonl member, one a line, each with exactly these keys."""
        with closing(self._lines(name, keys)) as found:
            yield found

    def _lines(self, name: str, keys: frozenset[str]) -> Generator[dict[str, Json], None, None]:
        try:
            with self.open(name) as file:
                while line := file.readline(layout.MOST_LINE_BYTES + 1):
                    yield _line(name, line, keys)
        except _DAMAGE as error:
            raise BundleUnreadable(why=_told(error)) from error

    def open(self, name: str) -> IO[bytes]:
        """A member as a stream."""
        if name not in self._sizes:
            raise MemberMissing(member=name)
        return self._members.open(name)

    def _read(self, name: str, most: int) -> bytes:
        try:
            with self.open(name) as file:
                raw = file.read(most + 1)
        except _DAMAGE as error:
            raise BundleUnreadable(why=_told(error)) from error
        if len(raw) > most:
            raise BundleUnreadable(why=f"{name} is too large")
        return raw


class _Zip:
    def __init__(self, path: Path, stack: ExitStack) -> None:
        # Opened here, so that it is closed at the end even while a member is still being read.
        self._file = stack.enter_context(zipfile.ZipFile(stack.enter_context(path.open("rb"))))

    def sizes(self) -> dict[str, int]:
        found: dict[str, int] = {}
        for info in self._file.infolist():
            # Two members of one name: each reader would see another one.
            if info.filename in found or info.orig_filename != info.filename:
                raise UnexpectedMember(member=f"a second or misnamed {info.filename!r}")
            if info.flag_bits & 0x1 or info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                raise BundleUnreadable(why=f"{info.filename!r} is encrypted or packed in a rare way")
            found[info.filename] = info.file_size
        return {name: size for name, size in found.items() if not (name in layout.FOLDERS and size == 0)}

    def open(self, name: str) -> IO[bytes]:
        return self._file.open(name)


class _Folder:
    def __init__(self, path: Path) -> None:
        self._path = path

    def sizes(self) -> dict[str, int]:
        return dict(self._walk(self._path, ""))

    def _walk(self, path: Path, prefix: str) -> Iterator[tuple[str, int]]:
        with os.scandir(path) as found:
            for one in found:
                name, kind = prefix + one.name, one.stat(follow_symlinks=False)
                if stat.S_ISDIR(kind.st_mode) and name + "/" in layout.FOLDERS:
                    yield from self._walk(Path(one.path), name + "/")
                elif stat.S_ISREG(kind.st_mode):
                    yield name, kind.st_size
                else:
                    yield name + "/", 0  # a name that no bundle holds

    def open(self, name: str) -> IO[bytes]:
        # A link put in place of a file after the listing isn't followed.
        return os.fdopen(os.open(self._path / name, _READ), "rb")


def _check(name: str, size: int) -> None:
    if layout.ENTRY_NAME.fullmatch(name):
        limit = MOST_BYTES
    elif layout.FILE_NAME.fullmatch(name) and name not in ("files/.", "files/.."):
        return
    elif layout.TIMESTAMP_NAME.fullmatch(name):
        limit = layout.MOST_LINE_BYTES
    elif name in _LIMITS:
        limit = _LIMITS[name]
    else:
        raise UnexpectedMember(member=repr(name))
    if size > limit:
        raise BundleUnreadable(why=f"{name} is too large")


def _line(name: str, line: bytes, keys: frozenset[str]) -> dict[str, Json]:
    if len(line) > layout.MOST_LINE_BYTES or not line.endswith(b"\n"):
        raise Malformed(why=f"a line of {name} is too long or not ended")
    found = parse_loosely(line)
    if not isinstance(found, dict) or found.keys() != keys:
        raise Malformed(why=f"a line of {name} has other keys")
    return found


def _told(error: BaseException) -> str:
    if isinstance(error, FileNotFoundError):
        return "there is no such file"
    return f"it is damaged or no ZIP ({str(error) or type(error).__name__})"
