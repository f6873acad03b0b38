"""Opening, changing and closing cases, and who is on them."""

import pytest

from accounts.errors import NotAllowed, NotVisible
from accounts.models import Notice
from custody.actors import Actor
from evidence import access, cases, members
from evidence.errors import CaseClosed, CaseOpen, LeadStays, NeedsReason, NeedsText, NoSuchPerson, NotMember
from evidence.models import Case, Grant
from evidence.standing import person_of as id_of
from tests.evidence.conftest import at_once, entries, said


def levels(case: Case) -> dict[str, str]:
    return {str(grant.to_person): members.level_of(grant).value for grant in members.members_of(case)}


def test_a_case_gets_the_agencys_next_number(alice: Actor, lena: Actor) -> None:
    opened = [cases.open_case(who, title="A case").number for who in (alice, alice, lena)]
    assert [number[:3] + number[8:] for number in opened] == ["RPD-00001", "RPD-00002", "LCS-00001"]


def test_two_who_open_at_once_get_two_numbers(alice: Actor, bob: Actor) -> None:
    acts = [lambda who=who: cases.open_case(who, title="At once") for who in (alice, bob, alice, bob)]
    opened = at_once(*acts)
    assert sorted(case.number[-5:] for case in opened) == ["00001", "00002", "00003", "00004"]


def test_who_opens_a_case_leads_it(alice: Actor) -> None:
    case = cases.open_case(alice, title="  Robbery,\n Mill Street  ")
    assert (case.title, case.lead_id, levels(case)) == ("Robbery, Mill Street", id_of(alice), {"Alice Archer": "lead"})
    assert said(case.id) == f"Alice Archer opened the case {case.number}"


def test_a_lead_can_be_named(sam: Actor, bob: Actor) -> None:
    case = cases.open_case(sam, title="For Bob", lead=id_of(bob))
    assert levels(case) == {"Bob Baker": "lead", "Sam Sutton": "lead"}


def test_a_lead_is_of_the_same_agency(alice: Actor, lena: Actor) -> None:
    with pytest.raises(NoSuchPerson):
        cases.open_case(alice, title="For Lena", lead=id_of(lena))
    assert not Case.objects.exists()


@pytest.mark.parametrize("title", ["", " \n ", "x" * 201])
def test_it_needs_a_title_of_some_length(alice: Actor, title: str) -> None:
    with pytest.raises(NeedsText):
        cases.open_case(alice, title=title)


def test_one_whose_role_opens_no_cases_opens_none(audrey: Actor, adam: Actor) -> None:
    for who in (audrey, adam):
        with pytest.raises(NotAllowed):
            cases.open_case(who, title="Mine")


def test_changes_are_told_in_plain_words(alice: Actor, bob: Actor, case: Case) -> None:
    cases.change(alice, case.id, cases.Changes(title="Robbery", lead=id_of(bob), confidential=True))
    assert said(case.id) == (
        f"Alice Archer changed the case {case.number}: title from “Robbery, Mill Street pharmacy” to “Robbery”; "
        "lead from Alice Archer to Bob Baker; made confidential"
    )
    assert levels(case)["Bob Baker"] == "lead"


def test_nothing_changed_writes_nothing(alice: Actor, case: Case) -> None:
    before = entries(case.id)
    cases.change(alice, case.id, cases.Changes(title=case.title))
    assert entries(case.id) == before


def test_a_member_who_does_not_lead_changes_nothing(bob: Actor, charlie: Actor, case: Case) -> None:
    with pytest.raises(NotAllowed):
        cases.change(bob, case.id, cases.Changes(title="Bob's"))
    with pytest.raises(NotVisible):
        cases.change(charlie, case.id, cases.Changes(title="Charlie's"))
    case.refresh_from_db()
    assert case.title == "Robbery, Mill Street pharmacy"


def test_it_closes_and_reopens_with_a_reason(alice: Actor, case: Case) -> None:
    with pytest.raises(NeedsReason):
        cases.close(alice, case.id, "")
    assert cases.close(alice, case.id, "Solved").closed_at
    assert said(case.id) == f"Alice Archer closed the case {case.number}: Solved"
    with pytest.raises(CaseClosed):
        cases.close(alice, case.id, "Again")
    assert cases.reopen(alice, case.id, "New witness").closed_at is None
    with pytest.raises(CaseOpen):
        cases.reopen(alice, case.id, "Again")


def test_an_added_person_is_told_and_reaches_the_case(alice: Actor, charlie: Actor, case: Case) -> None:
    members.add_member(alice, case.id, id_of(charlie), members.Level.VIEW)
    assert access.visible_cases(charlie).get() == case
    assert case.number in Notice.objects.get(person_id=id_of(charlie)).text
    assert said(case.id) == f"Alice Archer added Charlie Carter to the case {case.number} as view"


def test_a_new_level_takes_the_place_of_the_old(alice: Actor, bob: Actor, case: Case) -> None:
    members.add_member(alice, case.id, id_of(bob), members.Level.VIEW)
    assert levels(case)["Bob Baker"] == "view"
    assert Grant.objects.filter(on_case=case, to_person_id=id_of(bob), revoked_at=None).count() == 1


def test_people_of_other_agencies_are_not_added(alice: Actor, lena: Actor, case: Case) -> None:
    with pytest.raises(NoSuchPerson):
        members.add_member(alice, case.id, id_of(lena), members.Level.VIEW)


def test_the_lead_stays(alice: Actor, case: Case) -> None:
    with pytest.raises(LeadStays):
        members.remove_member(alice, case.id, id_of(alice))
    with pytest.raises(LeadStays):
        members.add_member(alice, case.id, id_of(alice), members.Level.VIEW)


def test_a_removed_person_loses_the_case(alice: Actor, bob: Actor, case: Case) -> None:
    members.remove_member(alice, case.id, id_of(bob))
    assert not access.visible_cases(bob).exists()
    assert said(case.id) == f"Alice Archer removed Bob Baker from the case {case.number}"
    with pytest.raises(NotMember):
        members.remove_member(alice, case.id, id_of(bob))


def test_people_are_found_by_a_part_of_their_name(alice: Actor, bob: Actor, charlie: Actor, case: Case) -> None:
    assert [one.name for one in members.addable(alice, case.id, "carter cha")] == ["Charlie Carter"]
    assert not list(members.addable(alice, case.id, " "))
    with pytest.raises(NotAllowed):
        members.addable(bob, case.id, "cha")


def test_the_levels_hold_one_another() -> None:
    view, work, lead = (members.ACTIONS[level] for level in members.Level)
    assert view < work < lead
