"""The worker's end of the socket. What speaks at the other end is hostile: one item, few words, quotas on all."""

import select
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Timer
from typing import Protocol

from evidence.media.errors import SandboxBroke
from evidence.media.inside import wire
from evidence.media.sandbox import INSIDE, Confined, Limits, confined

SLICE_SECONDS = 5.0  # how often `alive` is called while the inside is busy
ANSWER_SECONDS = 20.0  # for a message once it has begun
EXTRA_READ = 256 << 20  # what may be read over and above twice the item's length
MESSAGES = 200_000
AMOUNT_BYTES = 4  # u32, how many bytes a READ asks for


class Source(Protocol):
    """The one item that the inside may read: a reading's handle."""

    size: int

    def read(self, first: int, last: int) -> Iterator[memoryview]:
        """Plain bytes first..last, inclusive."""


class TooLong(SandboxBroke):
    """The look took longer than it may."""

    code = "too-long"


def converse(source: Source, alive: Callable[[], None], limits: Limits | None = None) -> dict[int, bytes]:
    """Let the inside look at the item; returns what it put, by name. Nothing plain touches a disk.

    Raises SandboxUnavailable where the machine permits none, SandboxBroke or TooLong when the inside fails, and
    whatever reading the item raises. `alive` is called every few seconds and may raise to give up.
    """
    limits = limits or Limits()
    deadline = time.monotonic() + limits.wall_seconds
    with confined(INSIDE, limits) as running, _ended_after(limits.wall_seconds, running):
        answering = _Answering(source, running.sock)
        while not answering.done:
            _wait(running, deadline, alive)
            try:
                answering.one()
            except (wire.Broken, OSError) as error:
                if time.monotonic() > deadline:
                    raise TooLong(why="time") from error
                raise running.why_it_ended() from error
    return answering.given


@contextmanager
def _ended_after(seconds: float, running: Confined) -> Iterator[None]:
    # One that says a byte of its message now and then would otherwise hold the worker for ever.
    timer = Timer(seconds + 0.1, running.process.kill)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _wait(running: Confined, deadline: float, alive: Callable[[], None]) -> None:
    ready = select.poll()
    ready.register(running.sock, select.POLLIN)
    while not ready.poll(SLICE_SECONDS * 1000):
        alive()
        if time.monotonic() > deadline:
            raise TooLong(why="time")
    if time.monotonic() > deadline:
        raise TooLong(why="time")


class _Answering:
    def __init__(self, source: Source, sock: socket.socket) -> None:
        self._source, self._sock = source, sock
        sock.settimeout(ANSWER_SECONDS)
        self.messages, self._read = 0, 0
        self.given: dict[int, bytes] = {}
        self.done = False

    def one(self) -> None:
        """Receive one message and answer it. Raises wire.Broken for whatever is not in the protocol."""
        kind, number, body = wire.receive(self._sock, max(wire.LARGEST.values()))
        self.messages += 1
        if self.messages > MESSAGES or (self.messages == 1) != (kind == wire.HELLO):
            raise wire.Broken("out of turn")
        if kind == wire.HELLO:
            wire.send(self._sock, wire.BYTES, self._source.size)
        elif kind == wire.READ:
            self._give(number, int.from_bytes(body[:AMOUNT_BYTES], "big"))
        elif kind == wire.PUT:
            self._take(number, body)
        elif kind == wire.DONE:
            self.done = True
            wire.send(self._sock, wire.BYTES)
        else:
            raise wire.Broken("an unknown message")

    def _give(self, offset: int, amount: int) -> None:
        amount = min(amount, self._source.size - offset)
        self._read += max(amount, 0)
        if amount > wire.LARGEST_READ or self._read > 2 * self._source.size + EXTRA_READ:
            raise wire.Broken("too much")
        wanted = b"".join(self._source.read(offset, offset + amount - 1)) if amount > 0 else b""
        wire.send(self._sock, wire.BYTES, offset, wanted)

    def _take(self, name: int, body: bytes) -> None:
        if name not in wire.LARGEST or name in self.given or len(body) > wire.LARGEST[name]:
            raise wire.Broken("nothing that may be put")
        self.given[name] = body
        wire.send(self._sock, wire.BYTES)
