"""Begins a message and says a byte of it now and then, so that it never ends."""

import socket
import struct
import time

HELLO = struct.pack(">BQI", 1, 0, 0)


def run(descriptor: int, _cpu: int) -> None:
    """Go bad."""
    sock = socket.socket(fileno=descriptor)
    sock.sendall(HELLO)
    sock.recv(13)
    sock.sendall(struct.pack(">BQI", 3, 2, 1 << 20))
    while True:
        sock.sendall(b"x")
        time.sleep(0.2)
