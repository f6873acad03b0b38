"""Looking at an item: what the sandbox says of it, believed only as far as its form goes."""

import json
import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from evidence.media import answering
from evidence.media.answering import Source, TooLong
from evidence.media.errors import SandboxBroke
from evidence.media.inside import wire
from evidence.media.sandbox import Limits

PICTURE_LIMIT = "200 million pixels"  # evidence/media/inside/pictures.py
KINDS = frozenset({"video", "audio", "photo", "document", "other"})
PLAYABLE = frozenset({
    "video/mp4", "video/webm", "audio/mpeg", "audio/mp4", "audio/wav", "audio/ogg", "audio/flac", "audio/webm",
})  # fmt: skip
NAMES = frozenset({
    "width", "height", "orientation", "rotation", "duration", "streams", "captured", "gps", "make", "model", "playable",
    "read_by",
})  # fmt: skip
ZONES = frozenset({"local", "offset", "utc"})
LONGEST_TEXT = 200
_REASONS = {
    "too-large": "This picture is too large to preview: {width} × {height} pixels, and the limit is " + PICTURE_LIMIT
    + ". The original is sealed and can be downloaded.",
    "damaged": "This {noun} is damaged or incomplete, or not really a {type}: it could not be read. The original is sealed"
    " and can be downloaded as it came in.",
    "encrypted": "This {noun} is encrypted (digital rights management) and can't be shown without its key. The original"
    " is sealed and can be downloaded.",
    "nothing-in-it": "There is neither sound nor picture in this file. The original is sealed and can be downloaded.",
    "crashed": "The reader stopped while it looked at this {noun}: it is damaged, or made to break readers. The original"
    " is sealed and can be downloaded.",
    "too-long": "Looking at this {noun} took too long and was stopped. The original is sealed and can be downloaded.",
}  # fmt: skip
_NOUNS = {"video": "video", "audio": "recording", "photo": "picture", "document": "document"}


@dataclass(frozen=True, slots=True)
class Examined:
    """What one look at an item gave. `reason` is empty when all went well, else a sentence for people."""

    mime: str = ""
    kind: str = "other"
    facts: dict[str, dict[str, Any]] = field(default_factory=dict)
    preview: bytes = b""
    poster: bytes = b""
    reason: str = ""


def examine(source: Source, alive: Callable[[], None], limits: Limits | None = None) -> Examined:
    """Look at an item in the sandbox.

    Raises SandboxUnavailable, and what reading the item raises; a file that can't be read is an answer, not an error.
    """
    try:
        given = answering.converse(source, alive, limits)
    except TooLong:
        return Examined(reason=_reason("too-long", "other", "", {}))
    except SandboxBroke:
        return Examined(reason=_reason("crashed", "other", "", {}))
    try:
        return _believed(given)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return Examined(reason=_reason("crashed", "other", "", {}))


def _believed(given: dict[int, bytes]) -> Examined:
    said = json.loads(given[wire.FACTS])
    kind = said["kind"] if said["kind"] in KINDS else "other"
    mime = _mime(said["mime"])
    facts = {name: _fact(name, one) for name, one in said["facts"].items() if name in NAMES}
    reason = _reason(said["reason"], kind, mime, facts) if said.get("reason") else ""
    return Examined(
        mime, kind, facts, _picture(given.get(wire.PREVIEW, b"")), _picture(given.get(wire.POSTER, b"")), reason
    )


def _mime(said: object) -> str:
    text = str(said)
    letters = set("abcdefghijklmnopqrstuvwxyz0123456789.+-/")
    if text.count("/") != 1 or len(text) > 100 or set(text) - letters:
        raise ValueError(text)
    return text


def _fact(name: str, one: dict[str, Any]) -> dict[str, Any]:
    fact: dict[str, Any] = {"value": _value(one["value"]), "source": _text(one["source"])}
    if name == "captured":
        fact["zone"] = one["zone"] if one["zone"] in ZONES else "local"
    if name == "gps":
        fact["plausible"] = one["plausible"] is True
    if name == "playable" and fact["value"] not in PLAYABLE:
        raise ValueError(name)
    return fact


def _value(said: object, depth: int = 0) -> Any:
    if isinstance(said, str):
        return _text(said)
    if isinstance(said, bool) or said is None or (isinstance(said, int) and abs(said) < 2**53):
        return said
    if isinstance(said, float) and math.isfinite(said):
        return said
    if isinstance(said, list) and depth < 3:
        return [_value(one, depth + 1) for one in said[:64]]
    if isinstance(said, dict) and depth < 3:
        return {_text(name): _value(one, depth + 1) for name, one in list(said.items())[:32]}
    raise ValueError("a fact of no known form")


def _text(said: str) -> str:
    return "".join(letter for letter in said if letter.isprintable())[:LONGEST_TEXT]


def _picture(content: bytes) -> bytes:
    if picture_mime(content) or not content:
        return content
    raise ValueError("not a picture that the reader makes")


def picture_mime(content: bytes) -> str:
    """The media type of a preview or poster: the two forms that the reader makes, or nothing."""
    if content.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    return "image/webp" if content[:4] == b"RIFF" and content[8:12] == b"WEBP" else ""


def _reason(code: object, kind: str, mime: str, facts: dict[str, dict[str, Any]]) -> str:
    says = _REASONS.get(str(code), _REASONS["crashed"])
    if code == "too-large" and "width" not in facts:
        says = _REASONS["too-long"].replace("took too long", "took too much memory")
    width, height = (f"{facts[name]['value']:,}" if name in facts else "?" for name in ("width", "height"))
    return says.format(noun=_NOUNS.get(kind, "file"), type=mime.partition("/")[2] or "file", width=width, height=height)
