"""Names, descriptions, tags and flags."""

import pytest

from accounts.errors import NotAllowed
from custody.actors import Actor
from evidence import describing
from evidence.errors import NeedsText, UnknownFlag
from evidence.models import Item, Tag
from tests.evidence.conftest import entries, said


def test_a_name_is_changed_and_the_old_one_told(alice: Actor, item: Item) -> None:
    describing.describe(alice, item.id, name="  Till\tcamera \u0000")
    item.refresh_from_db()
    assert item.name == "Till camera"
    assert said(item.id).endswith("name from “cam4.mp4” to “Till camera”")


def test_what_stays_the_same_is_no_entry(alice: Actor, item: Item) -> None:
    before = entries(item.id)
    describing.describe(alice, item.id, name=item.name, description="")
    assert describing.remove_tag(alice, item.id, "night") == []
    describing.flag(alice, item.id, "sensitive", on=False)
    assert entries(item.id) == before


@pytest.mark.parametrize("name", ["", " ", "\u202e", "x" * 256])
def test_a_name_has_characters_that_print(alice: Actor, item: Item, name: str) -> None:
    with pytest.raises(NeedsText):
        describing.describe(alice, item.id, name=name)


def test_tags_are_lower_case_and_there_once(alice: Actor, bob: Actor, item: Item) -> None:
    assert describing.add_tags(alice, item.id, ["Night", " till  camera "]) == ["night", "till camera"]
    assert describing.add_tags(bob, item.id, ["NIGHT"]) == ["night", "till camera"]
    assert describing.remove_tag(bob, item.id, "Night") == ["till camera"]
    assert said(item.id) == "Bob Baker took the tag night off cam4.mp4"


def test_flags_are_set_and_lifted(alice: Actor, item: Item) -> None:
    describing.flag(alice, item.id, "do_not_disclose", on=True)
    item.refresh_from_db()
    assert describing.flags_of(item) == ["do_not_disclose"]
    assert said(item.id) == "Alice Archer flagged cam4.mp4: do not disclose set"


@pytest.mark.parametrize("flag", ["held", "malware", "was_quarantined", "state"])
def test_other_flags_are_not_peoples_to_set(alice: Actor, item: Item, flag: str) -> None:
    with pytest.raises(UnknownFlag):
        describing.flag(alice, item.id, flag, on=True)


def test_one_who_may_only_look_describes_nothing(audrey: Actor, item: Item) -> None:
    with pytest.raises(NotAllowed):
        describing.add_tags(audrey, item.id, ["mine"])
    assert not Tag.objects.exists()
