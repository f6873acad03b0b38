"""Who works on a case: membership is a grant on it, at one of three levels."""

from collections.abc import Iterable
from enum import StrEnum
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from uuid_utils.compat import uuid7

from accounts import notices
from accounts.models import Person
from accounts.permissions import Permission
from custody.actors import Actor
from custody.recording import Subject, record
from evidence import access
from evidence.errors import LeadStays, NoSuchPerson, NotMember
from evidence.models import Case, Grant
from verifier.events import Event


class Level(StrEnum):
    """How much a member may do. Each holds what the one before holds; the role still decides what of it is used."""

    VIEW = "view"
    WORK = "work"
    LEAD = "lead"


_P = Permission
_VIEW = frozenset({_P.CASE_VIEW, _P.ITEM_VIEW, _P.ITEM_PLAY, _P.CUSTODY_VIEW})
_WORK = _VIEW | {
    _P.CASE_FILE, _P.ITEM_DESCRIBE, _P.ITEM_MOVE, _P.ITEM_DOWNLOAD, _P.ITEM_PROCESS, _P.CUSTODY_EXPORT,
}  # fmt: skip
ACTIONS: dict[Level, frozenset[Permission]] = {
    Level.VIEW: _VIEW,
    Level.WORK: _WORK,
    Level.LEAD: _WORK | {_P.CASE_EDIT, _P.CASE_CLOSE, _P.CASE_PEOPLE, _P.ITEM_SHARE},
}
SAYS: dict[Level, str] = {
    Level.VIEW: "sees and plays",
    Level.WORK: "adds, describes, downloads and moves",
    Level.LEAD: "leads: changes the case and its people too",
}


def level_of(grant: Grant) -> Level:
    """The level whose actions the grant holds."""
    held = set(grant.actions)
    return next(level for level in reversed(Level) if ACTIONS[level] <= held or level is Level.VIEW)


def members_of(case: Case) -> list[Grant]:
    """The live memberships of a case, by name. Whoever calls has fetched the case through `evidence.access`."""
    grants = Grant.objects.filter(access.live(), on_case=case, ground=Grant.Ground.MEMBERSHIP)
    return list(grants.select_related("to_person", "to_person__unit").order_by("to_person__name", "id"))


def member(case: Case, person_id: UUID) -> Grant:
    """The live membership of one person. Raises NotMember."""
    for grant in members_of(case):
        if grant.to_person_id == person_id:
            return grant
    raise NotMember(person="This person", number=case.number)


def add_member(actor: Actor, case_id: UUID, person_id: UUID, level: Level) -> Grant:
    """Add a person of the case's agency, or change the level of a member.

    Raises NotVisible, NotAllowed, NoSuchPerson, LeadStays (the lead is a member who leads).
    """
    with transaction.atomic():
        case = access.case_for(actor, case_id, Permission.CASE_PEOPLE, lock=True)
        person = Person.objects.filter(
            id=person_id, agency=case.agency, kind=Person.Kind.STAFF, disabled_at=None
        ).first()  # fmt: skip
        if person is None:
            raise NoSuchPerson(agency=case.agency.name)
        if person.id == case.lead_id and level is not Level.LEAD:
            raise LeadStays(person=person.name)
        grant = give(actor, case, person, level)
        _record(actor, Event.CASE_MEMBER_ADDED, case, person, level)
        if person.id != actor.id:
            text = f"{actor.name} added you to {case.number}, {case.title}."
            notices.tell(person.id, "case.member-added", text, reverse("case", args=[case.id]))
    return grant


def remove_member(actor: Actor, case_id: UUID, person_id: UUID) -> None:
    """End a membership, and with it what it reached. Raises NotVisible, NotAllowed, LeadStays, NotMember."""
    with transaction.atomic():
        case = access.case_for(actor, case_id, Permission.CASE_PEOPLE, lock=True)
        person = Person.objects.filter(id=person_id, agency=case.agency).first()
        if person is None:
            raise NoSuchPerson(agency=case.agency.name)
        if person.id == case.lead_id:
            raise LeadStays(person=person.name)
        held = _memberships(case, person)
        if not held.exists():
            raise NotMember(person=person.name, number=case.number)
        held.update(revoked_at=timezone.now())
        _record(actor, Event.CASE_MEMBER_REMOVED, case, person, None)
        if person.id != actor.id:
            notices.tell(person.id, "case.member-removed", f"{actor.name} took you off {case.number}, {case.title}.")


def give(actor: Actor, case: Case, person: Person, level: Level) -> Grant:
    """Write the membership grant in place of an older one. For rules that write their own entry; needs a transaction."""
    _memberships(case, person).update(revoked_at=timezone.now())
    return Grant.objects.create(
        id=uuid7(), to_person=person, on_case=case, actions=sorted(ACTIONS[level]), given_by=actor.id,
        ground=Grant.Ground.MEMBERSHIP,
    )  # fmt: skip


def addable(actor: Actor, case_id: UUID, words: str) -> Iterable[Person]:
    """People of the case's agency whose name or address begins with or holds the words; ten at most."""
    case = access.case_for(actor, case_id, Permission.CASE_PEOPLE)
    people = Person.objects.filter(agency=case.agency, kind=Person.Kind.STAFF, disabled_at=None)
    for word in words.split()[:5]:
        people = people.filter(Q(name__icontains=word) | Q(email__icontains=word))
    return people.select_related("unit").order_by("name")[:10] if words.strip() else people.none()


def _memberships(case: Case, person: Person) -> QuerySet[Grant]:
    return Grant.objects.filter(on_case=case, to_person=person, ground=Grant.Ground.MEMBERSHIP, revoked_at=None)


def _record(actor: Actor, event: Event, case: Case, person: Person, level: Level | None) -> None:
    fields = {"case_number": case.number, "title": case.title, "person": person.name}
    if level:
        fields["role"] = level.value
    subjects = [Subject("case", case.id), Subject("person", person.id)]
    record(actor, event, owner=case.agency_id, subjects=subjects, fields=fields)
