"""Opening, changing, closing and reopening cases."""

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from uuid_utils.compat import uuid7

from accounts.errors import NotVisible
from accounts.models import Person, Unit
from accounts.permissions import Permission
from custody.actors import Actor
from custody.recording import Subject, record
from evidence import access, members, numbers, search
from evidence.errors import CaseClosed, CaseOpen, NeedsReason, NeedsText, NoSuchPerson
from evidence.models import Case
from evidence.standing import person_of
from verifier.events import Event

TITLE_LIMIT, REASON_LIMIT = 200, 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What to change of a case; None leaves it as it is."""

    title: str | None = None
    summary: str | None = None
    lead: UUID | None = None
    unit: UUID | None = None
    confidential: bool | None = None


def open_case(
    actor: Actor, *, title: str, summary: str = "", lead: UUID | None = None, unit: UUID | None = None,
    confidential: bool = False, number: str = "",
) -> Case:  # fmt: skip
    """Open a case of the actor's agency. Who opens it and its lead (the same, if none is named) are members who lead.

    Without `unit` it is the lead's; without `number` it gets the next one (doors give none).
    Raises NotAllowed, NoSuchPerson, NotVisible (the unit), NeedsText.
    """
    access.demand(actor, Permission.CASE_OPEN)
    with transaction.atomic():
        opener = Person.objects.select_related("agency").get(id=person_of(actor))
        if opener.agency is None:
            raise NoSuchPerson(agency="an agency")
        leader = _person(opener.agency_id, lead, opener.agency.name) if lead else opener
        case = Case.objects.create(
            id=uuid7(), agency=opener.agency, number=number or numbers.next_case(opener.agency), title=_title(title),
            summary=summary.strip(), opened_by=opener, lead=leader, confidential=confidential,
            unit=_unit(opener.agency_id, unit) if unit else leader.unit,
        )  # fmt: skip
        for person in {opener.id: opener, leader.id: leader}.values():
            members.give(actor, case, person, members.Level.LEAD)
        _record(actor, Event.CASE_OPENED, case, person=leader.name)
    return case


def change(actor: Actor, case_id: UUID, changes: Changes) -> Case:
    """Change what a case says. A new lead becomes a member who leads. Nothing changed writes nothing."""
    with transaction.atomic():
        case = access.case_for(actor, case_id, Permission.CASE_EDIT, lock=True)
        said = _apply(actor, case, changes)
        if said:
            case.touched_at = timezone.now()
            case.save()
            search.index_case(case)
            _record(actor, Event.CASE_CHANGED, case, changed="; ".join(said))
    return case


def close(actor: Actor, case_id: UUID, reason: str) -> Case:
    """Close a case: nothing is added to it from now on. Raises NotVisible, NotAllowed, CaseClosed, NeedsReason."""
    with transaction.atomic():
        case = access.case_for(actor, case_id, Permission.CASE_CLOSE, lock=True)
        if case.closed_at:
            raise CaseClosed(number=case.number)
        case.closed_at = case.touched_at = timezone.now()
        case.save(update_fields=["closed_at", "touched_at"])
        _record(actor, Event.CASE_CLOSED, case, reason=needed_reason(reason))
    return case


def reopen(actor: Actor, case_id: UUID, reason: str) -> Case:
    """Open a closed case again. Raises NotVisible, NotAllowed, CaseOpen, NeedsReason."""
    with transaction.atomic():
        case = access.case_for(actor, case_id, Permission.CASE_CLOSE, lock=True)
        if not case.closed_at:
            raise CaseOpen(number=case.number)
        case.closed_at, case.touched_at = None, timezone.now()
        case.save(update_fields=["closed_at", "touched_at"])
        _record(actor, Event.CASE_REOPENED, case, reason=needed_reason(reason))
    return case


def needed_reason(reason: str) -> str:
    """The reason, tidied and cut to what a line holds. Raises NeedsReason when there is none."""
    tidied = " ".join(reason.split())[:REASON_LIMIT]
    if not tidied:
        raise NeedsReason
    return tidied


def _apply(actor: Actor, case: Case, changes: Changes) -> list[str]:
    """Set what differs; returns what changed in plain words, for the ledger."""
    said = []
    if changes.title is not None and (title := _title(changes.title)) != case.title:
        said.append(f"title from “{case.title}” to “{title}”")
        case.title = title
    if changes.summary is not None and (summary := changes.summary.strip()) != case.summary:
        said.append("summary")
        case.summary = summary
    if changes.lead is not None and changes.lead != case.lead_id:
        leader = _person(case.agency_id, changes.lead, case.agency.name)
        said.append(f"lead from {case.lead.name} to {leader.name}")
        case.lead = leader
        members.give(actor, case, leader, members.Level.LEAD)
    if changes.unit is not None and changes.unit != case.unit_id:
        unit = _unit(case.agency_id, changes.unit)
        said.append(f"unit from {case.unit.name if case.unit else 'none'} to {unit.name}")
        case.unit = unit
    if changes.confidential is not None and changes.confidential != case.confidential:
        said.append("made confidential" if changes.confidential else "no longer confidential")
        case.confidential = changes.confidential
    return said


def _title(title: str) -> str:
    tidied = " ".join(title.split())
    if not 1 <= len(tidied) <= TITLE_LIMIT:
        raise NeedsText(what="The title", limit=TITLE_LIMIT)
    return tidied


def _person(agency_id: UUID | None, person_id: UUID, agency_name: str) -> Person:
    found = Person.objects.filter(
        id=person_id, agency=agency_id, kind=Person.Kind.STAFF, disabled_at=None
    ).first()  # fmt: skip
    if found is None:
        raise NoSuchPerson(agency=agency_name)
    return found


def _unit(agency_id: UUID | None, unit_id: UUID) -> Unit:
    found = Unit.objects.filter(id=unit_id, agency=agency_id).first()
    if found is None:
        raise NotVisible("unit", unit_id)
    return found


def _record(actor: Actor, event: Event, case: Case, **fields: str) -> None:
    told = {"case_number": case.number, "number": case.number, "title": case.title, **fields}
    record(actor, event, owner=case.agency_id, subjects=[Subject("case", case.id)], fields=told)
