"""Pages of a list by keyset: no offset, so that a page does not shift when rows arrive."""

import base64
import json
from datetime import datetime
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import DataError
from django.db.models import Model, Q, QuerySet

from accounts.errors import BadInput

M = TypeVar("M", bound=Model)


def _value(row: Model, path: str) -> str | int | None:
    found: Any = row
    for name in path.split("__"):
        found = getattr(found, name)
    if isinstance(found, datetime):
        return found.isoformat()
    return found if isinstance(found, int) else str(found)


def _cursor(row: Model, order: tuple[str, ...]) -> str:
    values = [_value(row, field.removeprefix("-")) for field in order]
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


def _after(cursor: str, order: tuple[str, ...]) -> Q:
    values = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    if not isinstance(values, list) or [isinstance(one, str | int) for one in values] != [True] * len(order):
        raise ValueError(cursor)
    after = Q()
    for at, field in enumerate(order):
        equal = Q(**{name.removeprefix("-"): values[i] for i, name in enumerate(order[:at])})
        lookup = f"{field.removeprefix('-')}__{'lt' if field.startswith('-') else 'gt'}"
        after |= equal & Q(**{lookup: values[at]})
    return after


def page_of(found: QuerySet[M], cursor: str, *, order: tuple[str, ...], size: int = 50) -> tuple[list[M], str]:
    """One page, and the cursor of the next ("" when this is the last).

    `order` names columns without nulls, the last of them unique: `("-added_at", "-id")`. Raises BadInput.
    """
    try:
        if cursor:
            found = found.filter(_after(cursor, order))
        rows = list(found.order_by(*order)[: size + 1])
    except (ValueError, TypeError, OverflowError, RecursionError, ValidationError, DataError) as error:
        raise BadInput("This cursor is not one of ours. Start again from the first page.") from error
    return rows[:size], _cursor(rows[size - 1], order) if len(rows) > size else ""
