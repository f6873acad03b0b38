"""Numbers of cases and items. A number is given once and leads to the same thing for ever.

RPD-2026-00017 is a case, RPD-2026-00017-012 an item in it, RPD-2026-U-000123 an item without a case. The year is that
of the agency's own clock.
"""

from zoneinfo import ZoneInfo

from django.db.models import Q
from django.utils import timezone

from accounts.models import Agency
from evidence.models import Case, NumberCounter

_CASES, _UNCATEGORISED = "C", "U"


def next_case(agency: Agency) -> str:
    """The next case number of the agency. Needs a transaction: its end frees the counter, its rollback the number."""
    year, number = _count(agency, _CASES)
    return f"{agency.prefix}-{year}-{number:05d}"


def next_uncategorised(agency: Agency) -> str:
    """The next number for an item without a case. Needs a transaction."""
    year, number = _count(agency, _UNCATEGORISED)
    return f"{agency.prefix}-{year}-U-{number:06d}"


def next_item(case: Case) -> str:
    """The next item number in a case. Needs a transaction; the case's row is locked until its end."""
    locked = Case.objects.select_for_update(of=("self",)).get(id=case.id)
    number, locked.next_item = locked.next_item, locked.next_item + 1
    locked.save(update_fields=["next_item"])
    case.next_item = locked.next_item
    return f"{case.number}-{number:03d}"


def numbered(number: str) -> Q:
    """The items that have or had this number."""
    return Q(number__iexact=number) | Q(aliases__number__iexact=number)


def _count(agency: Agency, series: str) -> tuple[int, int]:
    year = timezone.now().astimezone(ZoneInfo(agency.zone)).year
    NumberCounter.objects.get_or_create(agency=agency, series=series, year=year)
    counter = NumberCounter.objects.select_for_update().get(agency=agency, series=series, year=year)
    number, counter.next = counter.next, counter.next + 1
    counter.save(update_fields=["next"])
    return year, number
