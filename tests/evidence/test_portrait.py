"""Facts as people read them."""

from collections.abc import Callable
from datetime import UTC, datetime

from django.test import Client

from custody.actors import Actor
from evidence import portrait
from evidence.models import Case
from tests.exhibits import file_item


def said(facts: dict[str, object]) -> dict[str, str]:
    return {row.label: row.value for row in portrait.rows(facts)}


def test_it_tells_what_people_ask_for() -> None:
    assert said({
        "width": {"value": 640, "source": "video"}, "height": {"value": 360, "source": "video"},
        "duration": {"value": 192.5, "source": "container"}, "make": {"value": "NIKON", "source": "EXIF"},
        "model": {"value": "COOLPIX P6000", "source": "EXIF"},
        "gps": {"value": {"lat": 43.467, "lon": 11.885}, "source": "EXIF GPS", "plausible": True},
        "streams": {"value": [{"type": "video", "codec": "h264"}, {"type": "audio", "codec": "aac"}]},
    }) == {
        "Dimensions": "640 × 360", "Length": "3:12.500", "Camera": "NIKON COOLPIX P6000", "Place": "43.467, 11.885",
        "Streams": "video h264, audio aac",
    }  # fmt: skip


def test_a_clock_without_a_zone_is_never_told_as_utc() -> None:
    captured = {"value": "2026-11-22T23:14:07", "zone": "local", "source": "EXIF"}
    (row,) = portrait.rows({"captured": captured})
    assert row == ("Captured", "22 Nov 2026 23:14:07", "camera clock, no zone, EXIF", None)


def test_a_moment_that_the_source_knows_is_told_as_one() -> None:
    captured = {"value": "2026-11-22T23:14:07Z", "zone": "utc", "source": "QuickTime"}
    (row,) = portrait.rows({"captured": captured})
    assert (row.value, row.at) == ("22 Nov 2026 23:14:07 UTC", datetime(2026, 11, 22, 23, 14, 7, tzinfo=UTC))


def test_a_time_of_no_known_form_is_told_as_it_stands() -> None:
    (row,) = portrait.rows({"captured": {"value": "some day", "zone": "local"}})
    assert (row.value, row.at) == ("some day", None)


def test_an_impossible_place_is_marked() -> None:
    place = {"value": {"lat": 0, "lon": 0}, "plausible": False}
    assert said({"gps": place}) == {"Place": "0, 0 (can't be right)"}


def test_what_has_no_known_form_is_left_out() -> None:
    assert said({"gps": {"value": "here"}, "streams": {"value": 7}, "duration": {"value": "long"}, "width": 640}) == {}


def test_a_local_time_of_capture_gets_no_zone_anywhere(
    alice: Actor, case: Case, browser: Callable[[Actor], Client]
) -> None:
    captured = {"value": "2026-11-22T23:14:07", "zone": "local", "source": "EXIF"}
    item = file_item(alice, case, facts={"captured": captured}, captured_at="2026-11-23T05:14:07Z")
    told = browser(alice).get(f"/api/v1/items/{item.id}/").json()
    assert (told["captured_at"], told["captured_zone"]) == ("2026-11-22T23:14:07", "local")
    row = browser(alice).get(f"/cases/{case.id}/export/").content.decode().splitlines()[1]
    assert ",2026-11-22T23:14:07,local," in row
