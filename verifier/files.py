"""Comparing files with the hash that was sealed (the opened field `sha256` of the sealing)."""

from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from typing import IO

from verifier.bundle import Bundle
from verifier.errors import FileAltered, FileUncovered, FileUnknown
from verifier.events import Event
from verifier.verified import CheckedFile, OpenEntry
from verifier.words import shown

_SEALING = (Event.ITEM_SEALED, Event.QUARANTINE_ENDED)
_CHUNK = 1 << 20


def check_files(bundle: Bundle, paths: Sequence[Path], entries: Iterable[OpenEntry]) -> tuple[CheckedFile, ...]:
    """Each file inside the bundle and each at `paths`. Raises FileAltered, FileUnknown, FileUncovered."""
    sealed = {one.openings["sha256"]: one for one in entries if _is_sealing(one)}
    return tuple(_check(name, digest, sealed) for name, digest in _hashes(bundle, paths))


def _is_sealing(one: OpenEntry) -> bool:
    return one.entry.event in _SEALING and one.entry.outcome == "success" and bool(one.openings.get("sha256"))


def _hashes(bundle: Bundle, paths: Sequence[Path]) -> Iterator[tuple[str, str]]:
    for name in bundle.files:
        with bundle.open(name) as file:
            yield name, _hash(file)
    for path in paths:
        with path.open("rb") as file:
            yield str(path), _hash(file)


def _hash(file: IO[bytes]) -> str:
    digest = sha256()
    while chunk := file.read(_CHUNK):
        digest.update(chunk)
    return digest.hexdigest()


def _check(name: str, found: str, sealed: dict[str, OpenEntry]) -> CheckedFile:
    name = shown(name)
    if not sealed:
        raise FileUncovered(file=name)
    if found in sealed:
        one = sealed[found]
        return CheckedFile(name, _called(one), found, one.entry.at)
    if len(sealed) > 1:
        raise FileUnknown(file=name, count=len(sealed), found=found)
    ((digest, one),) = sealed.items()
    raise FileAltered(file=name, item=_called(one), found=found, sealed=shown(digest))


def _called(one: OpenEntry) -> str:
    """The item by whatever of its names is open."""
    names = [shown(one.openings[name]) for name in ("number", "name") if name in one.openings]
    ids = [str(subject) for kind, subject in one.entry.subjects if kind == "item" and subject]
    return " ".join(names) or "".join(ids) or "an item"
