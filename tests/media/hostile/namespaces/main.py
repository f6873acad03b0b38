"""Tries to make a user namespace, the first step of many escapes."""

import ctypes
import socket

CLONE_NEWUSER = 0x10000000


def run(descriptor: int, _cpu: int) -> None:
    """Say whether it worked."""
    worked = ctypes.CDLL(None).unshare(CLONE_NEWUSER) == 0
    socket.socket(fileno=descriptor).sendall(b"yes" if worked else b"no")
