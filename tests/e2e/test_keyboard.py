"""Everything by keyboard."""

import time
from collections.abc import Callable

from playwright.sync_api import expect

from evidence import cases
from tests.e2e.conftest import Room
from tests.e2e.desks import Desk

Sit = Callable[..., Desk]


def test_the_first_tab_skips_to_the_content(room: Room, desk: Sit) -> None:
    page = desk(room.alice).open("/cases/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the main content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def test_slash_searches_and_j_goes_down_a_list(room: Room, desk: Sit) -> None:
    case = cases.open_case(room.alice, title="Found by its number")
    page = desk(room.alice).open("/cases/")
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.closest('tr') !== null")
    page.keyboard.press("/")
    page.keyboard.type(case.number)
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text("Found by its number")


def test_a_question_mark_lists_the_keys_and_the_switch_turns_them_off(room: Room, desk: Sit) -> None:
    page = desk(room.alice).open("/cases/")
    page.keyboard.press("?")
    page.get_by_text("Single keys do something on this browser").click()
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.type") != "search"


def test_the_last_click_wins(room: Room, desk: Sit) -> None:
    at = desk(room.alice)
    page = at.open("/")
    at.expected.append("htmx:(sendAbort|afterRequest)")  # it says on the console that it gave up
    page.route("**/cases/", lambda route: (time.sleep(0.7), route.continue_()))
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Cases").click()
    at.follow("Search")
    time.sleep(1)
    expect(page.locator("h1")).to_have_text("Search")


def test_a_navigation_moves_focus_to_the_heading_and_marks_the_room(room: Room, desk: Sit) -> None:
    at = desk(room.alice)
    page = at.open("/")
    at.follow("Cases")
    assert page.title().startswith("Cases")
    expect(page.get_by_role("link", name="Cases", exact=True).first).to_have_attribute("aria-current", "page")
    page.go_back()
    expect(page.get_by_role("link", name="Home", exact=True)).to_have_attribute("aria-current", "page")
