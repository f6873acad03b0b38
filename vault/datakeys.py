"""Data keys: made, wrapped, and unwrapped for as short a time as is bearable."""

import threading
import time
from collections import OrderedDict
from uuid import UUID

from store.keys import keys
from vault.errors import Erased
from vault.models import VaultObject

CACHE_SECONDS = 60.0  # a key that was erased or rewrapped is unknown to every process after this
CACHE_KEYS = 64

_cache: OrderedDict[tuple[UUID, bytes], tuple[float, bytes]] = OrderedDict()
_lock = threading.Lock()


def context_of(object_id: UUID) -> dict[str, str]:
    """What a wrapped data key is bound to."""
    return {"proofroom": "data-key", "object": str(object_id)}


def make(object_id: UUID, key_name: str) -> bytes:
    """A new data key, wrapped. It is in the cache afterwards: writing follows at once."""
    plain, wrapped = keys().generate(key_name, context_of(object_id))
    _remember((object_id, wrapped), plain)
    return wrapped


def data_key(obj: VaultObject) -> bytes:
    """The plain data key of an object. Raises Erased, and what the key service raises."""
    if obj.erased_at is not None:
        raise Erased
    name = (obj.id, bytes(obj.wrapped_key))
    with _lock:
        until, plain = _cache.get(name, (0.0, b""))
    if time.monotonic() < until:
        return plain
    plain = keys().unwrap(obj.key_name, name[1], context_of(obj.id))
    _remember(name, plain)
    return plain


def forget(object_id: UUID | None = None) -> None:
    """Drop an object's key from this process's cache, or all of them."""
    with _lock:
        for name in [name for name in _cache if object_id in (None, name[0])]:
            del _cache[name]


def _remember(name: tuple[UUID, bytes], plain: bytes) -> None:
    with _lock:
        _cache.pop(name, None)
        _cache[name] = (time.monotonic() + CACHE_SECONDS, plain)
        while len(_cache) > CACHE_KEYS:
            _cache.popitem(last=False)
