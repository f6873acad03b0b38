"""Names of files as sources give them: kept as they came, and made safe for showing and for saving."""

import unicodedata
from urllib.parse import quote

NAME_BYTES = 255  # what Linux and macOS allow a file's name
_UNNAMED = "unnamed"
_REPLACED = "\N{REPLACEMENT CHARACTER}"


def decoded(raw: bytes) -> str:
    """Bytes of a header as text. What is no UTF-8 shows as replacement characters; the bytes themselves are kept."""
    return raw.decode("utf-8", errors="replace")


def safe(name: str) -> str:
    """A name that shows as one line in its own direction and can be saved in a folder.

    Control and formatting characters (newline, NUL, U+202E) become U+FFFD, and path separators `_`; a leading dot
    and a name of nothing but dots lose their meaning. At most 255 bytes of UTF-8, with the ending kept.
    """
    shown = "".join(_REPLACED if _hides(char) else char for char in unicodedata.normalize("NFC", name))
    shown = shown.replace("/", "_").replace("\\", "_").strip()
    if shown.strip(".") == "":
        return _UNNAMED
    if shown.startswith("."):
        shown = "_" + shown[1:]
    return _shortened(shown)


def safe_path(path: str) -> str:
    """A relative path with every step made safe; steps that lead up or nowhere are left out."""
    steps = [step for step in path.replace("\\", "/").split("/") if step.strip(". ")]
    return "/".join(safe(step) for step in steps)[:4096]


def disposition(name: str) -> str:
    """The Content-Disposition of an attachment (RFC 6266), with the name in ASCII and in UTF-8 (RFC 8187)."""
    plain = "".join(char if char.isascii() and char.isprintable() and char not in '"\\%' else "_" for char in name)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def _hides(char: str) -> bool:
    # Cc controls, Cf formatting such as bidirectional overrides, Cs lone surrogates, Zl and Zp line breaks. The two
    # joiners stay: Persian and emoji are spelled with them.
    return char not in "\N{ZERO WIDTH JOINER}\N{ZERO WIDTH NON-JOINER}" and unicodedata.category(char) in {
        "Cc",
        "Cf",
        "Cs",
        "Zl",
        "Zp",
    }


def _shortened(name: str) -> str:
    if len(name.encode()) <= NAME_BYTES:
        return name
    stem, dot, ending = name.rpartition(".")
    ending = f"{dot}{ending}" if dot and len(ending.encode()) <= 16 else ""
    kept = (stem if ending else name).encode()[: NAME_BYTES - len(ending.encode())]
    return kept.decode(errors="ignore") + ending
