"""Working on a case in the browser: people, choosing several, moving, and rows that follow what happens."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from evidence import cases, members
from evidence.models import Case, Item
from evidence.standing import person_of
from tests.e2e.conftest import Room
from tests.e2e.desks import Desk
from tests.exhibits import file_item

Sit = Callable[..., Desk]
pytestmark = pytest.mark.e2e


@pytest.fixture
def case(room: Room) -> Case:
    return cases.open_case(room.alice, title="Burglary, Harbor Road")


def test_several_are_chosen_and_moved(room: Room, desk: Sit, case: Case) -> None:
    other = cases.open_case(room.alice, title="Theft, Pier 4")
    members.add_member(room.alice, case.id, person_of(room.bob), members.Level.VIEW)
    items = [file_item(room.alice, case, f"shot {number}.png", kind="other") for number in range(3)]
    page = desk(room.alice).open(f"/cases/{case.id}/")
    for item in items[:2]:
        page.get_by_label(f"Choose {item.number}").check()
    page.get_by_role("button", name="Move").click()
    expect(page.locator("h1")).to_have_text("Move 2 items to another case")
    page.get_by_label("Case number").fill(other.number)
    page.get_by_role("button", name="See what changes").click()
    expect(page.locator("#main")).to_contain_text("Bob Baker")
    page.get_by_label("Reason").fill("Filed under the wrong address")
    page.get_by_role("button", name="Move", exact=True).click()
    expect(page.locator("#main")).to_contain_text("Their old numbers still find them")
    assert sorted(Item.objects.filter(filings__case=other, filings__ended_at=None).values_list("name", flat=True)) == [
        "shot 0.png", "shot 1.png"
    ]  # fmt: skip


def test_a_person_is_found_added_and_removed(room: Room, desk: Sit, case: Case) -> None:
    page = desk(room.alice).open(f"/cases/{case.id}/people/")
    page.get_by_label("Name or e-mail address").fill("bak")
    page.get_by_role("button", name="Find").click()
    page.get_by_label("Access of Bob Baker").select_option("view")
    page.get_by_role("button", name="Add", exact=True).click()
    row = page.get_by_role("row").filter(has_text="Bob Baker")
    expect(row).to_be_visible()
    row.get_by_role("link", name="Remove").click()
    page.get_by_role("button", name="Remove").click()
    expect(page.get_by_role("row").filter(has_text="Bob Baker")).to_have_count(0)


def test_a_row_follows_its_item_and_keeps_what_is_chosen(room: Room, desk: Sit, case: Case) -> None:
    item = file_item(room.alice, case, "cam4.mp4", state=Item.State.RECEIVED)
    page = desk(room.alice).open(f"/cases/{case.id}/?view=table")
    row = page.get_by_role("row").filter(has_text="cam4.mp4")
    expect(row).to_contain_text("Sealing")
    page.get_by_label(f"Choose {item.number}").check()
    page.wait_for_timeout(4000)
    expect(page.get_by_label(f"Choose {item.number}")).to_be_checked()
    Item.objects.filter(id=item.id).update(state=Item.State.SEALED)
    expect(row).to_contain_text("Sealed", timeout=10_000)


def test_a_tag_narrows_the_list_and_the_address_says_so(room: Room, desk: Sit, case: Case) -> None:
    items = [file_item(room.alice, case, f"shot {number}.png", kind="other") for number in range(2)]
    page = desk(room.alice).open(f"/items/{items[0].id}/")
    page.get_by_label("Tags, parted by commas").fill("Night")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_label("Remove the tag night")).to_be_visible()
    page.get_by_role("link", name=case.number).first.click()
    page.get_by_role("navigation", name="Tag").get_by_role("link", name="night").click()
    expect(page.locator(".tile")).to_have_count(1)
    assert "tag=night" in page.url


def test_an_items_page_follows_it_to_the_seal(room: Room, desk: Sit, case: Case) -> None:
    item = file_item(room.alice, case, "cam4.mp4", state=Item.State.RECEIVED, kind="other")
    page = desk(room.alice).open(f"/items/{item.id}/")
    expect(page.locator("#main")).to_contain_text("It is being read back and compared")
    expect(page.get_by_role("button", name="Download the original")).to_have_count(0)
    Item.objects.filter(id=item.id).update(state=Item.State.SEALED)
    expect(page.get_by_role("button", name="Download the original")).to_be_visible(timeout=10_000)
    expect(page.get_by_role("button", name="Export custody bundle")).to_be_visible()
