"""Reads the same bytes for ever."""

import socket
import struct

HELLO = struct.pack(">BQI", 1, 0, 0)


def run(descriptor: int, _cpu: int) -> None:
    """Go bad."""
    sock = socket.socket(fileno=descriptor)
    sock.sendall(HELLO)
    sock.recv(13)
    while True:
        sock.sendall(struct.pack(">BQII", 2, 0, 4, 1 << 20))
        if not sock.recv(1 << 20):
            return
