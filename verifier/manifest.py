"""bundle.json and the lines of leaves.jsonl, read into types. Raises UnknownVersion, Malformed."""

from dataclasses import dataclass
from uuid import UUID

from verifier.bundle import Bundle
from verifier.canonical import Json
from verifier.errors import Malformed, UnknownVersion
from verifier.layout import FORMAT, Withheld, WithheldRule
from verifier.leaf import LeafRecord

MOST_SCOPE = 256
_KEYS = frozenset({"format", "scope", "checkpoint", "vkey", "withheld"})
LEAF_KEYS = frozenset({"leaf", "record", "at"})
PROOF_KEYS = frozenset({"leaf", "path"})
OPENING_KEYS = frozenset({"leaf", "name", "side", "salt", "value"})


@dataclass(frozen=True, slots=True)
class Manifest:
    """What the bundle says of itself. `withheld_json` is the list as it stands there, to be hashed."""

    scope: tuple[tuple[str, UUID], ...]
    note: str
    vkey: str
    withheld: tuple[Withheld, ...]
    withheld_json: Json


@dataclass(frozen=True, slots=True)
class Leaf:
    """A leaf record, its bytes, and at which position it holds each subject of the scope."""

    record: LeafRecord
    raw: bytes
    at: tuple[int | None, ...]


def read_manifest(bundle: Bundle) -> Manifest:
    """The manifest of a known format, and with it the certainty that the bundle holds only what it may."""
    found = bundle.manifest()
    version = found.get("format")
    if version != FORMAT:
        raise UnknownVersion(version=ascii(version)[:80])
    bundle.demand_members()
    try:
        return _manifest(found)
    except (KeyError, TypeError, ValueError) as error:
        raise Malformed(why=f"bundle.json has other content ({error})") from error


def read_leaf(line: dict[str, Json], scope: int) -> Leaf:
    """One line of leaves.jsonl."""
    try:
        raw = unhex(line["record"])
        leaf = Leaf(LeafRecord.unpack(raw), raw, tuple(_position(one) for one in _list(line["at"])))
    except (TypeError, ValueError) as error:
        raise Malformed(why=f"a line of leaves.jsonl has other content ({error})") from error
    held = [one for one in leaf.at if one is not None]
    if line["leaf"] != leaf.record.index or len(leaf.at) != scope or len(set(held)) != len(held):
        raise Malformed(why=f"leaf {line['leaf']!a} is described wrongly")
    if held and max(held) >= len(leaf.record.links):
        raise Malformed(why=f"leaf {leaf.record.index} has fewer subjects than described")
    return leaf


def text(value: Json) -> str:
    """The value, which must be a text."""
    if not isinstance(value, str):
        raise TypeError("a text is missing")
    return value


def unhex(value: Json) -> bytes:
    """The bytes of lower-case hex digits."""
    raw = bytes.fromhex(text(value))
    if raw.hex() != value:
        raise ValueError("hex in another spelling")
    return raw


def _manifest(found: dict[str, Json]) -> Manifest:
    if found.keys() != _KEYS:
        raise ValueError("other keys")
    scope = tuple(_subject(one) for one in _list(found["scope"]))
    if not 0 < len(scope) <= MOST_SCOPE or len(set(scope)) != len(scope):
        raise ValueError("an empty or repeated scope")
    withheld = tuple(_withheld(one) for one in _list(found["withheld"]))
    return Manifest(scope, text(found["checkpoint"]), text(found["vkey"]), withheld, found["withheld"])


def _subject(value: Json) -> tuple[str, UUID]:
    if not isinstance(value, dict) or value.keys() != {"kind", "id"}:
        raise TypeError("a subject has other keys")
    return text(value["kind"]), UUID(text(value["id"]))


def _withheld(value: Json) -> Withheld:
    if not isinstance(value, dict) or value.keys() != {"entry", "name", "rule", "by"}:
        raise TypeError("a withheld field has other keys")
    return Withheld(
        UUID(text(value["entry"])), text(value["name"]), WithheldRule(text(value["rule"])), text(value["by"])
    )


def _list(value: Json) -> list[Json]:
    if not isinstance(value, list):
        raise TypeError("a list is missing")
    return value


def _position(value: Json) -> int | None:
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise TypeError("a position is no number")
    return value
