"""Telling a person something, until it is read."""

from collections.abc import Iterable
from uuid import UUID

from django.utils import timezone
from uuid_utils.compat import uuid7

from accounts.models import Notice, Person, RoleHeld
from accounts.permissions import HOLDS, Permission


def tell(person_id: UUID, kind: str, text: str, url: str = "") -> Notice:
    """Write a notice, in the transaction of what it tells."""
    return Notice.objects.create(id=uuid7(), person_id=person_id, kind=kind, text=text[:400], url=url)


def tell_holders(agency_id: UUID | None, permission: Permission, kind: str, text: str, url: str = "") -> None:
    """Tell everybody in an agency whose role holds the permission."""
    if agency_id is None:
        return
    roles = [role.value for role, held in HOLDS.items() if permission in held]
    holders = RoleHeld.objects.filter(
        person__agency_id=agency_id, person__disabled_at=None, role__in=roles, taken_at=None
    )
    tell_each(set(holders.values_list("person_id", flat=True)), kind, text, url)


def tell_each(people: Iterable[UUID], kind: str, text: str, url: str = "") -> None:
    """Tell several the same."""
    Notice.objects.bulk_create(
        Notice(id=uuid7(), person_id=person_id, kind=kind, text=text[:400], url=url) for person_id in people
    )


def unread_count(person: Person) -> int:
    """How many notices wait; 99 at the most."""
    return Notice.objects.filter(person=person, read_at=None)[:99].count()


def mark_read(person: Person, notice_id: UUID | None = None) -> None:
    """Mark one of the own notices, or all of them, as read."""
    mine = Notice.objects.filter(person=person, read_at=None)
    if notice_id is not None:
        mine = mine.filter(id=notice_id)
    mine.update(read_at=timezone.now())
