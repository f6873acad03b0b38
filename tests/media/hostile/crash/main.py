"""Dies of a signal."""

import os
import signal
import socket
import struct

HELLO = struct.pack(">BQI", 1, 0, 0)


def run(descriptor: int, _cpu: int) -> None:
    """Go bad."""
    sock = socket.socket(fileno=descriptor)
    sock.sendall(HELLO)
    sock.recv(13)
    os.kill(os.getpid(), signal.SIGSEGV)
