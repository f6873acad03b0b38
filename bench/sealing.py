"""Hashing and encrypting in memory, against age (pyrage) with the same hash."""

import hashlib
import os
from uuid import UUID

import pyrage

from bench.measuring import Ratio, compare
from verifier import streams
from verifier.streams import Kind, Place

SIZE = 8 * streams.plain_part_bytes()


def run() -> Ratio:
    """Seal eight full parts as the vault does, with the hashes that it keeps; age encrypts the same, with SHA-256."""
    plain, key = os.urandom(SIZE), os.urandom(streams.KEY_BYTES)
    recipient = pyrage.x25519.Identity.generate().to_public()
    part = streams.plain_part_bytes()

    def ours(_round: int) -> None:
        view = memoryview(plain)
        whole = hashlib.sha256()
        for number, start in enumerate(range(0, SIZE, part), start=1):
            piece = view[start : start + part]
            streams.seal(key, Place(Kind.DATA, UUID(int=1), 0, number), piece)
            hashlib.sha256(piece).digest()
            streams.crc32(piece)
            whole.update(piece)

    def theirs(_round: int) -> None:
        hashlib.sha256(plain).digest()
        pyrage.encrypt(plain, [recipient])

    return compare("encrypt and hash", "pyrage", SIZE, ours, theirs)
