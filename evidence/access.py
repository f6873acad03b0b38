"""Who may do what with which case or item: the one rule over grants, for all doors, lists, search and counts.

An act is allowed when the person's role holds the permission and one live grant that the person may use covers the
object with that action. docs/architecture.md tells the rule in words. Everything here takes the actor; a job counts as
the person it acts for; nobody else reaches anything.
"""

from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.errors import NotAllowed, NotVisible
from accounts.permissions import Permission, Role
from custody.actors import Actor
from evidence.models import Case, Filing, Grant, Item
from evidence.standing import PARTNERS, Standing, standing_of

# Grants on an agency reach its confidential cases for these roles only; grants on a unit never do.
_REACHES_CONFIDENTIAL = (Role.CUSTODIAN.value, Role.AUDITOR.value)
# What remains of an item in quarantine for everybody whose role does not end quarantines.
_IN_QUARANTINE = frozenset({Permission.ITEM_VIEW, Permission.CUSTODY_VIEW, Permission.CUSTODY_EXPORT})


def demand(actor: Actor, permission: Permission) -> None:
    """For acts without an object: the role alone decides. Raises NotAllowed."""
    if permission not in standing_of(actor).everything:
        raise NotAllowed


def visible_items(actor: Actor, permission: Permission = Permission.ITEM_VIEW) -> QuerySet[Item]:
    """The items with which the actor may do this."""
    standing = standing_of(actor)
    items = Item.objects.filter(_reached_items(_usable(standing, permission)))
    if permission in _IN_QUARANTINE or Permission.QUARANTINE_END in standing.everything:
        return items
    return items.exclude(state=Item.State.QUARANTINED)


def visible_cases(actor: Actor, permission: Permission = Permission.CASE_VIEW) -> QuerySet[Case]:
    """The cases with which the actor may do this."""
    return Case.objects.filter(_reached_cases(_usable(standing_of(actor), permission)))


def item_for(actor: Actor, item_id: UUID, permission: Permission, *, lock: bool = False) -> Item:
    """The item, if the actor may do this with it. Raises NotVisible or NotAllowed. `lock` needs a transaction."""
    items = Item.objects.select_for_update(of=("self",)) if lock else Item.objects.all()
    item = items.select_related("agency").filter(id=item_id).first()
    if item is None:
        raise NotVisible("item", item_id)
    allowed = actions_on_item(actor, item)
    if not allowed:
        raise NotVisible("item", item.id, item.agency_id)
    if permission not in allowed:
        raise NotAllowed("item", item.id, item.agency_id)
    return item


def case_for(actor: Actor, case_id: UUID, permission: Permission, *, lock: bool = False) -> Case:
    """The case, if the actor may do this with it. Raises NotVisible or NotAllowed. `lock` needs a transaction."""
    cases = Case.objects.select_for_update(of=("self",)) if lock else Case.objects.all()
    case = cases.select_related("agency", "lead", "unit").filter(id=case_id).first()
    if case is None:
        raise NotVisible("case", case_id)
    allowed = actions_on_case(actor, case)
    if not allowed:
        raise NotVisible("case", case.id, case.agency_id)
    if permission not in allowed:
        raise NotAllowed("case", case.id, case.agency_id)
    return case


def actions_on_item(actor: Actor, item: Item) -> frozenset[Permission]:
    """Everything that the actor may do with the item now."""
    standing = standing_of(actor)
    grants = Grant.objects.filter(_usable_by(standing), covers_item(item, filed_in(item)))
    found = frozenset[Permission]().union(*(standing.by(grant) for grant in grants))
    if item.state == Item.State.QUARANTINED and Permission.QUARANTINE_END not in found:
        return found & _IN_QUARANTINE
    return found


def actions_on_case(actor: Actor, case: Case) -> frozenset[Permission]:
    """Everything that the actor may do with the case now."""
    standing = standing_of(actor)
    grants = Grant.objects.filter(_usable_by(standing), _covers_case(case))
    return frozenset[Permission]().union(*(standing.by(grant) for grant in grants))


def grant_for(actor: Actor, item: Item, permission: Permission) -> Grant:
    """The live grant that allows this, the most generous first: without a download limit, then without a watermark.

    Raises NotAllowed when there is none.
    """
    standing = standing_of(actor)
    if permission in actions_on_item(actor, item):
        grants = Grant.objects.filter(
            _usable_by(standing), covers_item(item, filed_in(item)), actions__contains=[permission.value]
        )
        able = [grant for grant in grants if permission in standing.by(grant)]
        if able:
            return min(able, key=lambda grant: (_spent(grant), grant.download_limit is not None, grant.watermark))
    raise NotAllowed("item", item.id, item.agency_id)


def live() -> Q:
    """Grants that are in force now."""
    now = timezone.now()
    return Q(revoked_at=None, starts_at__lte=now) & (Q(ends_at=None) | Q(ends_at__gt=now))


def filed_in(item: Item) -> list[Case]:
    """The cases that the item is in now."""
    return list(Case.objects.filter(filings__item=item, filings__ended_at=None))


def covers_item(item: Item, cases: list[Case]) -> Q:
    """The grants that reach the item when it is filed in these cases."""
    covers = Q(on_item=item) | Q(on_case__in=cases) | Q(on_agency=item.agency_id, to_role__in=_REACHES_CONFIDENTIAL)
    if not item.confidential and not any(case.confidential for case in cases):
        units = [case.unit_id for case in cases if case.unit_id]
        covers |= Q(on_agency=item.agency_id) | Q(on_unit__in=units)
    return covers


def is_confidential(item: Item) -> bool:
    """An item is, when it or any of its cases is."""
    return item.confidential or Filing.objects.filter(item=item, ended_at=None, case__confidential=True).exists()


def _spent(grant: Grant) -> bool:
    return grant.download_limit is not None and grant.downloads >= grant.download_limit


def _usable_by(standing: Standing) -> Q:
    """Live grants given to the person, to its unit, or to its agency for what partners do there."""
    if standing.person is None:
        return Q(pk__in=[])
    roles = ["", *standing.holds]
    to = Q(to_person=standing.person)
    if standing.unit:
        to |= Q(to_unit=standing.unit)
    if standing.agency and PARTNERS & standing.holds.keys():
        to |= Q(to_agency=standing.agency)
    return live() & to & Q(to_role__in=roles)


def _usable(standing: Standing, permission: Permission) -> QuerySet[Grant]:
    """The grants that allow the permission: it is among their actions, and the role by which they are used holds it."""
    able = {role for role, held in standing.holds.items() if permission in held}
    to = (~Q(to_agency=None) & Q(to_role__in=["", *able])) if able & PARTNERS else Q(pk__in=[])
    if able:
        to |= Q(to_agency=None, to_role__in=["", *able])
    return Grant.objects.filter(_usable_by(standing), to, actions__contains=[permission.value])


def _reached_cases(grants: QuerySet[Grant]) -> Q:
    wide = grants.filter(to_role__in=_REACHES_CONFIDENTIAL)
    return (
        Q(id__in=grants.exclude(on_case=None).values("on_case"))
        | Q(agency__in=wide.exclude(on_agency=None).values("on_agency"))
        | Q(confidential=False, unit__in=grants.exclude(on_unit=None).values("on_unit"))
        | Q(confidential=False, agency__in=grants.exclude(on_agency=None).values("on_agency"))
    )


def _reached_items(grants: QuerySet[Grant]) -> Q:
    wide = grants.filter(to_role__in=_REACHES_CONFIDENTIAL)
    filed = Filing.objects.filter(ended_at=None)
    hidden = Q(confidential=True) | Q(id__in=filed.filter(case__confidential=True).values("item"))
    return (
        Q(id__in=grants.exclude(on_item=None).values("on_item"))
        | Q(id__in=filed.filter(case__in=grants.exclude(on_case=None).values("on_case")).values("item"))
        | Q(agency__in=wide.exclude(on_agency=None).values("on_agency"))
        | (
            ~hidden
            & (
                Q(agency__in=grants.exclude(on_agency=None).values("on_agency"))
                | Q(id__in=filed.filter(case__unit__in=grants.exclude(on_unit=None).values("on_unit")).values("item"))
            )
        )
    )


def _covers_case(case: Case) -> Q:
    covers = Q(on_case=case) | Q(on_agency=case.agency_id, to_role__in=_REACHES_CONFIDENTIAL)
    if not case.confidential:
        covers |= Q(on_agency=case.agency_id)
        if case.unit_id:
            covers |= Q(on_unit=case.unit_id)
    return covers
