"""Byte ranges: which of them were sent, and what a Range header asks for (RFC 9110, section 14)."""

import re
from collections.abc import Iterable

Span = tuple[int, int]  # first and last byte, both included
_ONE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")  # longer ones are nonsense, and int() refuses the longest


class Unsatisfiable(ValueError):
    """No byte of the file lies in the range."""


def merged(spans: Iterable[Iterable[int]]) -> list[list[int]]:
    """Spans in order, with those that touch or overlap joined."""
    result: list[list[int]] = []
    for first, last in sorted((int(a), int(b)) for a, b in spans):
        if result and first <= result[-1][1] + 1:
            result[-1][1] = max(result[-1][1], last)
        else:
            result.append([first, last])
    return result


def covers(spans: list[list[int]], size: int) -> bool:
    """Whether merged spans hold every byte of a file of `size` bytes."""
    return size == 0 or spans == [[0, size - 1]]


def asked(header: str, size: int) -> Span | None:
    """The one range that a header asks for, or None where the whole file is the answer.

    Several ranges, another unit or nonsense are answered with the whole file, as RFC 9110 allows.
    Raises Unsatisfiable.
    """
    match = _ONE.fullmatch(header.strip().replace(" ", "")) if header else None
    if match is None or match[1] == match[2] == "":
        return None
    first, last = match[1], match[2]
    if first == "":
        if int(last) == 0 or size == 0:
            raise Unsatisfiable
        return max(0, size - int(last)), size - 1
    if last and int(last) < int(first):
        return None
    if int(first) >= size:
        raise Unsatisfiable
    return int(first), min(int(last), size - 1) if last else size - 1


def in_words(spans: list[list[int]], size: int) -> str:
    """What was sent, for a sentence: `all of it`, or the bytes."""
    if not spans:
        return "nothing"
    if size and covers(spans, size):
        return "all of it"
    told = ", ".join(f"{first:,}\N{EN DASH}{last:,}" for first, last in spans[:8])
    more = f" and {len(spans) - 8} more ranges" if len(spans) > 8 else ""
    return f"bytes {told}{more} of {size:,}" if size else f"bytes {told}{more}"
