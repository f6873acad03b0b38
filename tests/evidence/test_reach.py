"""A stream goes on only while the access rule would open it: whatever changes, it stops within 2 s or 8 MiB."""

import os
from collections.abc import Callable

import pytest

from accounts import roles
from accounts.permissions import Role
from accounts.rights import CONSOLE
from custody.actors import Actor
from evidence import filing, integrity
from evidence.models import Case, Derivative, Item
from evidence.reading import Purpose
from tests.cast import acting, person_of
from tests.evidence.sending import sent
from tests.evidence.test_reading import stops, stream_of
from vault.errors import Corrupt

MIB = 1024 * 1024


@pytest.fixture
def video(bob: Actor, case: Case, bucket: str, run_jobs: Callable[[], int]) -> Item:
    item = sent(bob, os.urandom(12 * MIB), case=case.number).item
    run_jobs()
    facts = {"playable": {"value": "video/mp4", "source": "test"}}
    Item.objects.filter(pk=item.id).update(mime="video/mp4", kind="video", facts=facts)
    item.refresh_from_db()
    return item


def test_taking_the_role_stops_a_stream(bob: Actor, video: Item) -> None:
    _handle, chunks = stream_of(acting(bob), video)
    next(chunks)
    roles.take(CONSOLE, person_of(bob), Role.DETECTIVE)
    assert stops(chunks) <= 8 * MIB


def test_moving_the_item_out_of_the_case_stops_a_stream(
    alice: Actor, bob: Actor, video: Item, other_case: Case
) -> None:
    _handle, chunks = stream_of(acting(bob), video)
    next(chunks)
    filing.move(alice, video.id, to=other_case.id, reason="Wrong incident number")
    assert stops(chunks) <= 8 * MIB


def test_quarantine_stops_a_stream(bob: Actor, carl: Actor, video: Item) -> None:
    _handle, chunks = stream_of(acting(bob), video, Purpose.DOWNLOAD)
    next(chunks)
    integrity.found_damaged(carl, video, Corrupt("o/x/data", "1", 1, "a test"))
    assert stops(chunks) <= 8 * MIB


def test_no_range_is_served_once_the_item_is_out_of_reach(browser, alice: Actor, bob: Actor, video, other_case) -> None:
    client = browser(bob)
    url = client.post(f"/items/{video.id}/play/").json()["url"]
    answer = client.get(url, headers={"Range": "bytes=0-9"})
    assert (answer.status_code, len(b"".join(answer))) == (206, 10)
    filing.move(alice, video.id, to=other_case.id, reason="Wrong incident number")
    assert client.get(url, headers={"Range": "bytes=0-9"}).status_code == 410


def test_no_small_picture_is_served_once_its_item_is_out_of_reach(browser, alice, bob, case, video, other_case) -> None:
    from uuid_utils.compat import uuid7

    Derivative.objects.create(id=uuid7(), item=video, kind="poster", mime="image/webp", object_id=video.object_id)
    client = browser(bob)
    url = client.post(f"/cases/{case.id}/posters/", {"items": [str(video.id)]}, content_type="application/json").json()
    filing.move(alice, video.id, to=other_case.id, reason="Wrong incident number")
    assert client.get(url["posters"][str(video.id)]).status_code == 404
