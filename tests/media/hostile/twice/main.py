"""Puts the same name twice."""

import socket
import struct

HELLO = struct.pack(">BQI", 1, 0, 0)


def run(descriptor: int, _cpu: int) -> None:
    """Go bad."""
    sock = socket.socket(fileno=descriptor)
    sock.sendall(HELLO)
    sock.recv(13)
    for _ in range(2):
        sock.sendall(struct.pack(">BQI", 3, 2, 3) + b"\xff\xd8\xff")
        sock.recv(13)
    sock.recv(1)
