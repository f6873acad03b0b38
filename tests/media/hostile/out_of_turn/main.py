"""Reads before it has said hello."""

import socket
import struct


def run(descriptor: int, _cpu: int) -> None:
    """Go bad."""
    sock = socket.socket(fileno=descriptor)
    sock.sendall(struct.pack(">BQI", 1, 0, 0))
    sock.recv(13)
    sock.sendall(struct.pack(">BQI", 1, 0, 0))
    sock.recv(1)
