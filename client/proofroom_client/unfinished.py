"""The person's unfinished uploads on the server, matched with files here, so that they resume instead of starting anew."""

import threading
from datetime import datetime

from proofroom_client.room import Room
from proofroom_client.sources import Source
from proofroom_client.tus import UPLOADS, Ticket

_OPEN = frozenset({"open", "opening"})


class Unfinished:
    """Each is taken once, so that two files of one name and size don't meet in one upload."""

    def __init__(self, room: Room) -> None:
        self._lock = threading.Lock()
        self._rows = [row for row in room.results(UPLOADS) if row.get("state") in _OPEN]

    def take(self, room: Room, source: Source, case: str) -> Ticket | None:
        """What continues this file's upload into the case of this number, or None."""
        with self._lock:
            for row in self._rows:
                if _is_of(row, source, case):
                    self._rows.remove(row)
                    return _ticket(room, row)
        return None


def fresh(room: Room, upload: str) -> Ticket | None:
    """The upload with a new credential, or None when it isn't there any more."""
    return next((_ticket(room, row) for row in room.results(UPLOADS) if row.get("id") == upload), None)


def _is_of(row: dict[str, object], source: Source, case: str) -> bool:
    if row.get("name") != source.name or row.get("length") != source.bytes:
        return False
    if (row.get("case") or "") != case or not _same_time(row.get("modified"), source):
        return False
    return row.get("path") in (None, "", source.relative, source.name)


def _same_time(value: object, source: Source) -> bool:
    """Whether the file was last written when the upload's was; a server that doesn't know is believed."""
    if not value:
        return True
    try:
        told = datetime.fromisoformat(str(value))
    except ValueError:
        return False
    return abs(told.timestamp() - source.modified_ns / 1e9) < 0.002


def _ticket(room: Room, row: dict[str, object]) -> Ticket:
    offset = row.get("offset")
    return Ticket(
        room.local(str(row.get("location") or f"{UPLOADS}{row.get('id')}/")),
        str(row.get("item") or ""),
        str(row.get("credential") or ""),
        offset if isinstance(offset, int) and offset >= 0 else 0,
    )
