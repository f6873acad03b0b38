"""Memory for transfers, counted in bytes over the whole process, so that many uploads can't exhaust a machine.

One who begins a transfer reserves all that it will hold, once, before the first byte: two halves reserved one after
the other would let two transfers wait for each other for ever. While it waits nothing is read from the socket, and TCP
slows the sender down.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache

from django.conf import settings

from vault.errors import Busy

PATIENCE_SECONDS = 20.0


class Pool:
    """So many bytes, given out and taken back. Served in order of coming, so that a large wish isn't starved."""

    def __init__(self, size: int) -> None:
        self.size, self.free = size, size
        self._changed = threading.Condition()
        self._line: list[object] = []

    @contextmanager
    def reserve(self, amount: int, *, patience: float = PATIENCE_SECONDS) -> Iterator[None]:
        """Hold so many bytes within the block. Raises Busy when they don't come free within `patience` seconds."""
        wanted = min(amount, self.size)  # what is larger than the pool goes through alone
        self._take(wanted, patience)
        try:
            yield
        finally:
            with self._changed:
                self.free += wanted
                self._changed.notify_all()

    def _take(self, wanted: int, patience: float) -> None:
        mine = object()
        with self._changed:
            self._line.append(mine)
            try:
                if not self._changed.wait_for(lambda: self._line[0] is mine and self.free >= wanted, patience):
                    raise Busy
                self.free -= wanted
            finally:
                self._line.remove(mine)
                self._changed.notify_all()


@lru_cache(maxsize=1)
def pool() -> Pool:
    """The one pool of this process."""
    return Pool(settings.VAULT_BUFFER_BYTES)
