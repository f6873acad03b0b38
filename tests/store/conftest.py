"""What the tests of store, vault and media share."""

from collections.abc import Iterator
from uuid import uuid4

import pytest
from django.conf import LazySettings

from store.objects import ObjectStore, store
from tests.store.gate import Gate, open_gate


@pytest.fixture
def objects(bucket: str) -> ObjectStore:
    """The store over the run's bucket."""
    del bucket
    return store()


@pytest.fixture
def name() -> str:
    """A key that no other test uses."""
    return f"t/{uuid4()}"


@pytest.fixture
def gate(bucket: str, settings: LazySettings) -> Iterator[Gate]:
    """The store behind a gate that can make trouble."""
    del bucket
    made, server = open_gate(settings.S3_ENDPOINT)
    settings.S3_ENDPOINT = made.endpoint
    yield made
    server.shutdown()
    server.server_close()
