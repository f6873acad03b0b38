"""Every page that a person can reach: no complaint of the browser, nothing serious for axe, nothing wider than a phone."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from evidence import cases
from evidence.models import Case
from tests.e2e.conftest import Room, signed_in
from tests.e2e.desks import Desk
from tests.e2e.making import Samples

Sit = Callable[..., Desk]
PLACES = {
    "alice": {
        "home": "/", "cases": "/cases/", "case-new": "/cases/new/", "case": "/cases/{case}/",
        "case-activity": "/cases/{case}/activity/", "case-people": "/cases/{case}/people/",
        "case-details": "/cases/{case}/details/", "item": "{item}", "item-custody": "{item}custody/",
        "uncategorised": "/items/uncategorised/", "search": "/search?q=hallway", "search-nothing": "/search?q=zebra",
        "uploads": "/uploads/", "notices": "/notices/", "account": "/account/", "password": "/account/password/",
        "device": "/device/", "item-move": "{item}move/", "item-file": "{item}file/",
    },
    "carl": {"quarantine": "/quarantine/"},
    "adam": {
        "people": "/admin-agency/", "person": "/admin-agency/people/{person}/", "person-new": "/admin-agency/people/new/",
        "agency": "/admin-agency/agency/",
    },
    "audrey": {"auditor-home": "/", "auditor-item": "{item}", "auditor-custody": "{item}custody/"},
}  # fmt: skip
NARROWEST = 320
ALL = [(who, name) for who, places in PLACES.items() for name in places]


@pytest.fixture(scope="module")
def filled(room: Room, chromium: Browser, made: Samples) -> dict[str, str]:
    """A case with a few files: what the addresses above leave open."""
    case: Case = cases.open_case(room.alice, title="Burglary, 14 Harbor Road")
    at = signed_in(Desk(chromium, room.url), room.alice)
    at.open(f"/cases/{case.id}/")
    at.tray.pick(made.webm, made.photo, made.note)
    at.tray.ready(made.webm.name, made.photo.name, made.note.name)
    item = at.tray.item_of(made.webm.name)
    at.context.close()
    return {"case": str(case.id), "item": item, "person": str(room.bob.id)}


@pytest.mark.parametrize(("who", "name"), ALL, ids=[name for _who, name in ALL])
def test_it_is_whole_and_has_no_barriers_from_desktop_to_320_pixels(
    room: Room, desk: Sit, filled: dict[str, str], pictures: Path, who: str, name: str
) -> None:
    at = desk(getattr(room, who))
    page = at.open(PLACES[who][name].format(**filled))
    assert page.locator("h1").count() == 1
    assert at.blemishes() == []
    for width in (1280, 375, 320):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), width
        if width > NARROWEST:
            page.screenshot(path=pictures / f"{name}-{width}.png", full_page=True)
    assert at.blemishes() == []


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_the_door_has_no_barriers(room: Room, desk: Sit, pictures: Path, *, phone: bool) -> None:
    at = desk(phone=phone)
    page = at.open("/sign-in/")
    page.screenshot(path=pictures / f"banner-{375 if phone else 1280}.png", full_page=True)
    assert at.blemishes() == []
    page.get_by_role("button", name="I understand and agree").click()
    page.screenshot(path=pictures / f"sign-in-{375 if phone else 1280}.png", full_page=True)
    assert at.blemishes() == []


def test_a_refusal_is_a_page_like_the_others(room: Room, desk: Sit, filled: dict[str, str], pictures: Path) -> None:
    at = desk(room.bob)
    at.expected.append("status of 404")
    page = at.open(f"/cases/{filled['case']}/")
    page.screenshot(path=pictures / "not-found-1280.png")
    assert "nothing here" in page.locator("main").inner_text()
    assert at.blemishes() == []


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_the_tray_and_its_questions_have_no_barriers(
    room: Room, desk: Sit, filled: dict[str, str], made: Samples, pictures: Path, *, phone: bool
) -> None:
    at = desk(room.alice, phone=phone)
    page = at.open(f"/cases/{filled['case']}/")
    at.slow_down(3_000_000)
    at.tray.pick(made.large("bodycam 7.bin", 12), made.text(f"log {phone}.txt", "14:02 arrived"))
    if phone:
        page.locator("#tray-fold").click()
    at.tray.ready(f"log {phone}.txt")
    page.screenshot(path=pictures / f"tray-{375 if phone else 1280}.png")
    assert at.blemishes() == []
    at.tray.press("bodycam 7.bin", "Cancel")
    page.screenshot(path=pictures / f"tray-question-{375 if phone else 1280}.png")
    assert at.blemishes() == []
    page.get_by_role("dialog").get_by_role("button", name="Cancel the upload").click()
    expect(at.tray.row("bodycam 7.bin")).to_have_count(0)
