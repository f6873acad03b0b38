"""The steward: one process that calls every registered sweep, each in a thread of its own.

Threads, so that one sweep which waits for something that is away delays no other; the sequencer least of all.
"""

import logging
import threading
import time
from collections.abc import Iterable

from django.db import DatabaseError, connections

from jobs.sweeping import REGISTERED, Swept

log = logging.getLogger("proofroom.steward")
_SLOW = 10.0  # seconds; a sweep is meant to be short
_LONGEST_PAUSE = 60.0  # seconds after many failures in a row
_KEEP_CONNECTION = 5.0  # a sweep that comes more often than this keeps its connection


class Steward:
    """Calls sweeps until it is told to stop."""

    def __init__(self, sweeps: Iterable[Swept] | None = None) -> None:
        self._sweeps = list(REGISTERED.values() if sweeps is None else sweeps)
        self._stopped = threading.Event()

    def start(self) -> None:
        """Begin. The threads are daemons: a process that ends breaks them off, and each sweep allows for that."""
        for swept in self._sweeps:
            threading.Thread(target=self._again_and_again, args=[swept], name=swept.name, daemon=True).start()

    def stop(self) -> None:
        """Call no sweep any more. Returns at once."""
        self._stopped.set()

    def wait(self) -> None:
        """Wait until somebody calls `stop`."""
        self._stopped.wait()

    def _again_and_again(self, swept: Swept) -> None:
        failures = 0
        while not self._stopped.is_set():
            began = time.monotonic()
            failures = 0 if _once(swept) else failures + 1
            if (took := time.monotonic() - began) > _SLOW:
                log.warning("%s took %.0f s", swept.name, took)
            pause = min(_LONGEST_PAUSE, swept.seconds * 2 ** min(failures, 6)) if failures else swept.seconds
            if failures or pause > _KEEP_CONNECTION:
                connections.close_all()
            self._stopped.wait(pause)
        connections.close_all()


def _once(swept: Swept) -> bool:
    """Call the sweep once; whatever it raises is logged and ends with it."""
    try:
        swept.sweep()
    except DatabaseError as error:
        # A restart of PostgreSQL fails every sweep at once: one line each, and a new connection next time.
        log.warning("%s: the database: %s", swept.name, " ".join(str(error).split())[:300])
    except Exception:
        log.exception("%s failed", swept.name)
    else:
        return True
    return False
