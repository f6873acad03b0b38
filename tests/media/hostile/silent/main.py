"""Says hello and then nothing."""

import socket
import struct
import time

HELLO = struct.pack(">BQI", 1, 0, 0)


def run(descriptor: int, _cpu: int) -> None:
    """Go bad."""
    sock = socket.socket(fileno=descriptor)
    sock.sendall(HELLO)
    time.sleep(60)
