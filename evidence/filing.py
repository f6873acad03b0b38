"""Which cases an item is filed in, and moving it when it was filed in the wrong one."""

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from uuid_utils.compat import uuid7

from accounts.errors import NotAllowed, NotVisible
from accounts.models import Person
from accounts.permissions import Permission
from custody.actors import Actor
from custody.recording import Subject, record
from evidence import access, numbers, reach, search
from evidence.about import about
from evidence.cases import needed_reason
from evidence.errors import CaseClosed, FiledAlready, HomeStays, NoSuchCase, NotFiled, OtherAgency
from evidence.models import Case, Filing, Grant, Item, ItemAlias
from evidence.standing import person_of
from verifier.events import Event

_P = Permission
# What a person may do with the own upload while it is in no case.
_OWN = frozenset({
    _P.ITEM_VIEW, _P.ITEM_DESCRIBE, _P.ITEM_MOVE, _P.ITEM_PLAY, _P.ITEM_DOWNLOAD, _P.ITEM_PROCESS, _P.CUSTODY_VIEW,
    _P.CUSTODY_EXPORT,
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Move:
    """What moving an item would do: its number there, and who gains and who loses access to it, by name."""

    item: Item
    case: Case
    left: Case | None
    gain: list[str]
    lose: list[str]


def new_item(actor: Actor, person: Person, name: str, case: Case | None) -> Item:
    """An item in `receiving` with number, filing and grants. For intake, which writes the entry.

    Needs an open transaction. `case` was fetched with Permission.CASE_FILE; without one the person's role must hold
    ITEM_ADD. Raises CaseClosed, NotAllowed.
    """
    _demand_transaction()
    if case is None:
        access.demand(actor, Permission.ITEM_ADD)
    agency = case.agency if case else person.agency
    if agency is None:
        raise NotAllowed
    number = _number_in(case) if case else numbers.next_uncategorised(agency)
    item = Item.objects.create(id=uuid7(), agency=agency, number=number, name=name, added_by=person)
    if case:
        _file(actor, item, case, home=True)
    else:
        Grant.objects.create(
            id=uuid7(), to_person=person, on_item=item, actions=sorted(_OWN), ground=Grant.Ground.OWN,
            given_by=person.id,
        )  # fmt: skip
    search.index(item)
    return item


def file(actor: Actor, item_id: UUID, case_id: UUID, *, act: UUID | None = None) -> Filing:
    """Put an item into one more case. The first case of an uncategorised item is its home, with a number there.

    Raises NotVisible, NotAllowed, CaseClosed, OtherAgency, FiledAlready.
    """
    with transaction.atomic():
        item = access.item_for(actor, item_id, Permission.ITEM_MOVE, lock=True)
        case = _open_case_for(actor, case_id, item)
        if Filing.objects.filter(item=item, case=case, ended_at=None).exists():
            raise FiledAlready(item=item.number, number=case.number)
        home = not Filing.objects.filter(item=item, ended_at=None).exists()
        if home:
            _renumber(item, case)
        filing = _file(actor, item, case, home=home)
        search.index(item)
        _record(actor, Event.ITEM_FILED, item, case, act)
    return filing


def unfile(actor: Actor, item_id: UUID, case_id: UUID, reason: str) -> None:
    """Take an item out of a case that is not its home. Raises NotVisible, NotAllowed, NotFiled, HomeStays."""
    with transaction.atomic():
        item = access.item_for(actor, item_id, Permission.ITEM_MOVE, lock=True)
        case = access.case_for(actor, case_id, Permission.CASE_FILE)
        filing = Filing.objects.filter(item=item, case=case, ended_at=None).first()
        if filing is None:
            raise NotFiled(item=item.number, number=case.number)
        if filing.home:
            raise HomeStays(item=item.number, number=case.number)
        subjects = about(item)
        filing.ended_at = timezone.now()
        filing.save(update_fields=["ended_at"])
        search.index(item)
        record(
            actor, Event.ITEM_UNFILED, owner=item.agency_id, subjects=subjects,
            fields=_fields(item, case) | {"reason": needed_reason(reason)},
        )  # fmt: skip


def move(actor: Actor, item_id: UUID, *, to: UUID, reason: str, act: UUID | None = None) -> Item:
    """Move an item to another case of its agency, as its new home. The old number stays an alias for ever.

    Raises NotVisible, NotAllowed, CaseClosed, OtherAgency, FiledAlready, NeedsReason.
    """
    with transaction.atomic():
        item = access.item_for(actor, item_id, Permission.ITEM_MOVE, lock=True)
        case = _open_case_for(actor, to, item)
        home = Filing.objects.filter(item=item, home=True, ended_at=None).select_related("case").first()
        if home and home.case_id == case.id:
            raise FiledAlready(item=item.number, number=case.number)
        subjects, before = about(item), item.number
        if home:
            home.ended_at = timezone.now()
            home.save(update_fields=["ended_at"])
        Filing.objects.filter(item=item, case=case, ended_at=None).update(ended_at=timezone.now())
        _renumber(item, case)
        _file(actor, item, case, home=True)
        search.index(item)
        fields = _fields(item, case) | {
            "from_number": before, "to_number": item.number, "reason": needed_reason(reason),
        }  # fmt: skip
        _with_case(subjects, case)
        record(actor, Event.ITEM_MOVED, owner=item.agency_id, subjects=subjects, fields=fields, act=act)
    return item


def before_move(actor: Actor, item_id: UUID, to: UUID) -> Move:
    """Who would gain and who would lose access. Raises as `move` does, but for the reason."""
    item = access.item_for(actor, item_id, Permission.ITEM_MOVE)
    case = _open_case_for(actor, to, item)
    cases = list(Case.objects.filter(filings__item=item, filings__ended_at=None))
    home = Case.objects.filter(filings__item=item, filings__ended_at=None, filings__home=True).first()
    stays = [one for one in cases if one not in (home, case)]
    now = reach.people_who_see(item, cases, own=True)
    then = reach.people_who_see(item, [*stays, case], own=False)
    return Move(item, case, home, sorted(then - now), sorted(now - then))


def cases_of(actor: Actor, item: Item) -> list[Filing]:
    """The item's live filings in cases that the actor may see, its home first."""
    filings = Filing.objects.filter(item=item, ended_at=None, case__in=access.visible_cases(actor))
    return list(filings.select_related("case").order_by("-home", "filed_at"))


def fileable(actor: Actor) -> QuerySet[Case]:
    """The open cases that the actor may put items into, the last touched first."""
    return access.visible_cases(actor, Permission.CASE_FILE).filter(closed_at=None).order_by("-touched_at")


def case_named(actor: Actor, named: str) -> Case:
    """The case with this number or id that the actor may put items into. Raises NoSuchCase, CaseClosed, NotAllowed."""
    number = named.replace("\0", "").strip()[:60]
    case_id = Case.objects.filter(number__iexact=number).values_list("id", flat=True).first()
    try:
        case = access.case_for(actor, case_id or UUID(number), Permission.CASE_FILE)
    except ValueError:
        raise NoSuchCase(number) from None
    except NotVisible as hidden:
        raise NoSuchCase(number, hidden.object_id, hidden.owner) from None
    if case.closed_at:
        raise CaseClosed(number=case.number)
    return case


def _open_case_for(actor: Actor, case_id: UUID, item: Item) -> Case:
    case = access.case_for(actor, case_id, Permission.CASE_FILE)
    if case.closed_at:
        raise CaseClosed(number=case.number)
    if case.agency_id != item.agency_id:
        raise OtherAgency(item=item.number, number=case.number)
    return case


def _number_in(case: Case) -> str:
    """Lock the case, so that it can't be closed meanwhile, and take its next item number."""
    number = numbers.next_item(case)
    if Case.objects.filter(id=case.id).exclude(closed_at=None).exists():
        raise CaseClosed(number=case.number)
    return number


def _renumber(item: Item, case: Case) -> None:
    ItemAlias.objects.create(number=item.number, item=item)
    item.number = _number_in(case)
    item.save(update_fields=["number"])


def _file(actor: Actor, item: Item, case: Case, *, home: bool) -> Filing:
    Case.objects.filter(id=case.id).update(touched_at=timezone.now())
    if home:
        # What an uploader may do without a case ends with the first case, whose members answer for the item then.
        Grant.objects.filter(on_item=item, ground=Grant.Ground.OWN, revoked_at=None).update(revoked_at=timezone.now())
    return Filing.objects.create(id=uuid7(), item=item, case=case, home=home, filed_by_id=person_of(actor))


def _fields(item: Item, case: Case) -> dict[str, str]:
    return {"number": item.number, "name": item.name, "case_number": case.number, "title": case.title}


def _with_case(subjects: list[Subject], case: Case) -> None:
    if Subject("case", case.id) not in subjects:
        subjects.append(Subject("case", case.id))


def _record(actor: Actor, event: Event, item: Item, case: Case, act: UUID | None) -> None:
    record(actor, event, owner=item.agency_id, subjects=about(item), fields=_fields(item, case), act=act)


def _demand_transaction() -> None:
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("an item is made in the transaction that tells of it")
