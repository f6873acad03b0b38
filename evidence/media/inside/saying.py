"""Facts in the form that the worker takes: each with its value and where it was read."""

import math
import re
from collections.abc import Mapping
from typing import Any

Facts = dict[str, dict[str, Any]]
_MOMENT = re.compile(r"(\d{4})[:-](\d{2})[:-](\d{2})[ T](\d{2}):(\d{2}):(\d{2})(?:\.\d+)?\s*(Z|[+-]\d{2}:?\d{2})?")
_PLACE = re.compile(r"^([+-]\d+(?:\.\d+)?)([+-]\d+(?:\.\d+)?)([+-]\d+(?:\.\d+)?)?")  # ISO 6709


class Unreadable(Exception):
    """The file can't be shown. `code` is one that the worker knows; what is known so far stays in the facts."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


def fact(value: object, source: str, **more: object) -> dict[str, Any]:
    """One fact."""
    return {"value": value, "source": source, **more}


def text(value: object) -> str:
    """What a maker or model says, without NULs and padding."""
    if isinstance(value, bytes):
        value = value.decode("utf-8", "replace")
    return str(value).replace("\0", "").strip()[:200]


def captured(value: str, zone: str, source: str) -> dict[str, Any] | None:
    """A time as the file gives it: `value` in ISO 8601; `zone` is local (a wall clock without zone), offset or utc."""
    found = _MOMENT.match(value)
    if not found or int(found[1]) < 1971 or found[2] == "00" or found[3] == "00":
        return None  # zero, or the epoch of a clock that was never set
    year, month, day, hour, minute, second, given = found.groups()
    moment = f"{year}-{month}-{day}T{hour}:{minute}:{second}"
    if zone == "utc":
        return fact(moment + "Z", source, zone="utc")
    if given and given != "Z":
        offset = given if ":" in given else given[:3] + ":" + given[3:]
        return fact(moment + offset, source, zone="offset")
    return fact(moment + ("Z" if given else ""), source, zone="utc" if given else "local")


def place(lat: float, lon: float, alt: float | None, source: str) -> dict[str, Any] | None:
    """A position, with whether it can be one: (0, 0) and what lies beyond the globe is kept and marked."""
    if not (math.isfinite(lat) and math.isfinite(lon)):
        return None
    plausible = abs(lat) <= 90 and abs(lon) <= 180 and (abs(lat) > 1e-6 or abs(lon) > 1e-6)
    value: dict[str, float] = {"lat": round(lat, 6), "lon": round(lon, 6)}
    if alt is not None and math.isfinite(alt) and abs(alt) < 100_000:
        value["alt"] = round(alt, 3)
    return fact(value, source, plausible=plausible)


def place_of_iso6709(given: str, source: str) -> dict[str, Any] | None:
    """`+37.7450-122.4301+066.374/` as phones write it."""
    if not (found := _PLACE.match(given)):
        return None
    return place(float(found[1]), float(found[2]), float(found[3]) if found[3] else None, source)


def first_of(metadata: Mapping[str, str], *names: str) -> tuple[str, str]:
    """The first of these keys that is there, and its value."""
    return next(((name, metadata[name]) for name in names if metadata.get(name)), ("", ""))
