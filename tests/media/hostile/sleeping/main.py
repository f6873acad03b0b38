"""Stays."""

import os
import socket
import time


def run(descriptor: int, _cpu: int) -> None:
    """Leave a child that stays, and stay."""
    if os.fork():
        socket.socket(fileno=descriptor).sendall(b"asleep")
    time.sleep(600)
