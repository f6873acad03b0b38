"""A name for a file on this machine, made from one that a server gave. It is never believed."""

import re
import unicodedata
from pathlib import Path

MOST_BYTES = 180  # leaves room for what is added, below the 255 of every file system
_UNSAFE = re.compile(r'[\x00-\x1f\x7f-\x9f/\\:*?"<>|\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]')
_DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)  # Windows opens these as devices


def safe_name(given: object, fallback: str) -> str:
    """A name without path, controls or marks of direction, that hides nothing and opens no device."""
    text = unicodedata.normalize("NFC", given if isinstance(given, str) else "")
    text = text.encode("utf-8", "replace").decode("utf-8")
    text = _UNSAFE.sub("_", text).strip(" .")
    if not text or _DEVICES.fullmatch(text):
        text = f"{fallback}_{text}".rstrip("_")
    return _shortened(text)


def free_name(folder: Path, name: str, number: str) -> Path:
    """A path in the folder where nothing lies yet."""
    stem, dot, suffix = name.rpartition(".")
    stem, suffix = (stem, dot + suffix) if stem else (name, "")
    tries = [name, f"{stem} ({number}){suffix}", *(f"{stem} ({number}) {n}{suffix}" for n in range(2, 1000))]
    for path in (folder / one for one in tries):
        if not path.is_symlink() and not path.exists():
            return path
    raise FileExistsError(f"{folder / name} exists a thousand times.")


def _shortened(text: str) -> str:
    stem, dot, suffix = text.rpartition(".")
    end = dot + suffix if stem and len((dot + suffix).encode()) <= 20 else ""
    room = MOST_BYTES - len(end.encode())
    return text.removesuffix(end).encode()[:room].decode("utf-8", "ignore") + end
