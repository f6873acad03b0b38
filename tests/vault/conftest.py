"""Objects and files in the real vault."""

import os
from collections.abc import Callable
from uuid import UUID

import pytest
import uuid_utils.compat as uuids
from django.conf import settings as django_settings

from store.keyring import LocalKeyring
from tests.store.conftest import gate, name, objects
from vault import datakeys, writing
from vault.models import VaultFile, VaultObject, VaultPart
from verifier import streams

__all__ = ["gate", "name", "objects"]

SEGMENTS = 6  # parts of 6 MiB: S3 takes no smaller ones
PART = streams.plain_part_bytes(SEGMENTS)


@pytest.fixture(autouse=True)
def _fresh_keys() -> None:
    datakeys.forget()


@pytest.fixture
def ring() -> None:
    """The key ring of this run."""
    if not django_settings.KEYRING.exists():
        LocalKeyring.create(django_settings.KEYRING)


@pytest.fixture
def obj(db: str, bucket: str, ring: None) -> VaultObject:
    """An object with small parts."""
    del db, bucket, ring
    return writing.create_object(uuids.uuid7(), "riverton", segments=SEGMENTS)


Fill = Callable[[bytes], VaultFile]


def fill(obj: VaultObject, content: bytes) -> VaultFile:
    """Write `content` as intake does, part by part, up to the completion."""
    file = writing.begin_data(obj)
    size = streams.plain_part_bytes(obj.segments)
    for number in range(1, max(1, -(-len(content) // size)) + 1):
        writing.upload_part(file, number, content[(number - 1) * size : number * size]).save()
    return file


def finish(file: VaultFile) -> VaultFile:
    """Complete a file and say so in its row, as intake does."""
    file.version_id = writing.complete_data(file)
    file.state = VaultFile.State.WHOLE
    file.bytes = sum(part.bytes for part in file.parts.all())
    file.sealed_bytes = sum(part.sealed_bytes for part in file.parts.all())
    file.save()
    return file


@pytest.fixture
def content() -> bytes:
    """Two full parts and a bit."""
    return os.urandom(PART * 2 + 12_345)


@pytest.fixture
def whole(obj: VaultObject, content: bytes) -> VaultFile:
    """A file of three parts, complete."""
    return finish(fill(obj, content))


def fresh(file: VaultFile) -> VaultFile:
    """The row as another process sees it."""
    return VaultFile.objects.get(pk=file.pk)


def part_of(file: VaultFile, number: int) -> VaultPart:
    """A part's row."""
    return VaultPart.objects.get(file=file, number=number)


def new_id() -> UUID:
    """An id of a new object."""
    return uuids.uuid7()
