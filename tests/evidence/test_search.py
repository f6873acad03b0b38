"""Finding by words and numbers, among what one may see."""

from custody.actors import Actor
from custody.models import Entry
from evidence import cases, describing, filing, search
from evidence.models import Case, Item
from evidence.standing import person_of as id_of
from tests.evidence.conftest import said
from tests.exhibits import file_item


def found(actor: Actor, words: str) -> list[Item]:
    return list(search.search(actor, words))


def test_it_finds_by_the_beginnings_of_words_and_by_number(alice: Actor, item: Item) -> None:
    for words in (
        "cam4", "CAM", "mp4", "pharm", "mill robb", "alice", "rpd-2026-00001", "00001", "cam4.mp4", item.number
    ):  # fmt: skip
        assert found(alice, words) == [item], words


def test_it_finds_nothing_by_anything_else(alice: Actor, item: Item) -> None:
    assert item.number == "RPD-2026-00001-001"
    for words in ("am4", "cam5", "cam4 oak", "", "' | !", "rpd-2026-00002"):
        assert found(alice, words) == [], words


def test_what_people_add_is_found_at_once(alice: Actor, item: Item) -> None:
    describing.describe(alice, item.id, name="Küche", description="Man with a rucksack")
    describing.add_tags(alice, item.id, ["Getaway car"])
    for words in ("kuche", "KÜCHE", "ruck", "getaway"):
        assert found(alice, words) == [item]
    assert found(alice, "cam4") == []
    describing.remove_tag(alice, item.id, "getaway car")
    assert found(alice, "getaway") == []


def test_the_camera_is_found(alice: Actor, case: Case) -> None:
    photo = file_item(
        alice, case, "DSCN0010.jpg", facts={"make": {"value": "NIKON"}, "model": {"value": "COOLPIX P6000"}}
    )
    assert found(alice, "nikon coolpix") == [photo]


def test_a_new_title_of_the_case_is_found(alice: Actor, item: Item, case: Case) -> None:
    cases.change(alice, case.id, cases.Changes(title="Arson, Harbour"))
    assert found(alice, "harbour") == [item]
    assert found(alice, "pharmacy") == []


def test_an_old_number_is_found(alice: Actor, item: Item, other_case: Case) -> None:
    filing.move(alice, item.id, to=other_case.id, reason="Wrong case")
    assert found(alice, "RPD-2026-00001-001") == [item]
    assert found(alice, "RPD-2026-00002-001") == [item]


def test_it_finds_only_what_one_may_see(charlie: Actor, lena: Actor, audrey: Actor, item: Item) -> None:
    assert found(charlie, "cam4") == []
    assert found(lena, "cam4") == []
    assert found(audrey, "cam4") == [item]


def test_the_words_are_in_the_ledger_once_in_ten_minutes(alice: Actor, item: Item) -> None:
    for words in ("cam4", "Cam4 ", "night"):
        found(alice, words)
    assert Entry.objects.filter(event="search.asked").count() == 2
    assert said(id_of(alice)) == "Alice Archer searched for “night”"


def test_cases_are_found_by_number_and_title(alice: Actor, charlie: Actor, case: Case, other_case: Case) -> None:
    assert list(search.cases_named(alice, case.number)) == [case]
    assert list(search.cases_named(alice, "avenue oak")) == [other_case]
    assert not list(search.cases_named(charlie, "avenue"))


def test_a_confidential_case_is_not_found_by_way_of_its_items(
    alice: Actor, bob: Actor, item: Item, other_case: Case
) -> None:
    filing.file(alice, item.id, other_case.id)
    assert found(bob, "burglary") == [item]
    cases.change(alice, other_case.id, cases.Changes(confidential=True))
    assert found(bob, "burglary") == []
    assert list(search.cases_named(alice, "burglary")) == [other_case]
