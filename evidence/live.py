"""The readings that this process is serving now, and the one thread that watches them.

A stream holds no database connection: it notes here what it sends, and looks at a flag before each segment. The watcher
asks once a second which of the process's readings have lost their ground, and writes down what was sent.
"""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import UUID

from django.db import connection
from django.db.utils import Error as DatabaseError

from evidence.ranges import Span, merged

log = logging.getLogger("proofroom.readings")
WATCH_SECONDS = 1.0  # with one segment of 1 MiB at most under way, a stream stops within 2 s
BEAT_ROUNDS = 5  # what was sent is written every so many rounds, for the sweeper to find after a crash


@dataclass
class Live:
    """One reading with open streams in this process."""

    reading: UUID
    streams: int = 0
    stopped: bool = False
    bytes: int = 0
    spans: list[Span] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def sent(self, count: int, first: int | None) -> None:
        """Note that `count` bytes have left, from `first` on; None where no single file is meant."""
        with self.lock:
            self.bytes += count
            if first is not None and count:
                self.spans = [(a, b) for a, b in merged([*self.spans, (first, first + count - 1)])]

    def take(self) -> tuple[int, list[Span]]:
        """What nobody has written down yet; writing it is the caller's now."""
        with self.lock:
            taken = self.bytes, self.spans
            self.bytes, self.spans = 0, []
            return taken

    def give_back(self, taken: tuple[int, list[Span]]) -> None:
        """The caller could not write it."""
        with self.lock:
            self.bytes += taken[0]
            self.spans = [(a, b) for a, b in merged([*taken[1], *self.spans])]


class Register:
    """The process's live readings. Its thread lives as long as there are any."""

    def __init__(self, groundless: Callable[[list[UUID]], set[UUID]], write: Callable[[Live], None]) -> None:
        self._groundless, self._write = groundless, write
        self._live: dict[UUID, Live] = {}
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._wake = threading.Event()

    def enter(self, reading: UUID) -> Live:
        """A stream under the reading begins."""
        with self._lock:
            live = self._live.setdefault(reading, Live(reading))
            live.streams += 1
            if self._thread is None:
                self._wake.clear()
                self._thread = threading.Thread(target=self._watch, name="readings", daemon=True)
                self._thread.start()
        return live

    def leave(self, live: Live) -> None:
        """A stream under the reading has ended."""
        with self._lock:
            live.streams -= 1
            if live.streams == 0:
                self._live.pop(live.reading, None)
            if not self._live:
                self._wake.set()

    def stop(self, reading: UUID) -> None:
        """Stop the streams that this process has under the reading."""
        if live := self._live.get(reading):
            live.stopped = True

    def _watch(self) -> None:
        rounds = 0
        try:
            while self._stay():
                if self._wake.wait(WATCH_SECONDS):  # most readings are over before the first look
                    continue
                rounds += 1
                self._look(beat=rounds % BEAT_ROUNDS == 0)
        finally:
            connection.close()

    def _stay(self) -> bool:
        with self._lock:
            if self._live:
                self._wake.clear()
                return True
            self._thread = None
            return False

    def _look(self, *, beat: bool) -> None:
        with self._lock:
            mine = dict(self._live)
        try:
            for reading in self._groundless(list(mine)):
                mine[reading].stopped = True
            for live in mine.values() if beat else ():
                self._write(live)
        except DatabaseError:
            # A stream whose right can't be checked must not go on: the promise is 2 s, whatever is broken.
            log.exception("open readings can't be checked; their streams are stopped")
            for live in mine.values():
                live.stopped = True
        finally:
            connection.close()
