"""One line that says how far things are, on a terminal only."""

import shutil
import sys
import threading
import time
from typing import Self

from verifier.words import shown, size

_EVERY = 0.2


class Progress:
    """Counts bytes of several files from several threads. Writes nothing unless standard error is a terminal."""

    def __init__(self, files: int, total: int, verb: str, *, quiet: bool = False) -> None:
        self._lock, self._files, self._total, self._verb = threading.Lock(), files, total, verb
        self._at: dict[str, int] = {}
        self._done, self._told, self._begun, self._skipped = 0, 0.0, time.monotonic(), 0
        self._shows = sys.stderr.isatty() and not quiet

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._clear()

    def moved(self, name: str, position: int) -> None:
        """The file is at this byte."""
        with self._lock:
            if name not in self._at:
                self._skipped += position
            self._at[name] = position
            if self._shows and time.monotonic() - self._told > _EVERY:
                self._show(name)

    def finished(self) -> None:
        """One more file is through."""
        with self._lock:
            self._done += 1

    def clear(self) -> None:
        """Make room for a line of its own."""
        with self._lock:
            self._clear()

    def _show(self, name: str) -> None:
        self._told = time.monotonic()
        sent = sum(self._at.values())
        pace = (sent - self._skipped) / max(0.1, self._told - self._begun)
        left = f" · {(self._total - sent) / pace / 60:.0f} min left" if pace > 0 and sent < self._total else ""
        line = f"{self._done} of {self._files} · {size(sent)} of {size(self._total)} · {size(int(pace))}/s{left}"
        width = shutil.get_terminal_size().columns - 1
        sys.stderr.write("\r\x1b[K" + f"{line} · {self._verb} {shown(name)}"[:width])
        sys.stderr.flush()

    def _clear(self) -> None:
        if self._shows and self._told:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
