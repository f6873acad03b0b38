"""Filling an entry's sentence from what is open, and saying so where something is closed.

A sentence holds places `{first/second|default}`: the value of the first field that is open; else "a … that was
withheld" when the entry commits to one of them; else the default. A part in `[…]` falls away when none of its fields
is in the entry. A place `{=name}` is computed.
"""

import re
from collections.abc import Callable, Mapping

from verifier.entry import Entry

_PLACE = re.compile(r"\{(=?)([a-z0-9_/]+)(?:\|([^}]*))?\}")
_OPTION = re.compile(r"\[([^\]]*)\]")
# Controls could forge a line in a terminal, marks of direction could turn a name around (U+202E).
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_CALLED = {
    "sha256": "hash", "source_sha256": "hash", "case_number": "case", "from_number": "case", "to_number": "case",
    "outcome_text": "outcome", "actor_name": "name", "actor_agency": "agency", "filename": "name",
    "person": "name", "peer": "address", "claimed": "address", "changed": "change", "ranges": "range", "reported": "report",
}  # fmt: skip
_UNITS = ("bytes", "kB", "MB", "GB", "TB", "PB")
_STEP = 1000
_SIZES = frozenset({"bytes", "offset"})


class Words:
    """What of one entry is open: its fields, its numbers, and what the openings at hand open."""

    def __init__(self, entry: Entry, openings: Mapping[str, str], computed: "Mapping[str, Computed]") -> None:
        self.entry, self._open, self._computed = entry, openings, computed

    def value(self, name: str) -> str | None:
        """The field's text, safe to show, or None when it isn't open."""
        found = self._open.get(name)
        return None if found is None else shown(found)

    def closed(self, name: str) -> bool:
        """Whether the entry commits to the field without its being open here."""
        return name in self.entry.fields and name not in self._open

    def number(self, name: str) -> int | None:
        """A number that stands open in the entry."""
        return self.entry.numbers.get(name)

    def first(self, names: str, default: str) -> str:
        """What a place says."""
        listed = names.split("/")
        for name in listed:
            if (text := self._one(name)) is not None:
                return text
        return next((withheld(name) for name in listed if self.closed(name)), default)

    def fill(self, sentence: str) -> str:
        """The sentence with every place filled."""
        return _PLACE.sub(self._place, _OPTION.sub(self._option, sentence))

    def _one(self, name: str) -> str | None:
        if (text := self.value(name)) is not None:
            return text
        if (number := self.number(name)) is None:
            return None
        return size(number) if name in _SIZES else str(number)

    def _place(self, match: re.Match[str]) -> str:
        computed, names, default = match.groups()
        return self._computed[names](self) if computed else self.first(names, default or "")

    def _option(self, match: re.Match[str]) -> str:
        places = _PLACE.findall(match[1])
        return match[1] if all(self.fill_of(*place) for place in places) else ""

    def fill_of(self, computed: str, names: str, _default: str) -> str:
        """What a place of an optional part says without its default."""
        return self._computed[names](self) if computed else self.first(names, "")


Computed = Callable[[Words], str]


def shown(text: str) -> str:
    """The text on one line, without characters that could rearrange what stands around it."""
    return _CONTROLS.sub("\ufffd", text)


def withheld(name: str) -> str:
    """How a closed field is told."""
    word = _CALLED.get(name, name.replace("_", " ")) if not name.startswith("subject_") else "number"
    article = "an" if word[0] in "aeiou" else "a"
    return f"{article} {word} that was withheld"


def size(count: int) -> str:
    """A number of bytes as people read it, in powers of 1000."""
    if abs(count) < _STEP:
        return "1 byte" if count == 1 else f"{count} bytes"
    amount = float(count)
    for unit in _UNITS:
        if abs(amount) < _STEP or unit == _UNITS[-1]:
            break
        amount /= _STEP
    return f"{amount:.1f} {unit}"
