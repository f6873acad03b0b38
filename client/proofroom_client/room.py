"""Talking to a Proofroom over HTTP: one kept connection, problems as errors, waiting where waiting helps."""

import http.client
import json
import math
import ssl
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Self
from urllib.parse import urlencode, urlsplit

from proofroom_client.errors import CantReach, Refused

TIMEOUT = 75.0  # seconds; the server closes what is still for 60
_MOST_ANSWER = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server answered, read whole."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes

    def json(self) -> dict[str, object]:
        """The body as a JSON object. Raises Refused when it isn't one."""
        try:
            found = json.loads(self.body)
        except ValueError:
            found = None
        if not isinstance(found, dict):
            raise Refused(status=self.status, detail="The answer is not that of a Proofroom. Is the address right?")
        return found


class Room:
    """One connection. Not to be shared between threads: `twin` makes another."""

    def __init__(self, url: str, token: str = "") -> None:
        self.url, self.token = url, token
        parts = urlsplit(url)
        self._prefix = parts.path.rstrip("/")
        self._connection = _connection(parts.scheme, parts.hostname or "", parts.port)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def twin(self) -> "Room":
        """The same server by another connection."""
        return Room(self.url, self.token)

    def close(self) -> None:
        """End the connection; the next request opens it again."""
        self._connection.close()

    def get(self, path: str, **query: str) -> dict[str, object]:
        """A JSON object. Raises Refused, CantReach."""
        return self.ask("GET", path + ("?" + urlencode(query) if query else "")).json()

    def post(self, path: str, content: Mapping[str, object]) -> dict[str, object]:
        """Send JSON, get JSON."""
        return self.ask("POST", path, json_body=content).json()

    def results(self, path: str, **query: str) -> Iterator[dict[str, object]]:
        """Every row of a list, page after page."""
        page = self.get(path, **query)
        while True:
            rows = page.get("results")
            yield from (row for row in (rows if isinstance(rows, list) else []) if isinstance(row, dict))
            if not (following := page.get("next")):
                return
            page = self.get(self.local(str(following)))

    def local(self, url: str) -> str:
        """The path of an address that the server named: the token never goes to another host."""
        parts = urlsplit(url)
        path = parts.path.removeprefix(self._prefix) if self._prefix else parts.path
        return path + (f"?{parts.query}" if parts.query else "")

    def ask(
        self,
        method: str,
        path: str,
        *,
        json_body: Mapping[str, object] | None = None,
        headers: Mapping[str, str] | None = None,
        body: Iterable[bytes] = (),
        length: int | None = None,
        authorization: str = "",
    ) -> Answer:
        """One request, its answer read whole. Raises Refused for a status of 400 or more, CantReach."""
        raw = None if json_body is None else json.dumps(json_body).encode()
        told = {"Accept": "application/json", **(headers or {})}
        if raw is not None:
            body, length = [raw], len(raw)
            told["Content-Type"] = "application/json"
        response = self.open(method, path, headers=told, body=body, length=length, authorization=authorization)
        try:
            answer = _read(response)
        except (http.client.HTTPException, OSError) as error:
            self.close()
            raise CantReach(url=self.url, why=_plainly(error)) from error
        if answer.status >= HTTPStatus.MULTIPLE_CHOICES:
            raise _problem(answer)
        return answer

    def open(
        self,
        method: str,
        path: str,
        *,
        headers: Mapping[str, str],
        body: Iterable[bytes] = (),
        length: int | None = None,
        authorization: str = "",
    ) -> http.client.HTTPResponse:
        """One request, its answer still to be read. Raises CantReach."""
        try:
            return self._send(method, path, self._told(headers, length, authorization), body)
        except (http.client.HTTPException, OSError, UnicodeError) as error:
            self.close()
            raise CantReach(url=self.url, why=_plainly(error)) from error

    def _told(self, headers: Mapping[str, str], length: int | None, authorization: str) -> dict[str, str]:
        told = {"User-Agent": "proofroom-client/1", **headers}
        if credential := authorization or (f"Bearer {self.token}" if self.token else ""):
            told["Authorization"] = credential
        if length is not None:
            told["Content-Length"] = str(length)
        return told

    def _send(
        self, method: str, path: str, headers: Mapping[str, str], body: Iterable[bytes]
    ) -> http.client.HTTPResponse:
        self._connection.putrequest(method, self._prefix + path, skip_accept_encoding=True)
        for name, value in headers.items():
            if not value.isprintable():
                raise http.client.InvalidURL("a header would hold control characters")
            self._connection.putheader(name, value)
        self._connection.endheaders()
        try:
            for chunk in body:
                self._connection.send(chunk)
        except (BrokenPipeError, ConnectionResetError):
            # A server that refuses early has answered before it hung up; its reason is worth more than the break.
            self._connection.sock.settimeout(5)
        return self._connection.getresponse()


def _connection(scheme: str, host: str, port: int | None) -> http.client.HTTPConnection:
    if scheme == "https":
        return http.client.HTTPSConnection(host, port, timeout=TIMEOUT, context=ssl.create_default_context())
    return http.client.HTTPConnection(host, port, timeout=TIMEOUT)


def problem_of(response: http.client.HTTPResponse) -> Refused:
    """The problem that an unwanted answer tells."""
    return _problem(_read(response))


def _read(response: http.client.HTTPResponse) -> Answer:
    return Answer(response.status, response.headers, response.read(_MOST_ANSWER))


def _problem(answer: Answer) -> Refused:
    try:
        found = json.loads(answer.body)
    except ValueError:
        found = {}
    told = found if isinstance(found, dict) else {}
    detail = str(told.get("detail") or told.get("title") or f"The server answered {answer.status}.")
    code = str(told.get("code") or f"http-{answer.status}")
    return Refused(status=answer.status, detail=detail, code=code, retry_after=_seconds(answer.headers))


def _seconds(headers: http.client.HTTPMessage) -> float | None:
    try:
        found = float(headers.get("Retry-After", ""))
    except ValueError:
        return None
    return found if math.isfinite(found) and found >= 0 else None


def _plainly(error: BaseException) -> str:
    return str(error) or type(error).__name__
