"""Which people a set of cases lets see an item: what a move shows before it is made."""

from accounts.models import Person, RoleHeld
from accounts.permissions import HOLDS, Permission
from evidence import access
from evidence.models import Case, Grant, Item
from evidence.standing import PARTNERS

_SEES = frozenset(role.value for role, held in HOLDS.items() if Permission.ITEM_VIEW in held)


def people_who_see(item: Item, cases: list[Case], *, own: bool) -> set[str]:
    """The names of those who see the item when it is filed in these cases; `own`: with the uploader's own grant."""
    grants = Grant.objects.filter(
        access.live(), access.covers_item(item, cases), actions__contains=[Permission.ITEM_VIEW.value]
    )
    if not own:
        grants = grants.exclude(ground=Grant.Ground.OWN)
    return {name for grant in grants for name in _names(grant)}


def _names(grant: Grant) -> set[str]:
    roles = _SEES & {grant.to_role} if grant.to_role else _SEES
    if grant.to_agency_id:
        roles &= PARTNERS
    holders = RoleHeld.objects.filter(taken_at=None, role__in=roles).values("person")
    people = Person.objects.filter(disabled_at=None)
    if grant.to_person_id:
        people = people.filter(id=grant.to_person_id)
    elif grant.to_unit_id:
        people = people.filter(unit=grant.to_unit_id)
    else:
        people = people.filter(agency=grant.to_agency_id)
    able = people.filter(kind=Person.Kind.STAFF, id__in=holders) | people.filter(kind=Person.Kind.GUEST)
    return set(able.values_list("name", flat=True))
