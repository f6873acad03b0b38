"""A key service in one file, for evaluation on embedded services. Whoever reads the file opens everything."""

import base64
import json
import logging
import os
import stat
from collections.abc import Mapping
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from store.errors import KeyRefused, KeysUnavailable

FORMAT = "proofroom-keyring-1"
WARNING = "For evaluation only: this file opens all evidence. In production keys belong in AWS KMS."
MAGIC = b"PRK1"
NONCE_BYTES = 12
KEY_BYTES = 32
LARGEST_SECRET = 4096  # what AWS KMS seals too

log = logging.getLogger(__name__)


class LocalKeyring:
    """Keys derived per name from one random secret in a file of mode 0600. Wraps with AES-256-GCM.

    Wrapped form: `PRK1`, nonce 12, ciphertext with tag. Associated data: the context as canonical JSON.
    """

    def __init__(self, path: Path | str) -> None:
        """Read the ring, and say aloud what it is. Raises KeysUnavailable when it isn't there or others can read it."""
        self._path = Path(path)
        try:
            if stat.S_IMODE(self._path.stat().st_mode) & 0o077:
                raise KeysUnavailable(str(self._path), "other users may read the key ring; it must have mode 0600")
            ring = json.loads(self._path.read_text())
            self._root = base64.b64decode(ring["root"], validate=True)
        except (OSError, ValueError, KeyError) as error:
            raise KeysUnavailable(str(self._path), "the key ring can't be read") from error
        if ring.get("format") != FORMAT or len(self._root) != KEY_BYTES:
            raise KeysUnavailable(str(self._path), "the key ring has another format")
        log.warning("%s", WARNING)

    @classmethod
    def create(cls, path: Path | str) -> "LocalKeyring":
        """Make a new ring, durable on the disk before it returns. Raises FileExistsError rather than replace one."""
        path = Path(path)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        root = base64.b64encode(os.urandom(KEY_BYTES)).decode()
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as file:
            json.dump({"format": FORMAT, "warning": WARNING, "root": root}, file, indent=1)
            file.flush()
            os.fsync(file.fileno())
        return cls(path)

    def generate(self, key_name: str, context: Mapping[str, str]) -> tuple[bytes, bytes]:
        """A new data key, plain and wrapped."""
        plain = os.urandom(KEY_BYTES)
        return plain, self._wrap(key_name, "data", plain, context)

    def unwrap(self, key_name: str, wrapped: bytes, context: Mapping[str, str]) -> bytes:
        """The plain data key. Raises KeyRefused."""
        return self._unwrap(key_name, "data", wrapped, context)

    def seal_secret(self, key_name: str, secret: bytes, context: Mapping[str, str]) -> bytes:
        """A secret under the key of this name."""
        if len(secret) > LARGEST_SECRET:
            raise KeyRefused(key_name, "a secret may have 4,096 bytes at the most")
        return self._wrap(key_name, "secret", secret, context)

    def open_secret(self, key_name: str, sealed: bytes, context: Mapping[str, str]) -> bytes:
        """The secret. Raises KeyRefused."""
        return self._unwrap(key_name, "secret", sealed, context)

    def _cipher(self, key_name: str, purpose: str) -> AESGCM:
        info = _canonical(["proofroom/keyring/v1", purpose, key_name])
        return AESGCM(HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=info).derive(self._root))

    def _wrap(self, key_name: str, purpose: str, plain: bytes, context: Mapping[str, str]) -> bytes:
        nonce = os.urandom(NONCE_BYTES)
        return MAGIC + nonce + self._cipher(key_name, purpose).encrypt(nonce, plain, _canonical(dict(context)))

    def _unwrap(self, key_name: str, purpose: str, wrapped: bytes, context: Mapping[str, str]) -> bytes:
        wrapped = bytes(wrapped)
        nonce, sealed = wrapped[len(MAGIC) :][:NONCE_BYTES], wrapped[len(MAGIC) + NONCE_BYTES :]
        if not wrapped.startswith(MAGIC) or len(nonce) < NONCE_BYTES:
            raise KeyRefused(key_name, "these bytes were not wrapped by this service")
        try:
            return self._cipher(key_name, purpose).decrypt(nonce, sealed, _canonical(dict(context)))
        except InvalidTag:
            raise KeyRefused(key_name, "another key, another context, or the bytes were changed") from None


def _canonical(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=True, sort_keys=True, separators=(",", ":")).encode()
