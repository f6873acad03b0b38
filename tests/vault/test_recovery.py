"""The bucket is enough: with the key service and Tink, and nothing of ours, a file comes back."""

import hashlib
import io
import json
import struct
from base64 import b64decode
from uuid import UUID

from store.keys import keys
from store.objects import ObjectStore
from tests.vault.tinks import tink_primitive
from vault import writing
from vault.models import VaultFile


def newest(objects: ObjectStore, key: str) -> bytes:
    """What lies under a key in the bucket."""
    version = next(found for found in objects.versions_of(key) if found.latest)
    with objects.get(key, version.version_id) as stream:
        return stream.read(1 << 30)


def opened(key: bytes, sealed: bytes, kind: int, number: UUID, part: int) -> bytes:
    """One stream, opened by Tink with the associated data that the format page tells."""
    associated = struct.pack(">4sB3x16sIIQ", b"PRV1", kind, number.bytes, 0, part, 0)
    plain: bytes = tink_primitive(key).new_decrypting_stream(io.BytesIO(sealed), associated).read()
    return plain


def test_a_file_comes_back_from_bucket_and_key_service_alone(
    whole: VaultFile, content: bytes, objects: ObjectStore
) -> None:
    writing.put_facts(whole.object, {"sha256": hashlib.sha256(content).hexdigest()})
    number = whole.object_id
    kept = json.loads(newest(objects, f"o/{number}/key"))
    key = keys().unwrap(kept["key_name"], b64decode(kept["wrapped"]), kept["context"])
    facts = json.loads(opened(key, newest(objects, f"o/{number}/facts"), 2, number, 1))
    sealed, size = newest(objects, f"o/{number}/data"), kept["segments"] << 20
    parts = [sealed[at : at + size] for at in range(0, len(sealed), size)]
    plain = b"".join(opened(key, part, 1, number, index) for index, part in enumerate(parts, start=1))
    assert hashlib.sha256(plain).hexdigest() == facts["sha256"]
