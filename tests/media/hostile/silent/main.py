"""Says hello and then nothing."""

import time

import socket
import struct

HELLO = struct.pack(">BQI", 1, 0, 0)


def run(descriptor: int, _cpu: int) -> None:
    """Go bad."""
    sock = socket.socket(fileno=descriptor)
    sock.sendall(HELLO)
    time.sleep(60)
