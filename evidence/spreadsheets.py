"""Lists as CSV, for spreadsheets. A cell that a spreadsheet would run as a formula is given as text."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from django.http import HttpResponse

ROWS_LIMIT = 10_000
# OWASP, CSV injection: a cell that begins with one of these is a formula to some spreadsheet.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # noqa: RUF001 - the full-width forms count too


def cell(value: object) -> str:
    """The value as text that no spreadsheet runs. Times are UTC."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_FORMULA) or text.lstrip().startswith(_FORMULA) else text


def answer(name: str, heads: Sequence[str], rows: Iterable[Sequence[object]]) -> HttpResponse:
    """A CSV file (RFC 4180, UTF-8 with a mark, which spreadsheets need)."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(heads)
    writer.writerows([cell(value) for value in row] for row in rows)
    response = HttpResponse("\ufeff" + text.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response
