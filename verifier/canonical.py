"""The one way to write JSON that is hashed, and the strict way to read it back.

Canonical bytes: ASCII, keys sorted by code point, no space, no floats, integers within ±(2^53−1), NUL and lone
surrogates replaced by U+FFFD. Hashes are always taken of stored bytes; nothing is rebuilt from a database's JSON.
"""

import json
import re
from hashlib import sha256
from typing import NoReturn, TypeAlias

from verifier.errors import Malformed, NotCanonical

Json: TypeAlias = "bool | int | str | list[Json] | dict[str, Json] | None"

LARGEST_INTEGER = 2**53 - 1  # what every JSON reader keeps exactly (RFC 8259, section 6)
FIELD_TAG = "proofroom/field/v1"
SALT_BYTES = 16
_UNSAFE = re.compile("[\x00\ud800-\udfff]")  # PostgreSQL refuses NUL; a lone surrogate has no UTF-8


def clean(text: str) -> str:
    """The text with NUL and lone surrogates replaced by U+FFFD."""
    return _UNSAFE.sub("\ufffd", text)


def canonical_bytes(value: object) -> bytes:
    """The canonical bytes of a JSON value. Raises NotCanonical for floats, large integers and foreign types."""
    return _dumps(_checked(value))


def parse(raw: bytes) -> Json:
    """Read canonical bytes. Raises Malformed when they aren't JSON, NotCanonical when written in any other way."""
    value = parse_loosely(raw)
    # Escapes are the only way that NUL or a surrogate can stand in ASCII; pairs of surrogates are innocent.
    suspicious = b"\\u0000" in raw or b"\\ud" in raw
    if (canonical_bytes(value) if suspicious else _dumps(value)) != raw:
        raise NotCanonical(why="the same content has another canonical form")
    return value


def parse_loosely(raw: bytes) -> Json:
    """Read JSON in any layout, but without duplicate keys, floats, NaN or integers out of bounds."""
    try:
        value: Json = json.loads(
            raw.decode("utf-8"),
            object_pairs_hook=_object,
            parse_float=_no_float,
            parse_constant=_no_float,
            parse_int=_integer,
        )
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise Malformed(why=f"it is not JSON ({type(error).__name__})") from error
    return value


def field_digest(salt: bytes, name: str, value: str) -> str:
    """What commits an entry to one field, as 64 hex digits: SHA-256 over canonical tag, salt in hex, name, value."""
    return sha256(canonical_bytes([FIELD_TAG, salt.hex(), name, value])).hexdigest()


def _dumps(value: object) -> bytes:
    try:
        return json.dumps(value, ensure_ascii=True, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()
    except RecursionError as error:
        raise NotCanonical(why="it is nested too deep") from error


def _checked(value: object) -> Json:
    """A copy with clean texts and nothing that canonical JSON lacks."""
    if isinstance(value, str):
        return clean(value)
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        if abs(value) > LARGEST_INTEGER:
            raise NotCanonical(why="an integer is beyond 2^53-1")
        return value
    if isinstance(value, list | tuple):
        return [_checked(one) for one in value]
    if isinstance(value, dict):
        return {_key(key): _checked(one) for key, one in value.items()}
    raise NotCanonical(why=f"{type(value).__name__} has no canonical form")


def _key(key: object) -> str:
    if not isinstance(key, str):
        raise NotCanonical(why="a key is not a text")
    return clean(key)


def _object(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Malformed(why="a key stands twice")
    return found


def _no_float(_text: str) -> NoReturn:
    raise Malformed(why="it holds a number with a fraction or exponent")


def _integer(text: str) -> int:
    # The length first: turning a million digits into a number takes minutes.
    if len(text) > len(str(-LARGEST_INTEGER)) or abs(number := int(text)) > LARGEST_INTEGER:
        raise Malformed(why="an integer is beyond 2^53-1")
    return number
