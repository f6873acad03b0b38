"""Sending files in tests as a tus client does, through the real doors."""

import hashlib
from base64 import b64encode
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.test import Client

from custody.actors import Actor
from evidence.models import Item, Upload
from tests.cast import sign_in

TUS = {"Tus-Resumable": "1.0.0"}
CHUNK = "application/offset+octet-stream"


def metadata(**said: str | bytes) -> str:
    """Upload-Metadata."""
    pairs = ((key, value.encode() if isinstance(value, str) else value) for key, value in said.items())
    return ",".join(f"{key} {b64encode(value).decode()}" for key, value in pairs)


@dataclass
class Sender:
    """One who uploads: a signed-in browser that begins, and the credential of what it began."""

    client: Client
    id: UUID | None = None
    credential: str = ""
    url: str = ""

    @classmethod
    def of(cls, actor: Actor) -> "Sender":
        """A browser of somebody's."""
        return cls(sign_in(Client(HTTP_HOST="localhost"), actor))

    def begin(self, length: int | None, **said: str | bytes) -> Any:
        """POST; on success remember where it is."""
        told = {"Upload-Length": str(length)} if length is not None else {"Upload-Defer-Length": "1"}
        said.setdefault("filename", "camera 4.mp4")
        answer = self.client.post(
            "/api/v1/uploads/", headers={**TUS, **told, "Upload-Metadata": metadata(**said)},
            content_type="application/octet-stream",
        )  # fmt: skip
        if answer.status_code == 201:
            self.url = answer["Location"].removeprefix("http://localhost")
            self.id, self.credential = UUID(self.url.rstrip("/").split("/")[-1]), answer["Proofroom-Credential"]
        return answer

    def headers(self, **more: str) -> dict[str, str]:
        """What a request under the credential carries."""
        return {**TUS, "Authorization": f"Upload {self.credential}", **more}

    def send(self, offset: int, data: bytes, **more: str) -> Any:
        """PATCH."""
        headers = self.headers(**{"Upload-Offset": str(offset)}, **{k.replace("_", "-"): v for k, v in more.items()})
        # Django's client leaves the type of an empty body out; a tus client says it.
        return self.client.generic("PATCH", self.url, data, content_type=CHUNK, headers=headers, CONTENT_TYPE=CHUNK)

    def head(self) -> Any:
        """HEAD."""
        return self.client.head(self.url, headers=self.headers())

    def tell_source(self, data: bytes, **more: Any) -> Any:
        """PUT the hash that the source has."""
        told = {"sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data), **more}
        return self.client.put(self.url + "source", told, content_type="application/json", headers=self.headers())

    @property
    def upload(self) -> Upload:
        """The row."""
        return Upload.objects.select_related("item", "file__object").get(pk=self.id)

    @property
    def item(self) -> Item:
        """The item's row."""
        return self.upload.item


def sent(actor: Actor, data: bytes, **said: str | bytes) -> Sender:
    """A file that came in whole by one PATCH."""
    sender = Sender.of(actor)
    begun = sender.begin(len(data), **said)
    assert begun.status_code == 201, begun.content
    if data:
        answer = sender.send(0, data)
        assert answer.status_code == 204, answer.content
    return sender
