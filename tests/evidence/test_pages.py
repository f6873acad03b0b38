"""The pages of cases, items, search and home, as each kind of person meets them."""

from collections.abc import Callable

import pytest
from django.test import Client

from custody.actors import Actor
from custody.models import Entry
from evidence import cases, describing, filing, members
from evidence.models import Case, Filing, Item
from evidence.standing import person_of as id_of
from tests.evidence.conftest import said
from tests.exhibits import file_item

Browser = Callable[[Actor], Client]

HIS = [
    "/", "/cases/", "/cases/?status=closed&mine=1&sort=-title", "/cases/new/", "/cases/{case}/",
    "/cases/{case}/?view=table&type=video&state=sealed&tag=night&sort=-bytes", "/cases/{case}/activity/",
    "/cases/{case}/people/?q=cha", "/cases/{case}/details/", "/cases/{case}/close/", "/cases/{case}/people/{bob}/remove/",
    "/cases/{case}/tag/?item={item}", "/cases/{case}/file/?item={item}", "/cases/{case}/move/?item={item}",
    "/cases/{case}/move/?item={item}&case={number}", "/items/uncategorised/", "/items/{item}/", "/items/{loose}/",
    "/items/{item}/file/", "/items/{item}/move/", "/items/{item}/move/?case={number}", "/items/{item}/custody/",
    "/search", "/search?q=cam4", "/cases/export/", "/cases/{case}/export/",
    "/cases/{case}/activity/export/", "/items/{item}/custody/export/", "/items/uncategorised/export/", "/search/export/?q=cam4",
]  # fmt: skip


@pytest.fixture
def places(bob: Actor, case: Case, other_case: Case, item: Item, loose_item: Item) -> dict[str, object]:
    return {"case": case.id, "bob": id_of(bob), "item": item.id, "loose": loose_item.id, "number": other_case.number}


def test_a_detective_finds_each_page(browser: Browser, alice: Actor, places: dict[str, object]) -> None:
    client = browser(alice)
    for address in HIS:
        page = client.get(address.format(**places))
        assert page.status_code == 200, address
        assert b"style=" not in page.content, address
        assert b"onclick" not in page.content, address


def test_a_stranger_finds_nothing_there(browser: Browser, lena: Actor, places: dict[str, object]) -> None:
    client = browser(lena)
    for address in HIS:
        if "{" in address:
            page = client.get(address.format(**places))
            assert page.status_code == 404, address
            assert b"cam4" not in page.content, address


def test_home_says_what_waits(browser: Browser, alice: Actor, loose_item: Item) -> None:
    page = browser(alice).get("/").content.decode()
    assert "In no case" in page
    assert loose_item.number in page


def test_home_of_an_administrator_shows_no_evidence(browser: Browser, adam: Actor, item: Item) -> None:
    page = browser(adam).get("/")
    assert page.status_code == 200
    assert item.number not in page.content.decode()


def test_home_of_an_administrator_leads_to_the_people(browser: Browser, adam: Actor) -> None:
    assert "People and their roles" in browser(adam).get("/").content.decode()


def test_who_can_change_nothing_is_given_nothing_to_choose(
    browser: Browser, audrey: Actor, alice: Actor, case: Case, item: Item
) -> None:
    assert f"Choose {item.number}" in browser(alice).get(f"/cases/{case.id}/").content.decode()
    assert f"Choose {item.number}" not in browser(audrey).get(f"/cases/{case.id}/").content.decode()


def test_a_closed_case_offers_no_move(browser: Browser, alice: Actor, case: Case, item: Item) -> None:
    cases.close(alice, case.id, "Solved")
    assert f"/cases/{case.id}/move/" not in browser(alice).get(f"/cases/{case.id}/").content.decode()
    assert f"/items/{item.id}/move/" not in browser(alice).get(f"/items/{item.id}/").content.decode()


def test_a_case_is_opened_by_its_form(browser: Browser, alice: Actor) -> None:
    client = browser(alice)
    assert b"Title" in client.post("/cases/new/", {"title": ""}).content
    opened = client.post("/cases/new/", {"title": "Robbery, Mill Street"})
    assert opened.url == f"/cases/{Case.objects.get().id}/"


def test_a_rules_refusal_is_told_in_the_form(
    browser: Browser, alice: Actor, item: Item, closed_case: Case, case: Case
) -> None:
    page = browser(alice).post(f"/items/{item.id}/file/", {"case": closed_case.number})
    assert f"Case {closed_case.number} is closed" in page.content.decode()
    assert Filing.objects.filter(item=item, ended_at=None).get().case == case


def test_a_move_shows_first_and_then_asks(browser: Browser, alice: Actor, item: Item, other_case: Case) -> None:
    client = browser(alice)
    shown = client.get(f"/items/{item.id}/move/", {"case": other_case.number}).content.decode()
    assert "Bob Baker" in shown.split("Lose access")[1]
    again = client.post(f"/items/{item.id}/move/", {"case": other_case.number, "reason": ""})
    assert again.status_code == 200
    done = client.post(f"/items/{item.id}/move/", {"case": other_case.number, "reason": "Wrong case"})
    assert done.url == f"/items/{item.id}/"
    assert said(item.id).endswith("Wrong case")


def test_several_are_tagged_at_once(browser: Browser, alice: Actor, case: Case) -> None:
    items = [file_item(alice, case) for _ in range(2)]
    chosen = [str(one.id) for one in items]
    browser(alice).post(f"/cases/{case.id}/tag/", {"item": chosen, "tags": "Night, till"})
    assert [describing.tags_of(one) for one in items] == [["night", "till"]] * 2


def test_people_are_added_by_a_part_of_their_name(browser: Browser, alice: Actor, charlie: Actor, case: Case) -> None:
    client = browser(alice)
    assert "Charlie Carter" in client.get(f"/cases/{case.id}/people/", {"q": "cart"}).content.decode()
    client.post(f"/cases/{case.id}/people/", {"person": str(id_of(charlie)), "level": "view"})
    assert id_of(charlie) in {grant.to_person_id for grant in members.members_of(case)}
    client.post(f"/cases/{case.id}/people/{id_of(charlie)}/remove/")
    assert id_of(charlie) not in {grant.to_person_id for grant in members.members_of(case)}


def test_before_the_seal_only_name_state_and_progress_show(browser: Browser, alice: Actor, case: Case) -> None:
    item = file_item(alice, case, state="received", description="Secret words", kind="video", mime="video/mp4")
    page = browser(alice).get(f"/items/{item.id}/").content.decode()
    assert "cam4.mp4" in page
    assert "data-follow" in page
    for hidden in ("Secret words", "video/mp4", "SHA-256", "Download the original"):
        assert hidden not in page


def test_in_quarantine_the_reason_is_the_custodians(browser: Browser, alice: Actor, carl: Actor, item: Item) -> None:
    Item.objects.filter(id=item.id).update(state="quarantined", quarantine_reason="not what the source says")
    assert "not what the source says" not in browser(alice).get(f"/items/{item.id}/").content.decode()
    assert "This item is in quarantine" in browser(alice).get(f"/items/{item.id}/").content.decode()
    assert "Not what the source says." in browser(carl).get(f"/items/{item.id}/").content.decode()
    assert item.number in browser(carl).get("/quarantine/").content.decode()
    assert browser(alice).get("/quarantine/").status_code == 403


def test_a_case_out_of_reach_is_not_named_on_the_items_page(
    browser: Browser, alice: Actor, bob: Actor, item: Item, other_case: Case
) -> None:
    filing.file(alice, item.id, other_case.id)
    page = browser(bob).get(f"/items/{item.id}/").content.decode().split("Custody")[0]
    assert other_case.title not in page


def test_what_evidence_is_called_is_only_text(browser: Browser, alice: Actor, case: Case) -> None:
    item = file_item(alice, case, "<img src=x onerror=alert(1)>.jpg", description="<script>alert(1)</script>")
    for address in (f"/items/{item.id}/", f"/cases/{case.id}/", f"/cases/{case.id}/activity/", "/search?q=img"):
        page = browser(alice).get(address).content
        assert b"<img src=x" not in page
        assert b"<script>alert" not in page


def test_a_spreadsheet_runs_nothing(browser: Browser, alice: Actor, case: Case) -> None:
    file_item(alice, case, "=HYPERLINK(1).jpg")
    file_item(alice, case, " @cmd.jpg")
    text = browser(alice).get(f"/cases/{case.id}/export/").content.decode()
    assert "'=HYPERLINK" in text
    assert "' @cmd" in text


def test_opening_a_page_is_an_entry(browser: Browser, alice: Actor, case: Case, item: Item) -> None:
    client = browser(alice)
    for _ in range(2):
        client.get(f"/items/{item.id}/")
        client.get(f"/cases/{case.id}/")
    assert Entry.objects.filter(event="item.viewed").count() == 1
    assert Entry.objects.filter(event="case.viewed").count() == 1


def test_a_list_turns_pages(browser: Browser, alice: Actor, case: Case) -> None:
    for number in range(52):
        file_item(alice, case, f"photo {number:02}.jpg")
    client = browser(alice)
    first = client.get(f"/cases/{case.id}/?sort=name&view=table").content.decode()
    assert "photo 49" in first
    assert "photo 50" not in first
    address = first.split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0].replace("&amp;", "&")
    second = client.get(f"/cases/{case.id}/{address}").content.decode()
    assert "photo 51" in second
    assert "photo 49" not in second
