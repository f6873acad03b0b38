"""A custody entry: composing its canonical bytes, and reading them back. docs/custody-format.md tells every key."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from secrets import token_bytes
from typing import NamedTuple
from uuid import UUID

from verifier import canonical
from verifier.errors import EntryTooLarge, Malformed, NotCanonical
from verifier.leaf import MOST_SUBJECTS

VERSION = 1
MOST_BYTES = 32 * 1024
OUTCOMES = frozenset({"success", "refused", "failed"})
SIDES = ("object", "actor")
_AT = "%Y-%m-%dT%H:%M:%S.%fZ"
_KEYS = frozenset(
    "version id at event outcome act actor owner auth bytes duration_ms numbers subjects fields".split()  # noqa: SIM905
)
_LONGEST_NAME = 64
_DIGEST = re.compile("[0-9a-f]{64}")


class Opening(NamedTuple):
    """What opens one committed field. `side` is object (names, reasons, words) or actor (name, address, agent)."""

    name: str
    side: str
    salt: bytes
    value: str

    def digest(self) -> str:
        """The digest in hex that the entry must hold for this field."""
        return canonical.field_digest(self.salt, self.name, self.value)


class Subject(NamedTuple):
    """What an entry is about. `id` is None where it is a field of its own: `subject_<position>`."""

    kind: str
    id: UUID | None


@dataclass(frozen=True, slots=True)
class By:
    """The part of the actor that stands open. For a job, `id` and `agency` are those of the person it acts for."""

    kind: str
    id: UUID | None = None
    agency: UUID | None = None
    job: UUID | None = None
    job_kind: str = ""


@dataclass(frozen=True, slots=True)
class Auth:
    """How the actor was authenticated: method, AAL of NIST SP 800-63B, SHA-256 of the session in hex."""

    method: str = ""
    aal: int = 0
    session: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry. `fields` maps each committed field to its digest, `sides` to its side. `at` is UTC."""

    id: UUID
    at: datetime
    event: str
    by: By
    owner: UUID | None = None
    outcome: str = "success"
    act: UUID | None = None
    auth: Auth = field(default_factory=Auth)
    sent: int | None = None
    received: int | None = None
    duration_ms: int | None = None
    numbers: Mapping[str, int] = field(default_factory=dict)
    subjects: tuple[Subject, ...] = ()
    fields: Mapping[str, str] = field(default_factory=dict)
    sides: Mapping[str, str] = field(default_factory=dict)

    def to_bytes(self) -> bytes:
        """The canonical bytes. Raises EntryTooLarge beyond 32 KiB."""
        raw = canonical.canonical_bytes(_to_json(self))
        if len(raw) > MOST_BYTES:
            raise EntryTooLarge(what="the entry", bytes=len(raw), most=MOST_BYTES)
        return raw


def subject_field(position: int) -> str:
    """The name of the field that holds the id of a subject which doesn't stand open."""
    return f"subject_{position}"


def compose(
    entry: Entry,
    *,
    object_fields: Mapping[str, str],
    actor_fields: Mapping[str, str],
    salt: Callable[[int], bytes] = token_bytes,
) -> tuple[bytes, tuple[Opening, ...]]:
    """The entry's bytes and the openings of its fields. `entry` comes with every subject's id and without fields.

    Of several items each id becomes a field, so that one who may see one of them doesn't learn the others.
    """
    items = sum(one.kind == "item" for one in entry.subjects)
    if len(entry.subjects) > MOST_SUBJECTS:
        raise EntryTooLarge(what="the list of subjects", bytes=len(entry.subjects), most=MOST_SUBJECTS)
    hidden = {at for at, one in enumerate(entry.subjects) if items > 1 and one.kind == "item"}
    ids = {subject_field(at): str(entry.subjects[at].id) for at in hidden}
    openings = (*_opened("object", {**object_fields, **ids}, salt), *_opened("actor", actor_fields, salt))
    finished = Entry(
        entry.id, entry.at, entry.event, entry.by, entry.owner, entry.outcome, entry.act, entry.auth,
        entry.sent, entry.received, entry.duration_ms, entry.numbers,
        tuple(Subject(one.kind, None if at in hidden else one.id) for at, one in enumerate(entry.subjects)),
        {one.name: one.digest() for one in openings},
        {one.name: one.side for one in openings},
    )  # fmt: skip
    return finished.to_bytes(), openings


def parse(raw: bytes) -> Entry:
    """Read an entry's bytes. Raises Malformed or NotCanonical."""
    if len(raw) > MOST_BYTES:
        raise Malformed(why="an entry is larger than 32 KiB")
    found = canonical.parse(raw)
    if not isinstance(found, dict) or found.get("version") != VERSION or found.keys() != _KEYS:
        raise Malformed(why="an entry has another version or other keys")
    try:
        return _from_json(found)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Malformed(why=f"an entry's values have another form ({error})") from error


def _opened(side: str, fields: Mapping[str, str], salt: Callable[[int], bytes]) -> list[Opening]:
    found = []
    for name, value in fields.items():
        text = canonical.clean(value)
        if (size := len(text.encode())) > MOST_BYTES:
            raise EntryTooLarge(what=f"the field {name}", bytes=size, most=MOST_BYTES)
        if not name.isidentifier() or not name.isascii() or len(name) > _LONGEST_NAME:
            raise NotCanonical(why=f"{name!r} is no name of a field")
        found.append(Opening(name, side, salt(canonical.SALT_BYTES), text))
    return found


def _to_json(entry: Entry) -> dict[str, object]:
    fields = {side: {k: d for k, d in entry.fields.items() if entry.sides[k] == side} for side in SIDES}
    return {
        "version": VERSION,
        "id": str(entry.id),
        "at": entry.at.astimezone(UTC).strftime(_AT),
        "event": entry.event,
        "outcome": entry.outcome,
        "act": _text(entry.act),
        "actor": {
            "kind": entry.by.kind,
            "id": _text(entry.by.id),
            "agency": _text(entry.by.agency),
            "job": _text(entry.by.job),
            "job_kind": entry.by.job_kind,
        },
        "owner": _text(entry.owner),
        "auth": {"method": entry.auth.method, "aal": entry.auth.aal, "session": entry.auth.session},
        "bytes": {"sent": entry.sent, "received": entry.received},
        "duration_ms": entry.duration_ms,
        "numbers": dict(entry.numbers),
        "subjects": [{"kind": one.kind, "id": _text(one.id)} for one in entry.subjects],
        "fields": fields,
    }


def _from_json(found: dict[str, canonical.Json]) -> Entry:
    actor, auth, size, closed = (_keys(found[key], names) for key, names in _NESTED.items())
    fields = {side: _keys(closed[side]) for side in SIDES}
    digests = {name: _digest(value) for side in SIDES for name, value in fields[side].items()}
    if len(digests) != sum(map(len, fields.values())) or _str(found["outcome"]) not in OUTCOMES:
        raise ValueError("a field on both sides, or an unknown outcome")
    return Entry(
        id=_id(found["id"]),
        at=datetime.strptime(_str(found["at"]), _AT).replace(tzinfo=UTC),
        event=_str(found["event"]),
        by=By(_str(actor["kind"]), _uuid(actor["id"]), _uuid(actor["agency"]), _uuid(actor["job"]),
              _str(actor["job_kind"])),
        owner=_uuid(found["owner"]),
        outcome=_str(found["outcome"]),
        act=_uuid(found["act"]),
        auth=Auth(_str(auth["method"]), _count(auth["aal"]) or 0, _str(auth["session"])),
        sent=_count(size["sent"]),
        received=_count(size["received"]),
        duration_ms=_count(found["duration_ms"]),
        numbers={name: _int(value) for name, value in _keys(found["numbers"]).items()},
        subjects=_subjects(found["subjects"]),
        fields=digests,
        sides={name: side for side in SIDES for name in fields[side]},
    )  # fmt: skip


_NESTED = {
    "actor": {"kind", "id", "agency", "job", "job_kind"},
    "auth": {"method", "aal", "session"},
    "bytes": {"sent", "received"},
    "fields": set(SIDES),
}


def _subjects(found: canonical.Json) -> tuple[Subject, ...]:
    if not isinstance(found, list):
        raise TypeError("subjects")
    pairs = [_keys(one, {"kind", "id"}) for one in found]
    return tuple(Subject(_str(one["kind"]), _uuid(one["id"])) for one in pairs)


def _keys(value: canonical.Json, names: set[str] | None = None) -> dict[str, canonical.Json]:
    if not isinstance(value, dict) or (names is not None and value.keys() != names):
        raise ValueError("other keys")
    return value


def _text(value: UUID | None) -> str | None:
    return None if value is None else str(value)


def _str(value: canonical.Json) -> str:
    if not isinstance(value, str):
        raise TypeError("not a text")
    return value


def _uuid(value: canonical.Json) -> UUID | None:
    return None if value is None else _id(value)


def _id(value: canonical.Json) -> UUID:
    found = UUID(_str(value))
    if str(found) != value:
        raise ValueError("an id in another spelling")
    return found


def _int(value: canonical.Json) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError("not an integer")
    return value


def _count(value: canonical.Json) -> int | None:
    if value is None:
        return None
    if _int(value) < 0:
        raise ValueError("a negative count")
    return _int(value)


def _digest(value: canonical.Json) -> str:
    if not _DIGEST.fullmatch(_str(value)):
        raise ValueError("not a digest")
    return _str(value)
