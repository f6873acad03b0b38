"""The body of a request as it comes from the socket, never as a whole and never on a disk."""

import contextlib
import socket
import struct
import time
from typing import Any, Protocol

QUIET_SECONDS = 30  # a sender that says nothing for so long is gone; what came is kept
LOOK_SECONDS = 2  # how long a receive waits before the receiver may look after other things
STEP = 256 * 1024


class Quiet(Exception):
    """Nothing came for a while; more may."""


class Body(Protocol):
    """Bytes that come."""

    announced: int | None  # how many will come, where the sender has said so

    def into(self, target: memoryview) -> int:
        """Fill the beginning of `target`; how many bytes came. 0: it is over, or the connection was cut.

        Raises Quiet.
        """
        ...


class Sent:
    """What a client sends as the body of its request."""

    def __init__(self, environ: dict[str, Any]) -> None:
        """Take the body of a WSGI request."""
        self._stream = environ["wsgi.input"]
        said = environ.get("CONTENT_LENGTH") or ""
        chunked = "chunked" in environ.get("HTTP_TRANSFER_ENCODING", "").lower()
        self.announced: int | None = None if chunked else int(said or 0)
        self._left = self.announced
        self._heard = time.monotonic()
        hang_up_on_silence(environ.get("gunicorn.socket"), receive=LOOK_SECONDS)

    def into(self, target: memoryview) -> int:
        """As the protocol says. A connection that breaks ends the body; what came before it counts."""
        wanted = min(len(target), STEP) if self._left is None else min(len(target), STEP, self._left)
        if wanted == 0:
            return 0
        data = b""
        with contextlib.suppress(ConnectionError):
            data = self._read(wanted)
        self._heard = time.monotonic()
        target[: len(data)] = data
        if self._left is not None:
            self._left -= len(data)
        return len(data)

    def _read(self, wanted: int) -> bytes:
        try:
            return bytes(self._stream.read(wanted))
        except BlockingIOError:  # gunicorn keeps what came of it for the next read
            if time.monotonic() - self._heard < QUIET_SECONDS:
                raise Quiet from None
            return b""


class Held:
    """Bytes that are in memory already: a chunk whose checksum was right."""

    def __init__(self, data: bytes | bytearray | memoryview) -> None:
        """Take the bytes."""
        self._data = memoryview(data)
        self.announced: int | None = len(self._data)

    def into(self, target: memoryview) -> int:
        """As the protocol says."""
        taken = self._data[: len(target)]
        target[: len(taken)] = taken
        self._data = self._data[len(taken) :]
        return len(taken)


def hang_up_on_silence(connection: socket.socket | None, *, receive: int = QUIET_SECONDS, send: int = 60) -> None:
    """Let the kernel end a receive or a send in which nothing moves for so many seconds.

    Python's own timeout would bound a whole large send; these bound only the time in which no byte is taken.
    """
    if connection is None:
        return
    for option, seconds in ((socket.SO_RCVTIMEO, receive), (socket.SO_SNDTIMEO, send)):
        connection.setsockopt(socket.SOL_SOCKET, option, struct.pack("ll", seconds, 0))
