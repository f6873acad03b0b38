"""The key service: it wraps data keys and small secrets, each bound to a context without which it does not open."""

import os
from collections.abc import Mapping
from functools import lru_cache
from typing import Protocol

from django.conf import settings

from store.keyring import LocalKeyring
from store.kms import AwsKms

__all__ = ["AwsKms", "Context", "KeyService", "LocalKeyring", "keys"]

Context = Mapping[str, str]


class KeyService(Protocol):
    """What a key service does. `key_name` is an agency's key; `context` is what the wrapped bytes are for.

    All raise KeyRefused for another key, another context or changed bytes, and KeysUnavailable when there is no answer.
    """

    def generate(self, key_name: str, context: Context) -> tuple[bytes, bytes]:
        """A new random 256-bit data key: plain, and wrapped."""

    def unwrap(self, key_name: str, wrapped: bytes, context: Context) -> bytes:
        """The plain data key."""

    def seal_secret(self, key_name: str, secret: bytes, context: Context) -> bytes:
        """Seal a secret of at most 4,096 bytes (a TOTP seed), bound to its owner by the context."""

    def open_secret(self, key_name: str, sealed: bytes, context: Context) -> bytes:
        """The secret."""


@lru_cache(maxsize=1)
def _of_process(_pid: int, service: str, keyring: str) -> KeyService:
    if service == "kms":
        return AwsKms(settings.S3_REGION)
    if service == "local":
        return LocalKeyring(keyring)
    raise ValueError(f"PROOFROOM_KEY_SERVICE is {service}; it may be local or kms.")


def keys() -> KeyService:
    """The key service that the settings name, one a process."""
    return _of_process(os.getpid(), settings.KEY_SERVICE, str(settings.KEYRING))
