"""One upload by tus 1.0: create or resume, send part by part, say the hash that the file has here."""

import base64
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from proofroom_client.errors import CantReach, Refused, Stopped
from proofroom_client.patience import Patience
from proofroom_client.room import Room
from proofroom_client.sources import Reading, Source

UPLOADS = "/api/v1/uploads/"
PART = 33_553_880  # plain bytes of one vault part: requests that end there leave no piece behind
_TUS = {"Tus-Resumable": "1.0.0"}
_GONE = frozenset({404, 410})
_STALE = frozenset({401, 403})

Renew = Callable[[str], "Ticket | None"]


@dataclass(slots=True)
class Ticket:
    """What continues one upload. `offset` is what the server holds durably."""

    path: str
    item: str
    credential: str
    offset: int = 0

    @property
    def id(self) -> str:
        """The upload's id, the last part of its address."""
        return self.path.rstrip("/").rpartition("/")[2]


def create(room: Room, source: Source, case: str) -> Ticket:
    """Begin an upload. Raises Refused, CantReach."""
    told = {"filename": source.name, "source_hash": "sha256", "modified": source.modified}
    told |= {"relative_path": source.relative} if source.relative else {}
    told |= {"case": case} if case else {}
    metadata = ",".join(f"{name} {base64.b64encode(value.encode()).decode()}" for name, value in told.items())
    headers = {**_TUS, "Upload-Length": str(source.bytes), "Upload-Metadata": metadata}
    answer = room.ask("POST", UPLOADS, headers=headers, length=0)
    location, credential = answer.headers.get("Location"), answer.headers.get("Proofroom-Credential")
    if not location or not credential:
        raise Refused(status=answer.status, detail="The server did not say where to send the file.")
    return Ticket(room.local(location), answer.headers.get("Proofroom-Item", ""), credential)


@dataclass(slots=True)
class Sending:
    """Sends one file to its end, through whatever interruptions can be waited out."""

    room: Room
    ticket: Ticket
    stop: threading.Event
    renew: Renew
    sent: Callable[[int], None]

    def run(self, reading: Reading) -> str:
        """Send what is missing and the hash; returns the hash. Raises Refused, CantReach, Stopped, SourceChanged."""
        patience, total, renewed = Patience(self.stop), reading.source.bytes, False
        self.sent(self.ticket.offset)
        digest = ""
        while self.ticket.offset < total:
            before, end = self.ticket.offset, self._end(total)
            try:
                # Told before the last byte, so that a cut at the very end leaves nothing that waits for it.
                digest = digest or (self._tell_source(reading) if end == total else "")
                self._patch(reading, before, end)
                if self.ticket.offset <= before:
                    raise Refused(status=503, detail="The server took nothing.")
            except (CantReach, Refused) as error:
                stale = isinstance(error, Refused) and error.answered in _STALE
                if not stale or renewed or not self._renewed():
                    patience.endure(error)
                renewed = renewed or stale
                self._ask_offset(patience)
            if self.ticket.offset > before:
                patience.progressed()
        reading.demand_unchanged()
        return digest or self._tell_source(reading)

    def _end(self, total: int) -> int:
        return min(total, (self.ticket.offset // PART + 1) * PART)

    def _patch(self, reading: Reading, first: int, end: int) -> None:
        headers = {**_TUS, "Upload-Offset": str(first), "Content-Type": "application/offset+octet-stream"}
        answer = self.room.ask(
            "PATCH",
            self.ticket.path,
            headers=headers,
            body=self._counted(reading, first, end),
            length=end - first,
            authorization=self._credential(),
        )
        self._moved(answer.headers.get("Upload-Offset"))

    def _counted(self, reading: Reading, first: int, end: int) -> Iterator[bytes]:
        for chunk in reading.chunks(first, end):
            if self.stop.is_set():
                self.room.close()
                raise Stopped
            yield chunk
            first += len(chunk)
            self.sent(first)

    def _ask_offset(self, patience: Patience) -> None:
        """What the server holds: after a break nobody knows how much of the last request arrived."""
        while True:
            try:
                answer = self.room.ask("HEAD", self.ticket.path, headers=_TUS, authorization=self._credential())
            except (CantReach, Refused) as error:
                patience.endure(error)
            else:
                self._moved(answer.headers.get("Upload-Offset"))
                self.sent(self.ticket.offset)
                return

    def _moved(self, offset: str | None) -> None:
        if offset is None or not offset.isascii() or not offset.isdigit():
            raise Refused(status=0, detail="The server did not say how much it holds.")
        self.ticket.offset = int(offset)

    def _tell_source(self, reading: Reading) -> str:
        patience, source, digest = Patience(self.stop), reading.source, reading.digest()
        told = {"sha256": digest, "bytes": source.bytes, "path": source.relative or source.name}
        while True:
            try:
                self.room.ask(
                    "PUT",
                    f"{self.ticket.path.rstrip('/')}/source",
                    json_body={**told, "modified": source.modified},
                    authorization=self._credential(),
                )
            except (CantReach, Refused) as error:
                patience.endure(error)
            else:
                return digest

    def _renewed(self) -> bool:
        fresh = self.renew(self.ticket.id)
        if fresh is not None:
            self.ticket.credential = fresh.credential
        return fresh is not None

    def _credential(self) -> str:
        return f"Upload {self.ticket.credential}"
