"""Stays."""

import os
import socket
import time


def run(descriptor: int, _cpu: int) -> None:
    """Stay, and leave a child that stays."""
    os.fork()
    socket.socket(fileno=descriptor).sendall(b"asleep")
    time.sleep(600)
