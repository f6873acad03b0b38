"""A gate in front of the S3 server: the one fake, at the socket. It can refuse a request, or lose its answer."""

import socketserver
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

Wanted = Callable[[str, str], bool]  # method, path with query


@dataclass
class Trouble:
    """What happens to the next `times` requests that `wanted` picks: refused, lost after it took effect, or cut."""

    wanted: Wanted
    manner: str  # refuse, lose, cut
    times: int = 1


@dataclass
class Gate:
    """Where the gate listens, what it does, and what went through."""

    endpoint: str
    troubles: list[Trouble] = field(default_factory=list)
    seen: list[tuple[str, str, str]] = field(default_factory=list)  # method, path, Range

    def trouble(self, method: str, path: str, manner: str, times: int = 1) -> None:
        """From now on `times` requests with this method and this piece of path have trouble."""
        self.troubles.append(Trouble(lambda m, p: m == method and path in p, manner, times))

    def manner_for(self, method: str, path: str) -> str:
        """Take the next trouble that fits."""
        for trouble in self.troubles:
            if trouble.times and trouble.wanted(method, path):
                trouble.times -= 1
                return trouble.manner
        return "pass"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    gate: Gate
    target: str

    def _through(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.gate.seen.append((self.command, self.path, self.headers.get("Range", "")))
        manner = self.gate.manner_for(self.command, self.path)
        if manner == "refuse":
            self.send_response(503)
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        outside = HTTPConnection(self.target, timeout=30)
        try:
            outside.request(self.command, self.path, body, dict(self.headers))
            answer = outside.getresponse()
            given = answer.read()
        finally:
            outside.close()
        if manner == "lose":
            self.close_connection = True
            return
        self.send_response(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in {"transfer-encoding", "connection", "content-length", "server", "date"}:
                self.send_header(name, value)
        length = answer.getheader("Content-Length") if self.command == "HEAD" else None
        self.send_header("Content-Length", length or str(len(given)))
        self.end_headers()
        self.wfile.write(given[: len(given) // 2] if manner == "cut" else given)
        self.close_connection = self.close_connection or manner == "cut"

    do_GET = do_PUT = do_POST = do_DELETE = do_HEAD = _through  # noqa: N815 - names of http.server

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """A client that gave up is no news."""


def open_gate(endpoint: str) -> tuple[Gate, socketserver.BaseServer]:
    """Serve a gate to this S3 server; the caller shuts it down."""
    handler = type("Handler", (_Handler,), {"target": urlsplit(endpoint).netloc})
    server = _Server(("127.0.0.1", 0), handler)
    gate = Gate(f"http://127.0.0.1:{server.server_address[1]}")
    handler.gate = gate  # type: ignore[attr-defined]
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return gate, server
