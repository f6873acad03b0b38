"""`proofroom upload`: files and folders in, several at once, each resumed where an earlier run ended."""

import json
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

from proofroom_client import sources, unfinished
from proofroom_client.errors import (
    DONE,
    FAILED,
    NOT_PLAYABLE,
    UNREACHABLE,
    BadUsage,
    CantReach,
    ClientError,
    NothingFound,
    Refused,
    Stopped,
)
from proofroom_client.patience import Patience
from proofroom_client.progress import Progress
from proofroom_client.room import Room
from proofroom_client.sources import Reading, Source
from proofroom_client.tus import UPLOADS, Sending, Ticket, create
from verifier.words import shown

_LAST_STATES = frozenset({"sealed", "quarantined", "abandoned", "disposed"})
_FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 5.0
_WORST_FIRST = (UNREACHABLE, FAILED, NOT_PLAYABLE, DONE)


@dataclass(frozen=True, slots=True)
class Wish:
    """What was asked for on the command line."""

    case: str
    parallel: int
    as_json: bool
    wait: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one file, as `--json` prints it."""

    told: dict[str, object]
    exit_code: int = DONE

    def print(self, *, as_json: bool) -> None:
        """One line on standard output."""
        print(json.dumps(self.told) if as_json else self._sentence(), flush=True)

    def _sentence(self) -> str:
        told = {name: shown(str(value)) for name, value in self.told.items() if value}
        item = f" as {told.get('number') or told['item']}" if "item" in told else ""
        processing = f", processing {told['processing']}" if "processing" in told else ""
        reason = f" ({told['reason']})" if "reason" in told else ""
        return f"{told['path']}: {told['state']}{item}{processing}{reason}"


def upload(room: Room, paths: Sequence[Path], wish: Wish) -> int:
    """Upload everything. Prints a line a file; returns the exit code that tells of the worst."""
    found = list(sources.find(paths))
    if not found:
        raise BadUsage(why="There is no file in what you named.")
    ready = [one for one in found if isinstance(one, Source)]
    outcomes = [_failed(one[0], one[1], wish) for one in found if not isinstance(one, Source)]
    for outcome in outcomes:
        outcome.print(as_json=wish.as_json)
    with Progress(len(ready), sum(one.bytes for one in ready), "sending", quiet=wish.as_json) as progress:
        outcomes += _Run(room, wish, progress).all(ready)
    codes = {outcome.exit_code for outcome in outcomes}
    return next(code for code in _WORST_FIRST if code in codes)


class _Run:
    """One invocation: what its threads share."""

    def __init__(self, room: Room, wish: Wish, progress: Progress) -> None:
        self._room, self._wish, self._progress = room, wish, progress
        self._case_id, self._case = _case(room, wish.case) if wish.case else ("", "")
        self._unfinished = unfinished.Unfinished(room)
        self._stop = threading.Event()

    def all(self, ready: Sequence[Source]) -> list[Outcome]:
        outcomes = []
        with ThreadPoolExecutor(max_workers=self._wish.parallel) as threads:
            running = [threads.submit(self._one, source) for source in ready]
            try:
                for future in as_completed(running):
                    outcomes.append(future.result())
                    self._progress.finished()
                    self._tell(outcomes[-1])
            except BaseException:
                # The threads look at the flag before each megabyte; what is durable stays on the server.
                self._stop.set()
                for future in running:
                    future.cancel()
                raise
        return outcomes

    def _tell(self, outcome: Outcome) -> None:
        self._progress.clear()
        outcome.print(as_json=self._wish.as_json)

    def _one(self, source: Source) -> Outcome:
        try:
            with self._room.twin() as room, Reading(source) as reading:
                return self._sent(room, source, reading)
        except ClientError as error:
            return _failed(source.path, error, self._wish)

    def _sent(self, room: Room, source: Source, reading: Reading) -> Outcome:
        ticket = self._ticket(room, source)
        sending = Sending(
            room, ticket, self._stop,
            renew=lambda upload: unfinished.fresh(room, upload),
            sent=lambda position: self._progress.moved(str(source.path), position),
        )  # fmt: skip
        digest = sending.run(reading)
        told: dict[str, object] = {
            "path": str(source.path),
            "item": ticket.item,
            "case": self._case or None,
            "bytes": source.bytes,
            "sha256": digest,
        }
        return self._waited(room, ticket, told) if self._wish.wait else self._received(room, ticket, told)

    def _ticket(self, room: Room, source: Source) -> Ticket:
        """The upload that an earlier run left, else a new one."""
        if (begun := self._unfinished.take(room, source, self._case)) is not None:
            return begun
        patience = Patience(self._stop)
        while True:
            try:
                return create(room, source, self._case_id)
            except (CantReach, Refused) as error:
                patience.endure(error)

    def _received(self, room: Room, ticket: Ticket, told: dict[str, object]) -> Outcome:
        try:
            state, row = _state(room, ticket)
        except (CantReach, Refused):
            state, row = "received", {}
        return Outcome({**told, **_number(row), "state": state})

    def _waited(self, room: Room, ticket: Ticket, told: dict[str, object]) -> Outcome:
        pause, patience = _FIRST_PAUSE, Patience(self._stop)
        while True:
            try:
                state, row = _state(room, ticket)
                patience.progressed()
            except (CantReach, Refused) as error:
                patience.endure(error)
                continue
            if _is_final(state, row):
                return _final({**told, **_number(row)}, state, row)
            if self._stop.wait(pause):
                raise Stopped
            pause = min(_LONGEST_PAUSE, pause * 1.3)


def _state(room: Room, ticket: Ticket) -> tuple[str, dict[str, object]]:
    row = room.get(f"{UPLOADS}{ticket.id}/state")
    return str(row.get("item_state") or row.get("state") or ""), row


def _is_final(state: str, row: dict[str, object]) -> bool:
    return state in _LAST_STATES and (state != "sealed" or row.get("processing") not in ("waiting", "running"))


def _final(told: dict[str, object], state: str, row: dict[str, object]) -> Outcome:
    processing = row.get("processing")
    reason = row.get("processing_reason") or row.get("reason") or None
    whole = {**told, "state": state, "processing": processing, "reason": reason}
    if state != "sealed":
        return Outcome(whole, FAILED)
    return Outcome(whole, NOT_PLAYABLE if processing == "failed" else DONE)


def _number(row: dict[str, object]) -> dict[str, object]:
    return {"number": row["number"]} if row.get("number") else {}


def _failed(path: Path, error: ClientError, wish: Wish) -> Outcome:
    told: dict[str, object] = {"path": str(path), "item": None, "case": wish.case or None}
    told |= {"bytes": None, "sha256": None, "state": "failed", "reason": str(error), "code": error.code}
    return Outcome(told, error.exit_code)


def _case(room: Room, number: str) -> tuple[str, str]:
    """The case's id and its number as it is written. Raises NothingFound."""
    for row in room.results("/api/v1/cases/", number=number):
        if str(row.get("number")).lower() == number.lower():
            return str(row["id"]), str(row["number"])
    raise NothingFound(what="case", name=number)
