"""Where things lie in the bucket, and the associated data that binds their bytes to it."""

from uuid import UUID

from store.objects import ObjectStore, store
from vault.models import VaultFile, VaultObject
from verifier import streams
from verifier.streams import Kind, Place

_KINDS = {
    VaultFile.Kind.DATA: Kind.DATA,
    VaultFile.Kind.FACTS: Kind.FACTS,
    VaultFile.Kind.DERIVATIVE: Kind.DERIVATIVE,
}


def data_name(object_id: UUID) -> str:
    """The original's bytes."""
    return f"o/{object_id}/data"


def facts_name(object_id: UUID) -> str:
    """What it is, where it belongs and the hashes of its parts; sealed."""
    return f"o/{object_id}/facts"


def key_name(object_id: UUID) -> str:
    """The wrapped data key; versioned and never locked."""
    return f"o/{object_id}/key"


def piece_name(object_id: UUID, part: int, offset: int) -> str:
    """What an interrupted request left of a part."""
    return f"p/{object_id}/{part}/{offset}"


def derivative_name(object_id: UUID, number: int) -> str:
    """One file of a set that was made from an original."""
    return f"d/{object_id}/{number}"


def place_of(file: VaultFile, part: int) -> Place:
    """The place of a part of a file. Parts count from 1."""
    return Place(_KINDS[VaultFile.Kind(file.kind)], file.object_id, file.number, part)


def store_of(obj: VaultObject) -> ObjectStore:
    """The bucket that an object's row names."""
    return store().in_bucket(obj.bucket)


def sealed_offset(part: int, segments: int) -> int:
    """Where a part begins in its S3 object: all parts before it are full."""
    return (part - 1) * segments * streams.SEGMENT_BYTES
