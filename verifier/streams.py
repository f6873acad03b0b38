"""The form of everything sealed: Tink streaming AEAD, AES256_GCM_HKDF_1MB, one complete stream a part.

The format is Tink's "AES-GCM-HKDF streaming AEAD" (developers.google.com/tink/streaming-aead/aes_gcm_hkdf_streaming):
a header of 40 bytes (its length, a salt of 32, a nonce prefix of 7), then segments of 1 MiB. The key of one stream is
HKDF-SHA256 of the data key with that salt and the associated data as info. A segment's nonce is the prefix, its number
as u32 and one byte that is 1 in the last segment. Integers are big-endian. docs/vault-format.md tells the rest.
"""

import os
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES = 32
SALT_BYTES = 32
PREFIX_BYTES = 7
HEADER_BYTES = 1 + SALT_BYTES + PREFIX_BYTES
TAG_BYTES = 16
SEGMENT_BYTES = 1 << 20  # sealed
FIRST_PLAIN = SEGMENT_BYTES - HEADER_BYTES - TAG_BYTES  # the header takes its room in the first segment
NEXT_PLAIN = SEGMENT_BYTES - TAG_BYTES
SEGMENTS_A_PART = 32
PARTS = 9_000  # AWS allows 10,000; a tenth stays free
MAGIC = b"PRV1"


class NotAuthentic(Exception):
    """A segment is not what was sealed in this place under this key, or the stream is cut or has a foreign header."""

    def __init__(self, segment: int, why: str) -> None:
        self.segment = segment
        super().__init__(f"segment {segment}: {why}")


class Kind(IntEnum):
    """What a stream is, as its associated data says. Zero is never used."""

    DATA = 1
    FACTS = 2
    DERIVATIVE = 3
    PIECE = 4


@dataclass(frozen=True, slots=True)
class Place:
    """Where a stream belongs. Bytes sealed for one place open in no other."""

    kind: Kind
    object: UUID
    file: int = 0
    part: int = 0
    offset: int = 0  # of the first plain byte in the file; only pieces have one

    def associated_data(self) -> bytes:
        """The 40 bytes: magic, kind u8, three zeros, object id, file number u32, part number u32, offset u64."""
        return struct.pack(">4sB3x16sIIQ", MAGIC, self.kind, self.object.bytes, self.file, self.part, self.offset)


def plain_part_bytes(segments: int = SEGMENTS_A_PART) -> int:
    """How many plain bytes a full part of so many segments holds."""
    return FIRST_PLAIN + (segments - 1) * NEXT_PLAIN


def sealed_bytes(plain: int) -> int:
    """How long the stream of so many plain bytes is, header included."""
    return HEADER_BYTES + plain + segment_count(plain) * TAG_BYTES


def segment_count(plain: int) -> int:
    """How many segments a stream of so many plain bytes has. An empty one has one."""
    if plain <= FIRST_PLAIN:
        return 1
    return 1 + -(-(plain - FIRST_PLAIN) // NEXT_PLAIN)


def segment_of(offset: int) -> int:
    """The number of the segment that holds the plain byte at `offset` of its stream."""
    return 0 if offset < FIRST_PLAIN else 1 + (offset - FIRST_PLAIN) // NEXT_PLAIN


def plain_span(segment: int, plain: int) -> tuple[int, int]:
    """Offset of a segment's first plain byte in its stream of `plain` bytes, and of the byte after its last."""
    first = 0 if segment == 0 else FIRST_PLAIN + (segment - 1) * NEXT_PLAIN
    return first, min(plain, FIRST_PLAIN + segment * NEXT_PLAIN)


def sealed_span(segment: int, plain: int) -> tuple[int, int]:
    """The same in sealed bytes. The first segment begins after the header."""
    first = HEADER_BYTES if segment == 0 else segment * SEGMENT_BYTES
    return first, min(sealed_bytes(plain), (segment + 1) * SEGMENT_BYTES)


def segments_for(length: int | None) -> int:
    """How many segments the parts of a file get: 32, doubled until 9,000 parts hold it; 128 while nobody knows."""
    if length is None:
        return 128
    segments = SEGMENTS_A_PART
    while plain_part_bytes(segments) * PARTS < length:
        segments *= 2
    return segments


class Cipher:
    """The segments of one stream: its data key, place and header fixed, each segment sealed or opened by number."""

    def __init__(self, key: bytes, place: Place, header: bytes | None = None) -> None:
        """Take up a stream by its header, or begin a new one. Raises NotAuthentic for a header of another format."""
        if len(key) != KEY_BYTES:
            raise ValueError("A data key has 32 bytes.")
        if header is None:
            header = bytes([HEADER_BYTES]) + os.urandom(SALT_BYTES + PREFIX_BYTES)
        if len(header) != HEADER_BYTES or header[0] != HEADER_BYTES:
            raise NotAuthentic(0, "the header is not one of this format")
        self.header = header
        salt, self._prefix = header[1 : 1 + SALT_BYTES], header[1 + SALT_BYTES :]
        derived = HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=salt, info=place.associated_data()).derive(key)
        self._aead = AESGCM(derived)

    def _nonce(self, segment: int, *, last: bool) -> bytes:
        return self._prefix + struct.pack(">IB", segment, last)

    def seal_into(self, segment: int, plain: memoryview, sealed: memoryview, *, last: bool) -> None:
        """Seal one segment into `sealed`, which is 16 bytes longer than `plain`."""
        self._aead.encrypt_into(self._nonce(segment, last=last), plain, None, sealed)

    def open_segment(self, segment: int, sealed: memoryview | bytes, *, last: bool) -> bytes:
        """Open one segment. Raises NotAuthentic; then nothing of it is known."""
        if len(sealed) < TAG_BYTES:
            raise NotAuthentic(segment, "it is cut")
        try:
            return self._aead.decrypt(self._nonce(segment, last=last), sealed, None)
        except InvalidTag:
            raise NotAuthentic(segment, "it is not what was sealed here under this key") from None


def seal(key: bytes, place: Place, plain: bytes | bytearray | memoryview) -> bytearray:
    """Seal a whole part as one stream. Holds the plain bytes and the sealed ones, and no third copy."""
    cipher = Cipher(key, place)
    source = memoryview(plain).cast("B")
    sealed = bytearray(sealed_bytes(len(source)))
    sealed[:HEADER_BYTES] = cipher.header
    target, count = memoryview(sealed), segment_count(len(source))
    for number in range(count):
        first, after = plain_span(number, len(source))
        start, end = sealed_span(number, len(source))
        cipher.seal_into(number, source[first:after], target[start:end], last=number == count - 1)
    return sealed


def open_stream(key: bytes, place: Place, sealed: bytes | bytearray | memoryview) -> Iterator[bytes]:
    """Open a whole stream, segment by segment. Raises NotAuthentic at the first that fails, also where it is cut."""
    source = memoryview(sealed).cast("B")
    cipher = Cipher(key, place, bytes(source[:HEADER_BYTES]))
    number, start = 0, HEADER_BYTES
    while True:
        end = min(len(source), (number + 1) * SEGMENT_BYTES)
        yield cipher.open_segment(number, source[start:end], last=end == len(source))
        if end == len(source):
            return
        number, start = number + 1, end


def _times(matrix: list[int], vector: int) -> int:
    total = 0
    for row in matrix:
        if vector & 1:
            total ^= row
        vector >>= 1
    return total


def _square(matrix: list[int]) -> list[int]:
    return [_times(matrix, row) for row in matrix]


def combine_crc32(first: int, second: int, second_bytes: int) -> int:
    """The CRC-32 of two runs of bytes put together, from the CRC-32 of each and the length of the second.

    Appending n zero bits is a linear map over GF(2); its matrix is squared for each bit of the length, as zlib's
    crc32_combine does, which Python's zlib does not export. The polynomial is that of IEEE 802.3, reflected.
    """
    matrix = [0xEDB88320] + [1 << bit for bit in range(31)]  # one zero bit
    for _ in range(3):  # eight of them: one zero byte
        matrix = _square(matrix)
    while second_bytes:
        if second_bytes & 1:
            first = _times(matrix, first)
        second_bytes >>= 1
        matrix = _square(matrix)
    return first ^ second


def crc32(data: bytes | bytearray | memoryview, start: int = 0) -> int:
    """CRC-32 of IEEE 802.3, as ZIP uses it."""
    return zlib.crc32(data, start)
