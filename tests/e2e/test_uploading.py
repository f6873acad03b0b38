"""Evidence in by browser: files and folders, the tray's promises, what stops and goes on."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Request, Response, expect

from evidence import cases
from evidence.models import Case, Item, Upload
from tests.e2e.conftest import Room
from tests.e2e.desks import Desk
from tests.e2e.making import Samples
from verifier.streams import plain_part_bytes

Sit = Callable[..., Desk]


@pytest.fixture
def case(room: Room) -> Case:
    """A case of Alice's."""
    return cases.open_case(room.alice, title="Robbery, Mill Street pharmacy")


def open_case_page(desk: Desk, case: Case) -> Desk:
    desk.open(f"/cases/{case.id}/")
    return desk


def test_dropped_files_and_a_folder_become_sealed_items(room: Room, desk: Sit, case: Case, made: Samples) -> None:
    at = open_case_page(desk(room.alice), case)
    at.drop([made.note, made.photo, made.empty, made.tree("scene")])
    at.tray.ready("interview notes.txt", "DSCN0001.jpg", "empty.log", "scene/first.txt", "scene/deep/second.txt")
    items = Item.objects.filter(filings__case=case)
    assert {item.name for item in items} == {
        "interview notes.txt", "DSCN0001.jpg", "empty.log", "first.txt", "second.txt",
    }  # fmt: skip
    assert all(item.sha256 == item.source_sha256 for item in items)


def test_the_case_page_follows_without_a_reload(room: Room, desk: Sit, case: Case, made: Samples) -> None:
    at = open_case_page(desk(room.alice), case)
    at.tray.pick(made.note)
    at.tray.ready("interview notes.txt")
    expect(at.page.locator("#items")).to_contain_text("Sealed", timeout=25_000)
    expect(at.page.locator("#tabs")).to_contain_text("Evidence1")


def test_an_upload_survives_navigation_and_can_pause(room: Room, desk: Sit, case: Case, made: Samples) -> None:
    at = open_case_page(desk(room.alice), case)
    at.slow_down(4_000_000)
    at.tray.pick(made.large("long.bin", 16))
    at.tray.says("long.bin", "Sending")
    at.follow("Home")
    at.follow("Cases")
    at.tray.press("long.bin", "Pause")
    at.tray.says("long.bin", "Paused")
    at.tray.press("long.bin", "Resume")
    at.slow_down(-1)
    at.tray.ready("long.bin")


def test_a_file_without_a_case_asks_where_it_belongs(room: Room, desk: Sit, case: Case, made: Samples) -> None:
    at = desk(room.alice)
    at.open("/")
    at.tray.pick(made.text("stray.txt", "found in the car"))
    question = at.page.get_by_role("dialog", name="Where does this belong?")
    question.get_by_label("Case").select_option(str(case.id))
    question.get_by_role("button", name="Add evidence").click()
    at.tray.ready("stray.txt")
    assert Item.objects.get(name="stray.txt").filings.get().case == case


def test_a_cancelled_upload_asks_first_and_is_not_completed(room: Room, desk: Sit, case: Case, made: Samples) -> None:
    at = open_case_page(desk(room.alice), case)
    at.expected.append("status of 410")  # the hash may have been on its way when the upload ended
    at.slow_down(2_000_000)
    at.tray.pick(made.large("wrong.bin", 16))
    at.tray.says("wrong.bin", "Sending")
    at.tray.press("wrong.bin", "Cancel")
    at.page.get_by_role("dialog").get_by_role("button", name="Cancel the upload").click()
    expect(at.tray.row("wrong.bin")).to_have_count(0)
    assert Item.objects.get(name="wrong.bin").state == Item.State.ABANDONED


def test_a_closed_tab_is_resumed_with_no_more_than_the_rest_and_one_part(
    room: Room, desk: Sit, case: Case, made: Samples
) -> None:
    at, large = desk(room.alice), made.large("interview room.bin", 160)
    close_in_the_middle(open_case_page(at, case), large)
    upload = Upload.objects.get(item__name=large.name)
    assert 0 < upload.offset < large.stat().st_size
    at.new_page()
    sent: list[int] = []
    found: list[int] = []
    at.page.on("request", lambda request: sent.append(length_of(request)))
    at.page.on("response", lambda answer: found.extend(offset_in(answer)))
    at.open("/")
    at.tray.says(large.name, "Choose the file again to go on", timeout=10_000)
    at.tray.pick(large)
    at.tray.ready(large.name)
    # What was on the way when the tab closed may have become durable since; not a byte more than is missing is sent.
    assert sum(sent) == large.stat().st_size - found[-1]
    assert sum(sent) <= large.stat().st_size - upload.offset + plain_part_bytes()
    assert Item.objects.filter(name=large.name).count() == 1
    assert Item.objects.get(name=large.name).sha256 == Upload.objects.get(pk=upload.pk).source_sha256


def close_in_the_middle(at: Desk, large: Path) -> None:
    at.slow_down(30_000_000)
    at.tray.pick(large)
    at.until("document.querySelector('.tray-row progress')?.value > 70e6", seconds=60)
    at.page.close(run_before_unload=False)


def offset_in(answer: Response) -> list[int]:
    return [int(answer.headers["upload-offset"])] if answer.request.method == "HEAD" else []


def length_of(request: Request) -> int:
    return int(request.all_headers().get("content-length", 0)) if request.method == "PATCH" else 0


def test_signing_out_names_what_is_on_its_way_first(room: Room, desk: Sit, case: Case, made: Samples) -> None:
    at = open_case_page(desk(room.alice), case)
    at.slow_down(2_000_000)
    at.tray.pick(made.large("bodycam.bin", 16))
    at.tray.says("bodycam.bin", "Sending")
    at.page.locator("summary").filter(has_text="Alice Archer").click()
    at.page.get_by_role("button", name="Sign out").click()
    question = at.page.get_by_role("dialog", name="Sign out while files are being sent?")
    expect(question).to_contain_text("bodycam.bin")
    question.get_by_role("button", name="Sign out").click()
    expect(at.page.get_by_role("heading", name="Before you sign in")).to_be_visible()
