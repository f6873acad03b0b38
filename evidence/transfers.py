"""Places for simultaneous transfers, fewer than there are threads, so that pages always answer."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache

from django.conf import settings

from evidence.transfer_errors import TooBusy


@lru_cache(maxsize=1)
def _places() -> threading.BoundedSemaphore:
    return threading.BoundedSemaphore(settings.TRANSFERS)


@contextmanager
def place() -> Iterator[None]:
    """Hold one of the process's places within the block. Raises TooBusy at once when all are taken."""
    if not _places().acquire(blocking=False):
        raise TooBusy
    try:
        yield
    finally:
        _places().release()


class Place:
    """A place that is held from one function to another: a stream outlives the view that began it."""

    def __init__(self) -> None:
        """Take one. Raises TooBusy."""
        self._held = place()
        self._held.__enter__()
        self._given = False

    def give_back(self) -> None:
        """Free it. Once; again does nothing."""
        if not self._given:
            self._given = True
            self._held.__exit__(None, None, None)
