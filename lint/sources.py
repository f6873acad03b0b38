"""The files of the repository and what each is."""

import ast
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath

ROOT = Path(__file__).resolve().parent.parent
FLOORS = {"accounts", "audit", "config", "custody", "evidence", "home", "jobs", "sharing", "store", "vault", "verifier"}


@dataclass(frozen=True)
class Problem:
    """What is wrong and where."""

    path: str
    line: int
    says: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.says}"


@dataclass(frozen=True)
class Source:
    """One file, by its path in the repository."""

    path: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        """The file as Python."""
        return ast.parse(self.text)

    @property
    def parts(self) -> tuple[str, ...]:
        """The folders and the name."""
        return PurePosixPath(self.path).parts

    @property
    def is_ours(self) -> bool:
        """Whether it belongs to the service: not a test, a tool or the client."""
        return self.parts[0] in FLOORS and "migrations" not in self.parts

    @property
    def is_door(self) -> bool:
        """Pages, API, tasks and commands: they call a rule and hold none."""
        folders, name = self.parts[:-1], self.parts[-1]
        named = name in {"views.py", "api.py", "tasks.py", "pages.py"}
        return self.is_ours and (named or bool({"views", "api", "commands"} & set(folders)))

    def problem(self, node: ast.AST | int, says: str) -> Problem:
        """Something wrong at a node or a line."""
        return Problem(self.path, node if isinstance(node, int) else getattr(node, "lineno", 1), says)


def sources(*suffixes: str) -> Iterator[Source]:
    """Every file of the repository with such an ending, committed or about to be."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    for path in sorted(filter(None, listed.split("\0"))):
        if path.endswith(suffixes) and (ROOT / path).is_file():
            yield Source(path, (ROOT / path).read_text())
