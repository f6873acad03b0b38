"""Signing in at the door, with password and authenticator, and out again."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.cast import PASSWORD, code_of, enrolled, person_of
from tests.e2e.conftest import Room
from tests.e2e.desks import Desk

Sit = Callable[..., Desk]


def give_password(page: Page, email: str) -> None:
    """Past the banner, both fields, and the button."""
    page.get_by_role("button", name="I understand and agree").click()
    page.get_by_label(re.compile("e-?mail", re.IGNORECASE)).fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def test_a_detective_signs_in_with_a_code_and_out_again(room: Room, desk: Sit) -> None:
    device, at = enrolled(room.alice), desk()
    page = at.open("/sign-in/")
    give_password(page, person_of(room.alice).email)
    page.get_by_label(re.compile("code", re.IGNORECASE)).fill(code_of(device))
    page.get_by_role("button").filter(has_text="Sign in").click()
    expect(page.get_by_role("navigation", name="Main")).to_be_visible()
    page.locator("summary").filter(has_text="Alice Archer").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Before you sign in")).to_be_visible()
    at.open("/cases/")
    assert "/sign-in/" in page.url


def test_a_wrong_code_says_what_to_do_and_lets_nobody_in(room: Room, desk: Sit) -> None:
    enrolled(room.bob)
    at = desk()
    at.expected.append("status of 4")
    page = at.open("/sign-in/")
    give_password(page, person_of(room.bob).email)
    page.get_by_label(re.compile("code", re.IGNORECASE)).fill("000000")
    page.get_by_role("button").filter(has_text="Sign in").click()
    expect(page.locator("main")).to_contain_text("code")
    expect(page.get_by_role("navigation", name="Main")).to_have_count(0)
