"""Announces a message of four gigabytes."""

import socket
import struct

HELLO = struct.pack(">BQI", 1, 0, 0)


def run(descriptor: int, _cpu: int) -> None:
    """Go bad."""
    sock = socket.socket(fileno=descriptor)
    sock.sendall(HELLO)
    sock.recv(13)
    sock.sendall(struct.pack(">BQI", 3, 2, 0xFFFFFFFF))
    sock.recv(1)
