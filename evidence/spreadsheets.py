"""Lists as CSV, for spreadsheets. A cell that a spreadsheet would run as a formula is given as text."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from django.http import HttpResponse

from evidence import portrait
from evidence.models import Item
from evidence.timelines import Line

ROWS_LIMIT = 10_000
# OWASP, CSV injection: a cell that begins with one of these is a formula to some spreadsheet.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # noqa: RUF001 - the full-width forms count too


def cell(value: object) -> str:
    """The value as text that no spreadsheet runs. Times are UTC."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_FORMULA) or text.lstrip().startswith(_FORMULA) else text


def items(name: str, found: Iterable[Item]) -> HttpResponse:
    """A list of items."""
    heads = [
        "Number",
        "Name",
        "Type",
        "State",
        "Bytes",
        "SHA-256",
        "Captured",
        "Captured clock",
        "Added (UTC)",
        "Added by",
    ]
    return answer(name, heads, (
        [one.number, one.name, *_sealed(one), one.added_at, one.added_by.name] for one in found
    ))  # fmt: skip


def custody(name: str, lines: Iterable[Line]) -> HttpResponse:
    """A custody timeline."""
    heads = ["At (UTC)", "What", "Event", "Class", "Outcome", "Agency", "Address", "Entry of the ledger", "Times"]
    return answer(name, heads, (
        [line.at, line.sentence, line.event, line.audit_class, line.outcome, line.who, line.address, line.leaf,
         line.folded]
        for line in lines
    ))  # fmt: skip


def _sealed(one: Item) -> list[object]:
    """Before the seal only name, state and progress are told."""
    if one.state != Item.State.SEALED:
        return ["", one.state, one.bytes, "", "", ""]
    return [one.kind, one.state, one.bytes, one.sha256, *portrait.captured(one.facts)]


def answer(name: str, heads: Sequence[str], rows: Iterable[Sequence[object]]) -> HttpResponse:
    """A CSV file (RFC 4180, UTF-8 with a mark, which spreadsheets need)."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(heads)
    writer.writerows([cell(value) for value in row] for row in rows)
    response = HttpResponse("\ufeff" + text.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response
