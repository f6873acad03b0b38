"""The leaf record: what the Merkle tree commits to. No name and no id is in it, so it is public.

Binary, big-endian: version u8 (1), leaf index u64, SHA-256 of the entry's bytes, count u16, then for each subject of
the entry in order its running number u64 (from 1) and its previous leaf index u64 (2^64−1 for none).
"""

import struct
from dataclasses import dataclass

from verifier.errors import Malformed

VERSION = 1
NO_PREVIOUS = 2**64 - 1
MOST_SUBJECTS = 256
_HEAD = struct.Struct(">BQ32sH")
_LINK = struct.Struct(">QQ")


@dataclass(frozen=True, slots=True)
class Link:
    """One subject's place in its own chain: `number` counts its entries from 1, `previous` is a leaf index."""

    number: int
    previous: int | None


@dataclass(frozen=True, slots=True)
class LeafRecord:
    """`entry_digest` is the SHA-256 of the entry's bytes; `links` follow the order of the entry's subjects."""

    index: int
    entry_digest: bytes
    links: tuple[Link, ...]

    def pack(self) -> bytes:
        """The bytes that are hashed into the tree."""
        head = _HEAD.pack(VERSION, self.index, self.entry_digest, len(self.links))
        return head + b"".join(_LINK.pack(one.number, _stored(one.previous)) for one in self.links)

    @classmethod
    def unpack(cls, raw: bytes) -> "LeafRecord":
        """Read a leaf record. Raises Malformed for anything but exactly one record of version 1."""
        if len(raw) < _HEAD.size:
            raise Malformed(why="a leaf record is too short")
        version, index, digest, count = _HEAD.unpack_from(raw)
        if version != VERSION or count > MOST_SUBJECTS or len(raw) != _HEAD.size + count * _LINK.size:
            raise Malformed(why="a leaf record has another version or length")
        links = tuple(_link(*pair) for pair in _LINK.iter_unpack(raw[_HEAD.size :]))
        return cls(index, digest, links)


def _stored(previous: int | None) -> int:
    return NO_PREVIOUS if previous is None else previous


def _link(number: int, previous: int) -> Link:
    first = previous == NO_PREVIOUS
    if (number == 1) != first or number < 1:
        raise Malformed(why="a leaf record numbers a subject without its predecessor")
    return Link(number, None if first else previous)
