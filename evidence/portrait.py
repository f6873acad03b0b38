"""An item's facts as people read them. The facts themselves are what the sandboxed reader found (docs/media.md)."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

_CLOCKS = {"local": "camera clock, no zone", "offset": "recorded with its zone", "utc": "recorded in UTC"}
_MINUTE = 60


class Row(NamedTuple):
    """A label, what is said, and where it comes from. `at` is the moment meant, where the source knows its zone."""

    label: str
    value: str
    source: str = ""
    at: datetime | None = None


def rows(facts: Mapping[str, Any]) -> list[Row]:
    """What is shown of the facts, in the order in which people ask for it. A fact of no known form is left out."""
    return [row for row in _rows({name: one for name, one in facts.items() if isinstance(one, dict)}) if row.value]


def captured(facts: Mapping[str, Any]) -> tuple[str, str]:
    """The time of capture as the source says it, in ISO 8601, and its kind: local, offset or utc.

    A local time has no offset and never gets one. Both are empty where nothing is known.
    """
    fact = facts.get("captured")
    if not isinstance(fact, dict):
        return "", ""
    return str(fact.get("value", "")), str(fact.get("zone", ""))


def _rows(facts: Mapping[str, dict[str, Any]]) -> Iterator[Row]:
    if captured := facts.get("captured"):
        clock = _CLOCKS.get(str(captured.get("zone")), "")
        text, at = _moment(str(captured.get("value", "")))
        yield Row("Captured", text, ", ".join(part for part in (clock, _source(captured)) if part), at)
    if duration := facts.get("duration"):
        yield Row("Length", _clock(duration.get("value")), _source(duration))
    if (width := facts.get("width")) and (height := facts.get("height")):
        yield Row("Dimensions", f"{width.get('value')} × {height.get('value')}", _source(width))
    camera = [str(facts[name].get("value") or "") for name in ("make", "model") if name in facts]
    yield Row("Camera", " ".join(camera).strip(), _source(facts.get("model", facts.get("make", {}))))
    if place := facts.get("gps"):
        yield Row("Place", _place(place), _source(place))
    if streams := facts.get("streams"):
        yield Row("Streams", _streams(streams.get("value")), _source(streams))
    if read_by := facts.get("read_by"):
        yield Row("Read by", str(read_by.get("value") or ""))


def _moment(value: str) -> tuple[str, datetime | None]:
    """How a time is written, and the moment it is: none without a zone, since a camera's clock may be anywhere."""
    try:
        found = datetime.fromisoformat(value)
    except ValueError:
        return value.replace("T", " "), None
    text = f"{found.day} {found:%b %Y %H:%M:%S}"
    return (f"{text} UTC", found) if found.utcoffset() == timedelta(0) else (text, found if found.tzinfo else None)


def _source(fact: Mapping[str, Any]) -> str:
    return str(fact.get("source") or "")


def _clock(value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return ""
    minutes, seconds = divmod(value, _MINUTE)
    hours, minutes = divmod(int(minutes), _MINUTE)
    return f"{hours}:{minutes:02}:{seconds:06.3f}" if hours else f"{minutes}:{seconds:06.3f}"


def _place(fact: Mapping[str, Any]) -> str:
    value = fact.get("value")
    if not isinstance(value, dict) or "lat" not in value or "lon" not in value:
        return ""
    text = f"{value['lat']}, {value['lon']}"
    if "alt" in value:
        text += f", {value['alt']} m"
    return text if fact.get("plausible") else f"{text} (can't be right)"


def _streams(value: object) -> str:
    if not isinstance(value, list):
        return ""
    return ", ".join(f"{one.get('type', '')} {one.get('codec', '')}".strip() for one in value if isinstance(one, dict))
