"""The larger set of real files, by browser: each is sealed, and shown or honestly said not to be."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from evidence import cases
from evidence.models import Item
from tests.e2e.conftest import Room
from tests.e2e.desks import Desk

FOLDER = Path(os.environ.get("PROOFROOM_SAMPLES") or Path(__file__).parents[3] / "shared" / "samples")
FILES = sorted(path for kind in ("audio", "document", "photo", "video") for path in (FOLDER / kind).glob("*"))
PLAYS = ("bbb_960x540_60fps_vp8.webm", "count-video.mp4", "test-pod.m4a", "sample.wav")
SHOWS = ("DSCN0010.jpg", "iss634.webp", "exif.png", "landscape_6.jpg")
pytestmark = [pytest.mark.samples, pytest.mark.skipif(not FILES, reason=f"The samples are absent: {FOLDER}")]

Sit = Callable[..., Desk]


@pytest.mark.timeout(240)
def test_every_real_file_is_sealed_and_shown_or_honestly_not(room: Room, desk: Sit) -> None:
    case = cases.open_case(room.alice, title="Real files")
    at = desk(room.alice)
    at.open(f"/cases/{case.id}/")
    at.tray.pick(*FILES)
    at.tray.ready(*(path.name for path in FILES))
    items = {item.name: item for item in Item.objects.filter(filings__case=case)}
    assert set(items) == {path.name for path in FILES}
    for name in (*PLAYS, *SHOWS):
        page = at.open(f"/items/{items[name].id}/")
        expect(page.locator(".viewer")).not_to_contain_text("Being prepared", timeout=60_000)
        if name in SHOWS:
            at.until("document.querySelector('.viewer img')?.naturalWidth > 100")
            continue
        page.get_by_role("button", name="Play").click()
        at.until("document.querySelector('.viewer video, .viewer audio')?.currentTime > 0.3")
