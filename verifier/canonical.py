"""Canonical bytes: the one way in which an entry, a bundle's list and a field are written before they are hashed."""

import hashlib
import json
import re

LARGEST_INTEGER = 2**53 - 1  # what every JSON reader keeps exactly (RFC 8259, section 6)
SALT_BYTES = 16
FIELD_TAG = "proofroom/field/v1"
_UNSAFE = re.compile("[\x00\ud800-\udfff]")  # PostgreSQL refuses NUL; a lone surrogate has no UTF-8


class NotCanonical(ValueError):
    """The value has no canonical bytes: a float, an integer beyond 2^53-1, or a type that JSON does not know."""


def clean(text: str) -> str:
    """The text with NUL and lone surrogates replaced by U+FFFD."""
    return _UNSAFE.sub("\ufffd", text)


def canonical_bytes(value: object) -> bytes:
    """ASCII JSON with sorted keys and no white space. Raises NotCanonical."""
    return json.dumps(_checked(value), ensure_ascii=True, sort_keys=True, separators=(",", ":")).encode("ascii")


def field_digest(salt: bytes, name: str, value: str) -> str:
    """The commitment to one field, 64 hex digits: SHA-256 over its canonical tag, salt, name and value."""
    return hashlib.sha256(canonical_bytes([FIELD_TAG, salt.hex(), name, value])).hexdigest()


def _checked(value: object) -> object:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, int):
        if abs(value) > LARGEST_INTEGER:
            raise NotCanonical(f"{value} is beyond what every JSON reader keeps exactly.")
        return value
    if isinstance(value, list | tuple):
        return [_checked(part) for part in value]
    if isinstance(value, dict):
        if not all(isinstance(key, str) for key in value):
            raise NotCanonical("A key is not a text.")
        return {clean(key): _checked(part) for key, part in value.items()}
    raise NotCanonical(f"{type(value).__name__} has no canonical bytes.")
