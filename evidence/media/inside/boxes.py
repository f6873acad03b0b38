"""A few facts that stand in a container's own boxes, read where the codec library fails or keeps silent."""

import struct
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from .source import Worker

DEPTH = 8
BOXES = 4000  # a file with more is not followed further
_INTO = {b"moov", b"trak", b"mdia", b"minf", b"stbl", b"moof", b"traf"}


def walk(
    worker: Worker, first: int, after: int, depth: int = 0, left: list[int] | None = None
) -> Iterator[tuple[bytes, int, int]]:
    """ISO 14496-12 boxes: name, offset and length of what is in it. Stops at the first that makes no sense."""
    left = left if left is not None else [BOXES]
    while first + 8 <= after and left[0] > 0 and depth < DEPTH:
        left[0] -= 1
        size, name = struct.unpack(">I4s", worker.at(first, 8))
        head = 8
        if size == 1:
            size, head = struct.unpack(">Q", worker.at(first + 8, 8).ljust(8, b"\0"))[0], 16
        elif size == 0:
            size = after - first
        if size < head or first + size > after:
            return
        yield name, first + head, size - head
        if name in _INTO:
            yield from walk(worker, first + head, first + size, depth + 1, left)
        first += size


def look(worker: Worker) -> tuple[bool, str]:
    """Of an MP4: whether its samples are encrypted, and when its header says that it was made (UTC), or nothing."""
    encrypted, made = False, ""
    for name, offset, length in walk(worker, 0, worker.size):
        if name == b"stsd":
            entries = worker.at(offset, min(length, 64))
            encrypted = encrypted or any(mark in entries for mark in (b"encv", b"enca"))
        elif name == b"mvhd":
            made = _made(worker.at(offset, 16))
    return encrypted, made


def _made(header: bytes) -> str:
    version = header[0] if header else 0
    seconds = struct.unpack(">Q", header[4:12])[0] if version == 1 else struct.unpack(">I", header[4:8])[0]
    if not seconds:
        return ""
    try:
        return (datetime(1904, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%S")
    except OverflowError:
        return ""


def matroska_made(head: bytes) -> str:
    """DateUTC of a Matroska file (RFC 9559: nanoseconds since 2001-01-01), if it stands in the first bytes."""
    at = head.find(b"\x44\x61\x88")
    if at < 0 or at + 11 > len(head):
        return ""
    return _since(datetime(2001, 1, 1, tzinfo=UTC), struct.unpack(">q", head[at + 3 : at + 11])[0] // 1000)


def asf_made(head: bytes) -> str:
    """Creation Date of an ASF file's File Properties Object (100 ns since 1601-01-01)."""
    at = head.find(bytes.fromhex("a1dcab8c47a9cf118ee400c00c205365"))
    if at < 0 or at + 56 > len(head):
        return ""
    return _since(datetime(1601, 1, 1, tzinfo=UTC), struct.unpack("<Q", head[at + 48 : at + 56])[0] // 10)


def _since(epoch: datetime, microseconds: int) -> str:
    try:
        return (epoch + timedelta(microseconds=microseconds)).strftime("%Y-%m-%dT%H:%M:%S") if microseconds else ""
    except OverflowError:
        return ""
