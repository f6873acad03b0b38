"""What a verification proved, and in plain words what it didn't."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from verifier.entry import Entry
from verifier.events import say
from verifier.layout import Withheld, WithheldRule
from verifier.notes import Checkpoint
from verifier.words import shown

_WHY = {
    WithheldRule.OTHER_AGENCY: "the actor is of another agency",
    WithheldRule.NOT_COVERED: "the reader's access does not cover it",
    WithheldRule.BY_PERSON: "somebody decided so",
    WithheldRule.ERASED: "erased by a recorded order",
}


def counted(number: int, one: str = "entry", more: str = "entries") -> str:
    """The number with its noun."""
    return f"{number} {one if number == 1 else more}"


@dataclass(frozen=True, slots=True)
class OpenEntry:
    """An entry of the bundle, proven, with the values of the fields that the bundle opens."""

    leaf: int
    entry: Entry
    openings: Mapping[str, str]

    def sentence(self) -> str:
        """What happened, in plain words."""
        return say(self.entry, self.openings)

    def subject(self, position: int) -> tuple[str, UUID | None]:
        """Kind and id of a subject, its id from the opening where it doesn't stand open."""
        kind, subject_id = self.entry.subjects[position]
        opened = self.openings.get(f"subject_{position}")
        try:
            return kind, subject_id or (UUID(opened) if opened else None)
        except ValueError:
            return kind, None


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """A file whose bytes are those that were sealed."""

    file: str
    item: str
    sha256: str
    sealed_at: datetime


@dataclass(frozen=True, slots=True)
class Verified:
    """The outcome of the recipe. It exists only when every step passed."""

    scope: tuple[tuple[str, UUID], ...]
    checkpoint: Checkpoint
    key_came_with_bundle: bool
    entries: tuple[OpenEntry, ...]
    leaf_only: int
    latecomers: int
    withheld: tuple[Withheld, ...]
    as_of: datetime
    timestamps: int
    files: tuple[CheckedFile, ...]

    def statements(self) -> list[str]:
        """What was proven, a sentence each."""
        signed = f"{shown(self.checkpoint.origin)} over {counted(self.checkpoint.size)}"
        shares = f"{counted(len(self.entries) + self.leaf_only)}, {len(self.entries)} of them readable and unchanged"
        said = [
            f"The checkpoint of the log {signed} is signed by the key.",
            f"The bundle holds {shares}; all are in that log and follow each other without a gap.",
            f"The record of {self._scope()} is complete as of {self.as_of:%Y-%m-%d %H:%M:%S} UTC.",
        ]
        said += [
            f"{shown(one.file)} is the file that was sealed as {one.item} on {one.sealed_at:%Y-%m-%d %H:%M:%S} UTC "
            f"(SHA-256 {one.sha256})."
            for one in self.files
        ]
        return said

    def cautions(self) -> list[str]:
        """What wasn't proven, a sentence each."""
        said = [] if self.files else ["The file itself was not checked."]
        if self.key_came_with_bundle:
            said.append("The key came with the bundle: integrity, not origin.")
        if self.leaf_only:
            late = f" ({self.latecomers} written while the bundle was made)" if self.latecomers else ""
            said.append(f"Counted only, without content: {counted(self.leaf_only)}{late}.")
        groups = Counter((one.rule, one.by) for one in self.withheld)
        said += [
            f"Withheld by {shown(by)}, {_WHY[rule]}: {counted(n, 'field', 'fields')}."
            for (rule, by), n in groups.items()
        ]
        said.append("The times are those of the log's own clock.")
        if self.timestamps:
            said.append(f"{self.timestamps} timestamps of outside authorities were not checked.")
        return said

    def _scope(self) -> str:
        return ", ".join(f"{shown(kind)} {subject}" for kind, subject in self.scope)
