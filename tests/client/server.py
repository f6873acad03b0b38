"""A Proofroom at the socket, in memory, for the client's own tests: enough of the API, and faults on demand."""

import base64
import json
import re
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from uuid import UUID, uuid4

TOKEN = "a-token-of-these-tests"
CASE = {"id": str(UUID(int=17)), "number": "RPD-2026-00017"}


@dataclass
class Kept:
    """One upload and the item that comes of it."""

    id: str
    item: str
    length: int
    said: dict[str, str]
    credential: str
    data: bytearray = field(default_factory=bytearray)
    source: dict[str, Any] | None = None
    polls: int = 0


@dataclass
class Fake:
    """The server's state, and how it misbehaves."""

    uploads: dict[str, Kept] = field(default_factory=dict)
    items: dict[str, dict[str, Any]] = field(default_factory=dict)
    contents: dict[str, bytes] = field(default_factory=dict)
    answers: list[tuple[str, int, dict[str, str]]] = field(
        default_factory=list
    )  # (method, status, headers): given once each
    cut_after: list[int] = field(default_factory=list)  # bytes of the next PATCHes after which the socket is cut
    cut_content: list[int] = field(default_factory=list)  # the same for downloads
    final: dict[str, str] = field(default_factory=lambda: {"item_state": "sealed", "processing": "done"})
    seen: list[tuple[str, str, int]] = field(default_factory=list)  # method, path, body bytes
    ranges: list[str | None] = field(default_factory=list)
    ignores_ranges: bool = False
    pending: int = 0  # how often the device's code isn't confirmed yet
    lock: threading.Lock = field(default_factory=threading.Lock)
    url: str = ""

    def sent(self, method: str = "PATCH") -> int:
        """Body bytes that arrived by this method."""
        return sum(size for how, _path, size in self.seen if how == method)

    def add_item(self, number: str, name: str, content: bytes, **more) -> str:
        """An item that can be downloaded."""
        from hashlib import sha256

        item = str(uuid4())
        told = {"id": item, "number": number, "name": name, "bytes": len(content), "state": "sealed"}
        self.items[item] = {**told, "sha256": sha256(content).hexdigest(), **more}
        self.contents[item] = content
        return item


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    fake: Fake

    def log_message(self, *_):
        """Silence."""

    def answer(self, status, body=b"", **headers):
        if not isinstance(body, bytes):
            body = json.dumps(body).encode()
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def problem(self, status, code, **headers):
        self.answer(status, {"title": code, "status": status, "detail": f"Refused: {code}.", "code": code}, **headers)

    def do(self):
        with self.fake.lock:
            due = next((one for one in self.fake.answers if one[0] == self.command), None)
            if due:
                self.fake.answers.remove(due)
        if due:
            self.seen(self.body())
            return self.problem(due[1], f"told-{due[1]}", **due[2])
        if self.headers.get("Authorization", "").startswith("Bearer") and not self.signed_in():
            return self.problem(401, "not-authenticated")
        for method, pattern, act in ROUTES:
            if method == self.command and (match := re.fullmatch(pattern, self.path)):
                return act(self, *match.groups())
        return self.problem(404, "not-found")

    do_GET = do_POST = do_PATCH = do_PUT = do_HEAD = do  # noqa: N815 - as the library calls them

    def signed_in(self):
        return self.headers.get("Authorization") == f"Bearer {TOKEN}"

    def body(self):
        return self.rfile.read(int(self.headers.get("Content-Length") or 0))

    def seen(self, raw):
        with self.fake.lock:
            self.fake.seen.append((self.command, self.path, len(raw)))

    def cases(self, number):
        self.answer(200, {"results": [CASE] if number == CASE["number"] else [], "next": None})

    def begin(self):
        self.seen(self.body())
        pairs = [pair.split(" ") for pair in self.headers["Upload-Metadata"].split(",")]
        said = {name: base64.b64decode(value).decode() for name, value in pairs}
        kept = Kept(str(uuid4()), str(uuid4()), int(self.headers["Upload-Length"]), said, uuid4().hex)
        with self.fake.lock:
            self.fake.uploads[kept.id] = kept
        self.answer(
            201, Location=f"http://elsewhere.example/api/v1/uploads/{kept.id}/", Proofroom_Item=kept.item,
            Proofroom_Credential=kept.credential,
        )  # fmt: skip

    def unfinished(self):
        rows = [
            {
                "id": one.id, "item": one.item, "name": one.said["filename"], "path": one.said.get("relative_path", ""),
                "case": CASE["number"] if one.said.get("case") else None, "length": one.length, "state": "open",
                "offset": len(one.data), "location": f"/api/v1/uploads/{one.id}/", "credential": one.credential,
                "modified": one.said["modified"],
            }
            for one in self.fake.uploads.values()
            if len(one.data) < one.length
        ]  # fmt: skip
        self.answer(200, {"results": rows, "next": None})

    def shown(self, upload):
        kept = self.fake.uploads[upload]
        return kept if self.headers.get("Authorization") == f"Upload {kept.credential}" else None

    def head(self, upload):
        kept = self.shown(upload)
        if kept is None:
            return self.problem(401, "credential-refused")
        return self.answer(200, Upload_Offset=str(len(kept.data)), Upload_Length=str(kept.length))

    def patch(self, upload):
        kept, length = self.shown(upload), int(self.headers["Content-Length"])
        if kept is None:
            self.body()
            return self.problem(401, "credential-refused")
        if int(self.headers["Upload-Offset"]) != len(kept.data):
            self.body()
            return self.problem(409, "offset-differs")
        cut = self.fake.cut_after.pop(0) if self.fake.cut_after else length
        raw = self.rfile.read(min(cut, length))
        kept.data += raw
        self.seen(raw)
        if cut < length:
            self.close_connection = True
            self.connection.shutdown(2)
            return None
        return self.answer(204, Upload_Offset=str(len(kept.data)))

    def source(self, upload):
        raw = self.body()
        if self.shown(upload) is None:
            return self.problem(401, "credential-refused")
        self.fake.uploads[upload].source = json.loads(raw)
        return self.answer(204)

    def state(self, upload):
        kept = self.fake.uploads[upload]
        kept.polls += 1
        told = {"item": kept.item, "number": "RPD-2026-00017-001"}
        waiting = {"item_state": "received", "processing": "waiting"}
        self.answer(200, {**told, **(self.fake.final if kept.polls > 1 else waiting)})

    def items(self, number):
        found = [one for one in self.fake.items.values() if one["number"] == number]
        self.answer(200, {"results": found, "next": None})

    def item(self, item):
        found = self.fake.items.get(item)
        self.answer(200, found) if found else self.problem(404, "not-found")

    def content(self, item):
        whole, asked = self.fake.contents[item], self.headers.get("Range")
        self.fake.ranges.append(asked)
        first = int(asked[6:-1]) if asked and not self.fake.ignores_ranges else 0
        raw = whole[first:]
        self.send_response(206 if first else 200)
        if first:
            self.send_header("Content-Range", f"bytes {first}-{len(whole) - 1}/{len(whole)}")
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        cut = self.fake.cut_content.pop(0) if self.fake.cut_content else len(raw)
        self.wfile.write(raw[:cut])
        if cut < len(raw):
            self.wfile.flush()
            time.sleep(0.05)
            self.close_connection = True
            self.connection.shutdown(2)

    def device(self):
        self.body()
        self.answer(200, {
            "device_code": "secret", "user_code": "WDJB-MJHT", "verification_url": f"{self.fake.url}/device/",
            "interval": 0, "expires_in": 60,
        })  # fmt: skip

    def device_token(self):
        self.body()
        if self.fake.pending:
            self.fake.pending -= 1
            return self.problem(400, "authorization-pending")
        return self.answer(200, {"token": TOKEN})


ONE = r"([0-9a-f-]{36})"
ROUTES: list[tuple[str, str, Any]] = [
    ("GET", r"/api/v1/cases/\?number=([^&]*)", Handler.cases),
    ("POST", "/api/v1/uploads/", Handler.begin),
    ("GET", "/api/v1/uploads/", Handler.unfinished),
    ("HEAD", f"/api/v1/uploads/{ONE}/", Handler.head),
    ("PATCH", f"/api/v1/uploads/{ONE}/", Handler.patch),
    ("PUT", f"/api/v1/uploads/{ONE}/source", Handler.source),
    ("GET", f"/api/v1/uploads/{ONE}/state", Handler.state),
    ("GET", r"/api/v1/items/\?number=([^&]*)", Handler.items),
    ("GET", f"/api/v1/items/{ONE}/", Handler.item),
    ("GET", f"/api/v1/items/{ONE}/content", Handler.content),
    ("POST", "/api/v1/device/", Handler.device),
    ("POST", "/api/v1/device/token", Handler.device_token),
]


def serve() -> tuple[Fake, ThreadingHTTPServer]:
    """Start it on a free port of the loopback."""
    fake = Fake()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Bound", (Handler,), {"fake": fake}))
    server.daemon_threads = True
    fake.url = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    return fake, server
