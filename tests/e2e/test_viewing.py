"""Evidence out again: played with seeking, looked at, downloaded byte for byte, proven offline, never run."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from evidence import cases
from evidence.models import Item, Reading
from tests.e2e.conftest import Room, signed_in
from tests.e2e.desks import Desk
from tests.e2e.making import Samples

Sit = Callable[..., Desk]
ROOT = Path(__file__).resolve().parents[2]
FILES = ("webm", "mp4", "photo", "note", "page_with_script", "drawing_with_script")


@pytest.fixture(scope="module")
def shelf(room: Room, chromium: Browser, made: Samples) -> dict[str, str]:
    """Evidence of Alice's, put in by browser once: the path of the item page of each file."""
    case = cases.open_case(room.alice, title="Seen and downloaded")
    at = signed_in(Desk(chromium, room.url), room.alice)
    at.open(f"/cases/{case.id}/")
    paths = {name: getattr(made, name) for name in FILES}
    at.tray.pick(*paths.values())
    at.tray.ready(*(path.name for path in paths.values()))
    found = {name: at.tray.item_of(path.name) for name, path in paths.items()}
    at.context.close()
    return found


def settled(at: Desk, path: str) -> Page:
    """The item's page once its processing has ended."""
    page = at.open(path)
    expect(page.locator(".viewer")).not_to_contain_text("Being prepared", timeout=45_000)
    return page


@pytest.mark.parametrize("kind", ["webm", "mp4"])
def test_a_video_plays_from_the_original_and_seeks(room: Room, desk: Sit, shelf: dict[str, str], kind: str) -> None:
    at = desk(room.alice)
    page = settled(at, shelf[kind])
    page.get_by_role("button", name="Play").click()
    at.until("document.querySelector('video')?.currentTime > 0.5")
    page.evaluate("document.querySelector('video').currentTime = 8")
    at.until("document.querySelector('video').currentTime > 8.5")
    page.keyboard.press("Space")
    at.until("document.querySelector('video').paused")
    before = page.evaluate("document.querySelector('video').currentTime")
    page.keyboard.press("ArrowLeft")
    assert page.evaluate("document.querySelector('video').currentTime") == pytest.approx(before - 5, abs=0.3)


def test_what_was_watched_is_told_when_the_page_is_left(
    room: Room, desk: Sit, shelf: dict[str, str], wait_for: Callable[..., object]
) -> None:
    at = desk(room.alice)
    page = settled(at, shelf["webm"])
    page.get_by_role("button", name="Play").click()
    at.until("document.querySelector('video')?.currentTime > 1.2")
    at.follow("Home")
    played = Reading.objects.filter(purpose="play").order_by("-opened_at")
    wait_for(lambda: played.first().closed_at)  # type: ignore[union-attr]
    assert played.first().reported[0][0] == 0  # type: ignore[union-attr]


def test_a_photo_shows_as_our_own_preview_and_zooms(room: Room, desk: Sit, shelf: dict[str, str]) -> None:
    at = desk(room.alice)
    page = settled(at, shelf["photo"])
    image = page.locator(".viewer img")
    expect(image).to_be_visible()
    at.until("document.querySelector('.viewer img').naturalWidth > 300")
    width = image.bounding_box()["width"]  # type: ignore[index]
    page.keyboard.press("+")
    assert image.bounding_box()["width"] > width  # type: ignore[index]


@pytest.mark.parametrize("kind", ["webm", "note"])
def test_a_download_is_identical(room: Room, desk: Sit, shelf: dict[str, str], made: Samples, kind: str) -> None:
    page = settled(desk(room.alice), shelf[kind])
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Download").first.click()
    got, original = waiting.value.path(), getattr(made, kind)
    assert got.read_bytes() == original.read_bytes()
    assert waiting.value.suggested_filename == original.name


def test_the_custody_bundle_verifies_offline(
    room: Room, desk: Sit, shelf: dict[str, str], made: Samples, tmp_path: Path
) -> None:
    page = settled(desk(room.alice), shelf["note"])
    with page.expect_download(timeout=60_000) as waiting:
        page.get_by_role("button", name="custody bundle").click()
    bundle, key = tmp_path / "bundle.zip", tmp_path / "log.vkey"
    waiting.value.save_as(bundle)
    key.write_text(page.request.get("/log/vkey").text())
    command = [
        sys.executable,
        str(ROOT / "bin" / "proofroom"),
        "verify",
        str(bundle),
        "--key",
        str(key),
        "--file",
        str(made.note),
    ]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("kind", ["page_with_script", "drawing_with_script"])
def test_evidence_never_runs(room: Room, desk: Sit, shelf: dict[str, str], kind: str) -> None:
    at = desk(room.alice)
    ran: list[str] = []
    at.page.on("dialog", lambda dialog: ran.append(dialog.message))
    page = settled(at, shelf[kind])
    expect(page.locator(".viewer")).to_contain_text("Download the original")
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Download").first.click()
    assert waiting.value.suggested_filename.endswith((".html", ".svg"))
    assert "it ran" not in page.title()
    assert not ran


def test_the_custody_timeline_tells_it_in_words(room: Room, desk: Sit, shelf: dict[str, str]) -> None:
    page = desk(room.alice).open(shelf["note"] + "custody/")
    expect(page.locator(".timeline")).to_contain_text("Alice Archer")
    expect(page.locator(".timeline")).to_contain_text("sealed")
    assert Item.objects.get(id=shelf["note"].split("/")[2]).state == "sealed"
