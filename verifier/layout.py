"""What a bundle consists of: the names of its files, their limits, and why a field may stay closed."""

import re
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

FORMAT = "proofroom/bundle/v1"
MANIFEST, LEAVES, OPENINGS, PROOFS = "bundle.json", "leaves.jsonl", "openings.jsonl", "proofs.jsonl"
ENTRY_NAME = re.compile(r"entries/(0|[1-9][0-9]{0,15})\.json")
TIMESTAMP_NAME = re.compile(r"timestamps/[A-Za-z0-9][A-Za-z0-9._-]{0,100}\.tsr")
FILE_NAME = re.compile(r"files/[^/\\\x00-\x1f\x7f]{1,255}")
FOLDERS = frozenset({"entries/", "timestamps/", "files/"})

# Far above any real bundle, far below what fills a machine: a ZIP of kilobytes can unpack to terabytes.
MOST_MANIFEST_BYTES = 128 * 1024 * 1024
MOST_LINES_BYTES = 4 * 1024 * 1024 * 1024
MOST_LINE_BYTES = 512 * 1024
MOST_LEAVES = 2_000_000


class WithheldRule(StrEnum):
    """Why a digest isn't opened."""

    OTHER_AGENCY = "other-agency"  # the actor side, for readers of another agency
    NOT_COVERED = "not-covered"  # it is about something that the reader has no access to
    BY_PERSON = "by-person"  # somebody decided so
    ERASED = "erased"  # the opening exists no more, by a recorded order


class Withheld(NamedTuple):
    """One digest that the bundle doesn't open. `by` names who withheld it: the exporting person, or who ordered it."""

    entry: UUID
    name: str
    rule: WithheldRule
    by: str

    def to_json(self) -> dict[str, str]:
        """As it stands in bundle.json and is hashed."""
        return {"entry": str(self.entry), "name": self.name, "rule": self.rule.value, "by": self.by}


def entry_member(leaf: int) -> str:
    """The file of one entry."""
    return f"entries/{leaf}.json"
