"""Reading the environment."""

import os


class Missing(Exception):
    """A variable without which nothing starts."""


def text(name: str, default: str | None = None) -> str:
    """The variable as text. Without a default it must be set; raises Missing."""
    value = os.environ.get(name, default)
    if value is None:
        raise Missing(f"{name} is not set. bin/run and bin/manage set it; see docs/operations.md.")
    return value


def flag(name: str) -> bool:
    """True for 1, false for empty, 0 or unset."""
    return text(name, "0") == "1"


def number(name: str, default: int) -> int:
    """The variable as an integer."""
    return int(text(name, str(default)))


def words(name: str, default: str) -> list[str]:
    """The variable as a list of words parted by white space."""
    return text(name, default).split()
