"""Taking bytes out of the vault. Imported by `evidence/reading.py` alone: a reading comes first, always."""

from collections.abc import Iterator

from vault.models import VaultFile


def read(file: VaultFile, first: int = 0, last: int | None = None) -> Iterator[memoryview]:
    """Plain bytes first..last (inclusive, as in RFC 9110 ranges), each segment authenticated before it leaves.

    Holds no database connection once the first bytes are out. Raises Corrupt, Missing, Foreign (vault.errors) naming
    file, version and part; then nothing of the failing segment has left.
    """
    raise NotImplementedError


def read_parts(file: VaultFile) -> Iterator[tuple[int, Iterator[memoryview]]]:
    """The whole file part by part, as sealing reads it back: part number and the part's plain bytes."""
    raise NotImplementedError
