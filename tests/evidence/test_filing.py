"""Numbers, filing, and moving what was filed in the wrong case."""

import pytest
from django.db import transaction

from accounts.errors import NotAllowed, NotVisible
from custody.actors import Actor
from evidence import access, cases, filing, members, search, several
from evidence.errors import CaseClosed, FiledAlready, HomeStays, NeedsReason, NoSuchCase, NotFiled, OtherAgency
from evidence.models import Case, Filing, Grant, Item
from evidence.standing import person_of as id_of
from tests.cast import person_of
from tests.evidence.conftest import at_once, entries, last_entry, said
from tests.exhibits import file_item


def home_of(item: Item) -> Case:
    return Filing.objects.get(item=item, home=True, ended_at=None).case


def test_items_are_numbered_after_their_case(alice: Actor, case: Case) -> None:
    assert [file_item(alice, case).number for _ in range(2)] == [f"{case.number}-001", f"{case.number}-002"]


def test_without_a_case_an_item_is_uncategorised(alice: Actor, loose_item: Item) -> None:
    assert loose_item.number.endswith("-U-000001")
    assert Grant.objects.get(on_item=loose_item).ground == Grant.Ground.OWN


def test_two_items_at_once_get_two_numbers(alice: Actor, bob: Actor, case: Case) -> None:
    made = at_once(*[lambda who=who: file_item(who, case) for who in (alice, bob, alice, bob)])
    assert sorted(item.number[-3:] for item in made) == ["001", "002", "003", "004"]


def test_an_item_is_made_in_a_transaction_or_not_at_all(alice: Actor, case: Case) -> None:
    with pytest.raises(transaction.TransactionManagementError):
        filing.new_item(alice, person_of(alice), "cam4.mp4", case)
    assert not Item.objects.exists()


def test_a_closed_case_takes_no_new_item(alice: Actor, closed_case: Case) -> None:
    with pytest.raises(CaseClosed, match="Reopen it"):
        file_item(alice, closed_case)
    assert not Item.objects.exists()


def test_one_who_may_not_add_makes_nothing(carl: Actor) -> None:
    with pytest.raises(NotAllowed):
        file_item(carl, None)


def test_it_moves_an_item_and_says_why(alice: Actor, item: Item, case: Case, other_case: Case) -> None:
    filing.move(alice, item.id, to=other_case.id, reason="Wrong incident number")
    item.refresh_from_db()
    assert home_of(item) == other_case
    assert item.number == f"{other_case.number}-001"
    assert said(item.id) == (
        f"Alice Archer moved cam4.mp4 from {case.number}-001 to {other_case.number}-001: Wrong incident number"
    )
    subjects = last_entry(item.id).subjects.values_list("object_id", flat=True)
    assert set(subjects) == {item.id, case.id, other_case.id}


def test_the_old_number_finds_it_for_ever_and_is_never_given_again(
    alice: Actor, item: Item, case: Case, other_case: Case
) -> None:
    old = item.number
    filing.move(alice, item.id, to=other_case.id, reason="Wrong case")
    filing.move(alice, item.id, to=case.id, reason="Right after all")
    item.refresh_from_db()
    assert item.number == f"{case.number}-002"
    assert list(search.search(alice, old)) == [item]
    assert file_item(alice, case).number == f"{case.number}-003"


def test_a_move_without_a_reason_moves_nothing(alice: Actor, item: Item, case: Case, other_case: Case) -> None:
    before = entries(item.id)
    with pytest.raises(NeedsReason):
        filing.move(alice, item.id, to=other_case.id, reason="  ")
    item.refresh_from_db()
    assert (home_of(item), item.number, entries(item.id)) == (case, f"{case.number}-001", before)


def test_it_refuses_a_closed_case_and_moves_nothing(alice: Actor, item: Item, case: Case, closed_case: Case) -> None:
    with pytest.raises(CaseClosed, match="Reopen it"):
        filing.move(alice, item.id, to=closed_case.id, reason="…")
    assert home_of(item) == case


def test_it_refuses_a_case_that_the_person_may_not_file_in(bob: Actor, item: Item, other_case: Case) -> None:
    with pytest.raises(NotVisible):
        filing.move(bob, item.id, to=other_case.id, reason="Mine")


def test_it_refuses_a_case_of_another_agency(alice: Actor, lena: Actor, item: Item) -> None:
    theirs = cases.open_case(lena, title="Theft at the marina")
    Grant.objects.create(id=theirs.id, to_person_id=id_of(alice), on_case=theirs, actions=["case.file"], ground="share")
    with pytest.raises(OtherAgency):
        filing.move(alice, item.id, to=theirs.id, reason="Wrong agency")


def test_before_a_move_it_names_who_gains_and_who_loses(
    alice: Actor, bob: Actor, charlie: Actor, sam: Actor, carl: Actor, item: Item, other_case: Case
) -> None:
    members.add_member(alice, other_case.id, person_of(charlie).id, members.Level.VIEW)
    move = filing.before_move(alice, item.id, other_case.id)
    assert (move.gain, move.lose) == (["Charlie Carter"], ["Bob Baker"])


def test_what_it_named_is_what_happens(alice: Actor, bob: Actor, charlie: Actor, item: Item, other_case: Case) -> None:
    members.add_member(alice, other_case.id, person_of(charlie).id, members.Level.VIEW)
    filing.move(alice, item.id, to=other_case.id, reason="Wrong case")
    seen = [access.visible_items(who).filter(id=item.id).exists() for who in (bob, charlie)]
    assert seen == [False, True]


def test_a_move_into_confidence_takes_it_from_the_supervisor(
    alice: Actor, sam: Actor, item: Item, other_case: Case
) -> None:
    cases.change(alice, other_case.id, cases.Changes(confidential=True))
    assert "Sam Sutton" in filing.before_move(alice, item.id, other_case.id).lose


def test_the_first_case_is_the_home_and_ends_the_own_grant(
    alice: Actor, bob: Actor, loose_item: Item, case: Case
) -> None:
    old = loose_item.number
    filing.file(alice, loose_item.id, case.id)
    loose_item.refresh_from_db()
    assert (home_of(loose_item), loose_item.number) == (case, f"{case.number}-001")
    assert Grant.objects.get(on_item=loose_item).revoked_at
    assert loose_item.aliases.get().number == old
    assert access.visible_items(bob).filter(id=loose_item.id).exists()


def test_a_second_case_keeps_home_and_number(alice: Actor, item: Item, case: Case, other_case: Case) -> None:
    filing.file(alice, item.id, other_case.id)
    item.refresh_from_db()
    assert (home_of(item), item.number) == (case, f"{case.number}-001")
    assert said(item.id) == f"Alice Archer filed cam4.mp4 in {other_case.number}"
    with pytest.raises(FiledAlready):
        filing.file(alice, item.id, other_case.id)


def test_it_is_taken_out_of_any_case_but_its_home(alice: Actor, item: Item, case: Case, other_case: Case) -> None:
    with pytest.raises(NotFiled):
        filing.unfile(alice, item.id, other_case.id, "Not ours")
    filing.file(alice, item.id, other_case.id)
    filing.unfile(alice, item.id, other_case.id, "Not ours")
    assert said(item.id) == f"Alice Archer took cam4.mp4 out of {other_case.number}: Not ours"
    with pytest.raises(HomeStays):
        filing.unfile(alice, item.id, case.id, "Not ours")


def test_a_move_to_a_second_case_leaves_one_filing(alice: Actor, item: Item, other_case: Case) -> None:
    filing.file(alice, item.id, other_case.id)
    filing.move(alice, item.id, to=other_case.id, reason="Belongs there alone")
    assert Filing.objects.filter(item=item, ended_at=None).get().home


def test_several_move_together_or_not_at_all(alice: Actor, bob: Actor, case: Case, other_case: Case) -> None:
    mine = [file_item(alice, case) for _ in range(2)]
    elsewhere = file_item(alice, other_case)
    with pytest.raises(FiledAlready):
        several.move(alice, [*(one.id for one in mine), elsewhere.id], to=other_case.id, reason="All of them")
    assert [home_of(one) for one in mine] == [case, case]
    several.move(alice, [one.id for one in mine], to=other_case.id, reason="All of them")
    assert {last_entry(one.id).act for one in mine} == {last_entry(mine[0].id).act}
    assert last_entry(mine[0].id).act


def test_a_case_is_named_by_number_or_id(alice: Actor, charlie: Actor, case: Case, closed_case: Case) -> None:
    assert filing.case_named(alice, case.number.lower()) == filing.case_named(alice, str(case.id)) == case
    with pytest.raises(NoSuchCase):
        filing.case_named(charlie, case.number)
    with pytest.raises(NoSuchCase):
        filing.case_named(alice, "RPD-2026-99999")
    with pytest.raises(CaseClosed):
        filing.case_named(alice, closed_case.number)


def test_two_moves_at_once_leave_one_home(alice: Actor, item: Item, case: Case, other_case: Case) -> None:
    third = cases.open_case(alice, title="Third")
    at_once(
        lambda: filing.move(alice, item.id, to=other_case.id, reason="Here"),
        lambda: filing.move(alice, item.id, to=third.id, reason="There"),
    )
    assert Filing.objects.filter(item=item, ended_at=None).count() == 1
    assert item.aliases.count() == 2
