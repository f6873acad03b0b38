"""The item's bytes as a file object, asked for over the socket and kept in a few blocks."""

import io
import socket
import struct
from collections import OrderedDict

from . import wire

BLOCK = wire.LARGEST_READ
BLOCKS = 24


class Worker:
    """The other end of the socket: the only thing outside that the inside can reach."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self.size = self._ask(wire.HELLO)[0]
        self._blocks: OrderedDict[int, bytes] = OrderedDict()

    def _ask(self, kind: int, number: int = 0, body: bytes = b"") -> tuple[int, bytes]:
        wire.send(self._sock, kind, number, body)
        answered, said, given = wire.receive(self._sock, wire.LARGEST_READ)
        if answered != wire.BYTES:
            raise wire.Broken("an answer of another kind")
        return said, given

    def block(self, number: int) -> bytes:
        """One block of the file."""
        if number in self._blocks:
            self._blocks.move_to_end(number)
            return self._blocks[number]
        _, given = self._ask(wire.READ, number * BLOCK, struct.pack(">I", BLOCK))
        self._blocks[number] = given
        while len(self._blocks) > BLOCKS:
            self._blocks.popitem(last=False)
        return given

    def at(self, offset: int, amount: int) -> bytes:
        """Bytes at an offset, fewer at the end."""
        file = Source(self)
        file.seek(offset)
        return file.read(amount)

    def put(self, name: int, content: bytes) -> None:
        """Hand something over."""
        self._ask(wire.PUT, name, content)

    def done(self) -> None:
        """Say that nothing more will come."""
        self._ask(wire.DONE)


class Source(io.RawIOBase):
    """A readable, seekable file over the worker's blocks. It has no name: names never reach a tool."""

    def __init__(self, worker: Worker) -> None:
        self._worker, self._at = worker, 0

    def readable(self) -> bool:
        """Yes."""
        return True

    def seekable(self) -> bool:
        """Yes."""
        return True

    def tell(self) -> int:
        """Where the next read begins."""
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Move."""
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._worker.size}[whence]
        self._at = max(0, base + offset)
        return self._at

    def readinto(self, target: object) -> int:
        """Up to the end of a block."""
        view = memoryview(target).cast("B")  # type: ignore[arg-type]
        if self._at >= self._worker.size or not len(view):
            return 0
        number, within = divmod(self._at, BLOCK)
        piece = self._worker.block(number)[within : within + len(view)]
        view[: len(piece)] = piece
        self._at += len(piece)
        return len(piece)

    def read(self, size: int | None = -1) -> bytes:
        """As many bytes as asked for, fewer only at the end; parsers count on that."""
        wanted = max(0, self._worker.size - self._at) if size is None or size < 0 else size
        gathered = bytearray()
        while len(gathered) < wanted:
            number, within = divmod(self._at, BLOCK)
            if self._at >= self._worker.size:
                break
            piece = self._worker.block(number)[within : within + wanted - len(gathered)]
            if not piece:
                break
            gathered += piece
            self._at += len(piece)
        return bytes(gathered)
