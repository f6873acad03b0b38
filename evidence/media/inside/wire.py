"""The protocol between the worker and what runs in the sandbox, over one socket. Pure; used on both sides.

Each message is a head of 13 bytes (kind u8, number u64, length u32, big-endian) and `length` bytes. The inside speaks,
the worker answers each message with one: `BYTES` (number: how many bytes the file has, for `HELLO`), or it hangs up.
"""

import socket
import struct

HEAD = struct.Struct(">BQI")

HELLO = 1  # the inside is up; the answer's number is the file's length
READ = 2  # number: offset, body: u32 how many bytes; answered with as many, fewer at the end
PUT = 3  # number: one of the names below, body: its bytes; each name once
DONE = 4  # nothing more will come

BYTES = 16  # the answer

FACTS, PREVIEW, POSTER = 1, 2, 3  # what may be put
LARGEST = {FACTS: 128 << 10, PREVIEW: 8 << 20, POSTER: 1 << 20}
LARGEST_READ = 1 << 20


class Broken(Exception):
    """The other side hung up, or does not keep to the protocol."""


def send(sock: socket.socket, kind: int, number: int = 0, body: bytes | memoryview = b"") -> None:
    """Send one message."""
    sock.sendall(HEAD.pack(kind, number, len(body)))
    if body:
        sock.sendall(body)


def receive(sock: socket.socket, largest: int) -> tuple[int, int, bytes]:
    """Receive one message: kind, number, body. Raises Broken, also for a body over `largest`."""
    kind, number, length = HEAD.unpack(_exactly(sock, HEAD.size))
    if length > largest:
        raise Broken("a message is too long")
    return kind, number, _exactly(sock, length)


def _exactly(sock: socket.socket, amount: int) -> bytes:
    gathered = bytearray(amount)
    view, have = memoryview(gathered), 0
    while have < amount:
        got = sock.recv_into(view[have:])
        if not got:
            raise Broken("the other side hung up")
        have += got
    return bytes(gathered)
