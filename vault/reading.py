"""Taking bytes out of the vault. Imported by `evidence/reading.py` alone: a reading comes first, always."""

from collections.abc import Iterator

from vault import places
from vault.datakeys import data_key
from vault.errors import NotWhole
from vault.models import VaultFile, VaultPart
from vault.opening import PartSource


def read(file: VaultFile, first: int = 0, last: int | None = None) -> Iterator[memoryview]:
    """Plain bytes first..last (inclusive, as in RFC 9110 ranges), each segment authenticated before it leaves.

    The database is asked during this call; the iterator that it returns touches no connection. A range that ends
    after the file ends with it. One GET a part. Raises NotWhole and Erased at once; while iterating Corrupt, Missing,
    Foreign (vault.errors) naming file, version and part, and then nothing of the failing segment has left; and
    store.errors.Unavailable when the store stays away.
    """
    after = file.bytes if last is None else min(last + 1, file.bytes)
    if file.state != VaultFile.State.WHOLE:
        raise NotWhole
    wanted = file.parts.filter(offset__lt=after).order_by("number") if after else file.parts.none()
    plan = [
        (_source(file, part), max(first - part.offset, 0), min(after - part.offset, part.bytes) - 1)
        for part in wanted
        if part.offset + part.bytes > first
    ]
    return _chain(plan)


def _chain(plan: list[tuple[PartSource, int, int]]) -> Iterator[memoryview]:
    for source, first, last in plan:
        yield from source.read(first, last)


def read_parts(file: VaultFile) -> Iterator[tuple[int, Iterator[memoryview]]]:
    """The whole file part by part, as sealing reads it back: part number and the part's plain bytes.

    An empty file has one part with no bytes, which is authenticated too. As for `read`, the iterators touch no
    database, and each part's must be used before the next is asked for. `file` may be `completing`: what counts is that
    it has a version. Errors as for `read`.
    """
    if not file.version_id:
        raise NotWhole
    plan = [(part.number, _source(file, part), part.bytes) for part in file.parts.order_by("number")]
    return ((number, source.read(0, size - 1)) for number, source, size in plan)


def _source(file: VaultFile, part: VaultPart) -> PartSource:
    obj = file.object
    return PartSource(
        outside=places.store_of(obj),
        name=file.s3_key,
        version=file.version_id,
        start=places.sealed_offset(part.number, obj.segments),
        key=data_key(obj),
        place=places.place_of(file, part.number),
        header=bytes(part.header),
        plain=part.bytes,
    )
