"""Fetching sealed bytes and opening them: one place that turns their failures into the vault's errors."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from store.errors import Missing as NotThere
from store.errors import TooShort, Unavailable
from store.objects import ObjectStore
from vault import places
from vault.datakeys import data_key
from vault.errors import Corrupt, Foreign, Missing
from vault.models import VaultPiece
from verifier import streams
from verifier.streams import Cipher, Kind, NotAuthentic, Place

TRIES = 4  # of one part's GET, each going on at the segment where the connection broke


@dataclass(frozen=True, slots=True, kw_only=True)
class PartSource:
    """One part in S3: where it lies, its key and header. Holds no row and no connection of the database."""

    outside: ObjectStore
    name: str
    version: str
    start: int  # of its first sealed byte in the object
    key: bytes = field(repr=False)
    place: Place
    header: bytes
    plain: int  # bytes

    def read(self, first: int, last: int) -> Iterator[memoryview]:
        """Plain bytes first..last (inclusive) of the part, one GET unless the connection breaks."""
        if last < first and self.plain:
            return
        segment, end = streams.segment_of(first), streams.segment_of(max(last, 0))
        tries = 0
        while segment <= end:
            before = segment
            try:
                for plain in self._segments(segment, end):
                    starts, after = streams.plain_span(segment, self.plain)
                    segment += 1
                    yield memoryview(plain)[max(first - starts, 0) : min(last + 1, after) - starts]
            except Unavailable:
                # What has left was authenticated; the next GET goes on after it. Progress gives the tries back.
                tries = 1 if segment > before else tries + 1
                if tries >= TRIES:
                    raise

    def _segments(self, segment: int, end: int) -> Iterator[bytes]:
        with self._named_errors():
            cipher = Cipher(self.key, self.place, self.header)
            count = streams.segment_count(self.plain)
            start, _ = streams.sealed_span(segment, self.plain)
            start = 0 if segment == 0 else start
            _, after = streams.sealed_span(end, self.plain)
            with self.outside.get(self.name, self.version, self.start + start, self.start + after - 1) as stream:
                if segment == 0 and stream.read(streams.HEADER_BYTES) != self.header:
                    raise Foreign(self.name, self.version, self.place.part)
                for number in range(segment, end + 1):
                    low, high = streams.sealed_span(number, self.plain)
                    yield cipher.open_segment(number, stream.read(high - low), last=number == count - 1)

    @contextmanager
    def _named_errors(self) -> Iterator[None]:
        try:
            yield
        except NotThere as error:
            raise Missing(self.name, self.version, self.place.part) from error
        except TooShort as error:
            raise Corrupt(self.name, self.version, self.place.part, "it is cut") from error
        except NotAuthentic as error:
            raise Corrupt(self.name, self.version, self.place.part, str(error)) from error


def open_piece(piece: VaultPiece) -> bytes:
    """A piece's plain bytes. Raises Corrupt, Missing."""
    file = piece.file
    place = Place(Kind.PIECE, file.object_id, file.number, piece.part, piece.offset)
    size = streams.sealed_bytes(piece.bytes)
    try:
        with places.store_of(file.object).get(piece.s3_key, piece.version_id) as stream:
            sealed = stream.read(size + 1)
        plain = b"".join(streams.open_stream(data_key(file.object), place, sealed))
    except NotThere as error:
        raise Missing(piece.s3_key, piece.version_id, piece.part) from error
    except NotAuthentic as error:
        raise Corrupt(piece.s3_key, piece.version_id, piece.part, str(error)) from error
    if hashlib.sha256(plain).digest() != bytes(piece.sha256):
        raise Corrupt(piece.s3_key, piece.version_id, piece.part, "it is not what was put there")
    return plain
