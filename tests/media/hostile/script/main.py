"""Hands over a page with a script as a preview."""

import socket
import struct

HELLO = struct.pack(">BQI", 1, 0, 0)

PAGE = b"<html><script>alert(1)</script>"
FACTS = b'{"facts": {}, "mime": "image/png", "kind": "photo"}'


def run(descriptor: int, _cpu: int) -> None:
    """Go bad."""
    sock = socket.socket(fileno=descriptor)
    sock.sendall(HELLO)
    sock.recv(13)
    for name, body in ((2, PAGE), (1, FACTS)):
        sock.sendall(struct.pack(">BQI", 3, name, len(body)) + body)
        sock.recv(13)
    sock.sendall(struct.pack(">BQI", 4, 0, 0))
    sock.recv(13)
