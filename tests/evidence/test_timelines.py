"""Custody in plain words: which entries and which names each reader sees."""

import pytest
from django.db import transaction
from uuid_utils.compat import uuid7

from accounts.errors import NotAllowed, NotVisible
from custody.actors import Actor
from custody.models import Entry
from custody.recording import Subject, record
from evidence import cases, describing, filing, members, timelines, touch
from evidence.models import Case, Grant, Item, Touch
from evidence.standing import person_of as id_of
from tests.cast import acting, person_of
from tests.exhibits import file_item
from verifier.events import Event


def sentences(actor: Actor, item: Item, **asked: str) -> list[str]:
    _item, page = timelines.of_item(actor, item.id, asked)
    return [line.sentence for line in page.lines]


def test_it_tells_newest_first(alice: Actor, bob: Actor, item: Item) -> None:
    describing.add_tags(alice, item.id, ["night"])
    describing.add_tags(bob, item.id, ["till"])
    assert sentences(bob, item) == [
        "Bob Baker looked at the custody of cam4.mp4", "Bob Baker tagged cam4.mp4 as till",
        "Alice Archer tagged cam4.mp4 as night",
    ]  # fmt: skip


def test_it_narrows_to_a_class_and_a_person(alice: Actor, bob: Actor, item: Item) -> None:
    describing.add_tags(alice, item.id, ["night"])
    describing.add_tags(bob, item.id, ["till"])
    assert sentences(bob, item, **{"class": "change"}) == [
        "Bob Baker tagged cam4.mp4 as till", "Alice Archer tagged cam4.mp4 as night"
    ]  # fmt: skip
    assert sentences(bob, item, person=str(id_of(alice))) == ["Alice Archer tagged cam4.mp4 as night"]
    assert sentences(bob, item, person="nobody") == sentences(bob, item)


def test_it_turns_pages(alice: Actor, item: Item) -> None:
    for number in range(timelines.PAGE + 5):
        describing.add_tags(alice, item.id, [f"tag {number}"])
    _item, first = timelines.of_item(alice, item.id, {})
    _item, second = timelines.of_item(alice, item.id, {"cursor": first.cursor})
    assert (len(first.lines), len(second.lines), second.cursor) == (timelines.PAGE, 6, "")
    assert not {line.id for line in first.lines} & {line.id for line in second.lines}


def test_looking_is_an_entry_once_in_ten_minutes_for_each_session(alice: Actor, item: Item) -> None:
    one, other = acting(alice), acting(alice)
    for who in (one, one, other):
        touch.item(who, item)
    viewed = Entry.objects.filter(event=Event.ITEM_VIEWED)
    assert viewed.count() == 2
    Touch.objects.update(at="2020-01-01T00:00Z")
    touch.item(one, item)
    assert viewed.count() == 3


def test_equal_neighbours_are_one_line(alice: Actor, item: Item) -> None:
    for _ in range(3):
        with transaction.atomic():
            record(alice, Event.READING_OPENED, owner=item.agency_id, subjects=[Subject("item", item.id)],
                   fields={"purpose": "list", "name": item.name})  # fmt: skip
            record(alice, Event.READING_CLOSED, owner=item.agency_id, subjects=[Subject("item", item.id)],
                   fields={"purpose": "list", "name": item.name})  # fmt: skip
    _item, page = timelines.of_item(alice, item.id, {})
    assert [line.folded for line in page.lines] == [1, 3]


def test_a_grid_that_grows_is_one_line(alice: Actor, case: Case, item: Item) -> None:
    for shown in ([item], [item, file_item(alice, case)]):
        with transaction.atomic():
            record(alice, Event.READING_OPENED, owner=item.agency_id, fields={"purpose": "list"},
                   subjects=[Subject("item", one.id) for one in shown])  # fmt: skip
    _item, page = timelines.of_item(alice, item.id, {})
    assert [line.folded for line in page.lines] == [1, 2]


def test_a_partner_sees_the_object_and_only_own_people_by_name(alice: Actor, dana: Actor, item: Item) -> None:
    Grant.objects.create(id=uuid7(), to_person=person_of(dana), on_item=item, ground="share",
                         actions=["item.view", "custody.view"])  # fmt: skip
    describing.add_tags(acting(alice), item.id, ["night"])
    _item, page = timelines.of_item(acting(dana), item.id, {})
    assert [line.sentence for line in page.lines] == [
        "Dana Dean of Riverton District Attorney looked at the custody of cam4.mp4",
        "Someone whose name was withheld tagged cam4.mp4 as night",
    ]
    assert [line.address for line in page.lines] == ["", ""]
    assert [person.name for person in page.people] == ["Dana Dean"]


def test_a_partner_does_not_see_the_refusals_of_others(bob: Actor, dana: Actor, item: Item) -> None:
    Grant.objects.create(id=uuid7(), to_person=person_of(dana), on_item=item, ground="share",
                         actions=["item.view", "custody.view"])  # fmt: skip
    with transaction.atomic():
        record(bob, Event.ITEM_MOVED, owner=item.agency_id, subjects=[Subject("item", item.id)], outcome="refused",
               fields={"reason": "no"})  # fmt: skip
    assert not any("not allowed" in sentence for sentence in sentences(dana, item))
    assert any("not allowed" in sentence for sentence in sentences(bob, item))


def test_what_concerns_items_out_of_reach_is_told_without_names(
    alice: Actor, bob: Actor, item: Item, case: Case, other_case: Case
) -> None:
    hidden = file_item(alice, other_case, "secret.mp4")
    with transaction.atomic():
        record(alice, Event.READING_OPENED, owner=item.agency_id, fields={"purpose": "list", "name": "secret.mp4"},
               subjects=[Subject("item", item.id), Subject("item", hidden.id), Subject("case", case.id)])  # fmt: skip
    seen = " ".join(sentences(bob, item))
    assert "secret" not in seen
    assert "Alice Archer" in seen


def test_a_case_tells_what_happened_in_it(
    alice: Actor, charlie: Actor, item: Item, case: Case, other_case: Case
) -> None:
    members.add_member(alice, case.id, id_of(charlie), members.Level.VIEW)
    filing.move(alice, item.id, to=other_case.id, reason="Wrong case")
    _case, page = timelines.of_case(charlie, case.id, {"class": "change"})
    assert [line.sentence for line in page.lines] == [
        (
            "Alice Archer moved a name that was withheld from a case that was withheld to a case that was withheld: "
            "a reason that was withheld"
        )
    ]
    with pytest.raises(NotVisible):
        timelines.of_case(charlie, other_case.id, {})


def test_an_auditor_sees_it_all_without_seeing_content(audrey: Actor, alice: Actor, item: Item) -> None:
    describing.add_tags(acting(alice), item.id, ["night"])
    _item, page = timelines.of_item(audrey, item.id, {})
    assert page.lines[1].sentence == "Alice Archer tagged cam4.mp4 as night"
    assert page.lines[1].address == "127.0.0.1"


def test_a_stranger_sees_no_custody(charlie: Actor, lena: Actor, item: Item) -> None:
    for who in (charlie, lena):
        with pytest.raises((NotVisible, NotAllowed)):
            timelines.of_item(who, item.id, {})


def test_a_confidential_case_is_not_named_to_those_who_may_not_see_it(
    alice: Actor, bob: Actor, item: Item, other_case: Case
) -> None:
    cases.change(alice, other_case.id, cases.Changes(confidential=True))
    filing.file(alice, item.id, other_case.id)
    assert f"Alice Archer filed cam4.mp4 in {other_case.number}" in sentences(alice, item)
    assert "Alice Archer filed cam4.mp4 in a case that was withheld" in sentences(bob, item)
