"""What tus 1.0.0 says in headers (tus.io/protocols/resumable-upload), read and checked."""

import hashlib
from base64 import b64decode
from binascii import Error as NotBase64
from dataclasses import dataclass
from datetime import datetime

from django.utils.http import http_date

from evidence.transfer_errors import BadUploadHeader, UnknownChecksum

VERSION = "1.0.0"
EXTENSIONS = "creation,creation-defer-length,expiration,checksum,termination"
ALGORITHMS = ("sha256", "sha1")  # the protocol demands sha1 of whoever offers checksums
CHUNK_TYPE = "application/offset+octet-stream"
_METADATA_BYTES = 8192


@dataclass(frozen=True, slots=True)
class Checksum:
    """What the bytes of one request must hash to."""

    algorithm: str
    digest: bytes

    def fits(self, data: bytes | bytearray | memoryview) -> bool:
        """Whether these are the bytes."""
        return hashlib.new(self.algorithm, data, usedforsecurity=False).digest() == self.digest


def metadata(header: str) -> dict[str, str]:
    """Upload-Metadata as pairs of key and base64, each checked to be base64. Raises BadUploadHeader."""
    if len(header) > _METADATA_BYTES:
        raise BadUploadHeader(header="Upload-Metadata", why=f"it is longer than {_METADATA_BYTES} characters")
    found: dict[str, str] = {}
    for pair in header.split(","):
        key, _space, value = pair.strip().partition(" ")
        if not key:
            continue
        if key in found or not key.isascii():
            raise BadUploadHeader(header="Upload-Metadata", why="a key is not ASCII or comes twice")
        opened(value)
        found[key] = value
    return found


def opened(value: str) -> bytes:
    """The bytes of one value of Upload-Metadata. Raises BadUploadHeader."""
    try:
        return b64decode(value, validate=True)
    except (NotBase64, ValueError):
        raise BadUploadHeader(header="Upload-Metadata", why="a value is not base64") from None


def count(name: str, header: str | None) -> int:
    """A header that is a number of bytes. Raises BadUploadHeader."""
    if header is None or not header.isascii() or not header.isdigit() or len(header) > 18:
        raise BadUploadHeader(header=name, why="it must be a whole number")
    return int(header)


def length(header: str | None, deferred: str | None) -> int | None:
    """Upload-Length, or None where Upload-Defer-Length puts it off. Raises BadUploadHeader."""
    if deferred is None:
        return count("Upload-Length", header)
    if deferred != "1" or header is not None:
        raise BadUploadHeader(header="Upload-Defer-Length", why="it is 1 and comes without Upload-Length")
    return None


def checksum(header: str | None) -> Checksum | None:
    """Upload-Checksum. Raises BadUploadHeader, UnknownChecksum."""
    if header is None:
        return None
    algorithm, _space, digest = header.strip().partition(" ")
    if algorithm not in ALGORITHMS:
        raise UnknownChecksum(algorithm=algorithm[:20])
    try:
        return Checksum(algorithm, b64decode(digest, validate=True))
    except (NotBase64, ValueError):
        raise BadUploadHeader(header="Upload-Checksum", why="the digest is not base64") from None


def expires(when: datetime) -> str:
    """Upload-Expires in the form of RFC 9110 dates."""
    return http_date(when.timestamp())
