"""Readings: opened before the first byte, watched while bytes flow, closed with what is known."""

import os
import time
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts import sessions
from accounts.models import Person, SignedInSession
from custody.actors import Actor
from custody.models import Entry, Opening
from evidence import members, playing, reading, sweeping
from evidence.models import Case, Grant, Item, Reading
from evidence.reading import Outcome, Purpose
from evidence.transfer_errors import DownloadLimitReached, ReadingEnded
from tests.cast import acting, person_of
from tests.evidence.sending import sent
from vault.models import VaultFile
from verifier.events import Event

SIZE = 12 * 1024 * 1024
Browser = Callable[[Actor], Client]


@pytest.fixture
def long_video(bob: Actor, case: Case, bucket: str, run_jobs: Callable[[], int]) -> Item:
    """Twelve megabytes in Alice's case, playable as far as its row goes."""
    item = sent(bob, os.urandom(SIZE), case=case.number).item
    run_jobs()
    facts = {"playable": {"value": "video/mp4", "source": "test"}}
    Item.objects.filter(pk=item.id).update(mime="video/mp4", kind="video", facts=facts)
    item.refresh_from_db()
    return item


def stream_of(
    actor: Actor, item: Item, purpose: Reading.Purpose = Purpose.PLAY
) -> tuple[reading.Handle, Iterator[memoryview]]:
    """A reading of somebody's and its bytes."""
    handle = reading.open_reading(actor, [item.id], purpose)
    file = VaultFile.objects.select_related("object").get(object=item.object_id, kind="data")
    return handle, handle.read(file)


def stops(chunks: Iterator[memoryview], within: float = 2.5) -> int:
    """How many bytes still come until the stream is stopped; one segment is taken every tenth of a second."""
    came, deadline = 0, time.monotonic() + within
    try:
        while time.monotonic() < deadline:
            came += len(next(chunks))
            time.sleep(0.25)
    except ReadingEnded:
        return came
    pytest.fail("the stream went on")


def fields_of(entry_id: object) -> dict[str, str]:
    """The opened fields of an entry."""
    return dict(Opening.objects.filter(entry=entry_id).values_list("name", "value"))


def test_revoking_the_grant_stops_a_stream(alice: Actor, bob: Actor, case: Case, long_video: Item) -> None:
    handle, chunks = stream_of(acting(bob), long_video)
    next(chunks)
    members.remove_member(alice, case.id, person_of(bob).id)
    assert stops(chunks) <= 8 * 1024 * 1024
    closed = Reading.objects.get(pk=handle.id)
    assert (closed.outcome, closed.streams) == ("revoked", 0)
    assert Entry.objects.get(pk=closed.closing_entry).event == Event.READING_CLOSED


def test_signing_out_stops_a_stream(bob: Actor, long_video: Item) -> None:
    actor = acting(bob)
    _handle, chunks = stream_of(actor, long_video)
    next(chunks)
    SignedInSession.objects.filter(digest=actor.session).update(ended_at=timezone.now())
    assert stops(chunks) <= 8 * 1024 * 1024


def test_a_lock_stops_a_stream(bob: Actor, long_video: Item) -> None:
    _handle, chunks = stream_of(acting(bob), long_video)
    next(chunks)
    Person.objects.filter(pk=bob.id).update(locked_at=timezone.now())
    assert stops(chunks) <= 8 * 1024 * 1024


def test_a_grant_that_runs_out_stops_a_stream(bob: Actor, long_video: Item) -> None:
    handle, chunks = stream_of(acting(bob), long_video)
    next(chunks)
    Grant.objects.filter(pk=handle.reading.grant).update(ends_at=timezone.now())
    assert stops(chunks) <= 8 * 1024 * 1024


def test_nobody_elses_trouble_stops_a_stream(alice: Actor, bob: Actor, long_video: Item) -> None:
    handle, chunks = stream_of(acting(alice), long_video)
    next(chunks)
    Person.objects.filter(pk=bob.id).update(locked_at=timezone.now())
    time.sleep(1.5)
    assert sum(len(chunk) for chunk in chunks) > SIZE - 3_000_000
    assert Reading.objects.get(pk=handle.id).bytes == SIZE


def test_seeking_is_one_reading(browser: Browser, bob: Actor, long_video: Item) -> None:
    client = browser(bob)
    opened = client.post(f"/items/{long_video.id}/play/").json()
    for asked in ("bytes=0-999", "bytes=500-1999", "bytes=9000000-9000009"):
        answer = client.get(opened["url"], headers={"Range": asked})
        assert (answer.status_code, answer["Content-Type"]) == (206, "video/mp4")
        b"".join(answer)  # type: ignore[arg-type]
    assert Reading.objects.get(pk=opened["reading"]).ranges == [[0, 1999], [9_000_000, 9_000_009]]
    assert Entry.objects.filter(event=Event.READING_OPENED, actor_id=bob.id).count() == 1


def test_the_player_tells_what_was_watched(browser: Browser, bob: Actor, long_video: Item) -> None:
    client = browser(bob)
    opened = client.post(f"/items/{long_video.id}/play/").json()
    b"".join(client.get(opened["url"], headers={"Range": "bytes=0-999"}))  # type: ignore[arg-type]
    beacon = {"watched": [[0, 40.2], [39, 80]], "ended": True}
    url = f"/readings/{opened['reading']}/beacon"
    assert client.post(url, beacon, content_type="application/json").status_code == 204
    closed = Reading.objects.get(pk=opened["reading"])
    assert (closed.outcome, closed.reported) == ("ended", [[0, 80]])
    assert fields_of(closed.closing_entry)["reported"] == "0:00\N{EN DASH}1:20"
    assert client.get(opened["url"]).status_code == 410


def test_a_beacon_for_a_stranger_is_nothing(browser: Browser, alice: Actor, bob: Actor, long_video: Item) -> None:
    opened = browser(bob).post(f"/items/{long_video.id}/play/").json()
    url = f"/readings/{opened['reading']}/beacon"
    assert browser(alice).post(url, {"ended": True}, content_type="application/json").status_code == 404


def test_downloads_are_counted_where_a_grant_limits_them(alice: Actor, long_video: Item) -> None:
    Grant.objects.filter(to_person=alice.id).update(download_limit=1)
    stream_of(acting(alice), long_video, Purpose.DOWNLOAD)
    with pytest.raises(DownloadLimitReached, match="1 downloads"):
        stream_of(acting(alice), long_video, Purpose.DOWNLOAD)
    assert Reading.objects.filter(purpose="download").count() == 1


def test_a_killed_process_leaves_a_reading_that_is_swept(bob: Actor, long_video: Item) -> None:
    handle = reading.open_reading(acting(bob), [long_video.id], Purpose.DOWNLOAD)
    long_ago = timezone.now() - timedelta(minutes=2)
    Reading.objects.filter(pk=handle.id).update(streams=1, bytes=77, heartbeat_at=long_ago)
    assert sweeping.close_left_readings() == 1
    assert sweeping.close_left_readings() == 0
    closed = Reading.objects.get(pk=handle.id)
    assert (closed.outcome, closed.bytes) == ("interrupted", 77)


def test_sealing_is_a_reading_of_its_job(long_video: Item) -> None:
    seal = Reading.objects.get(purpose=Purpose.SEAL)
    assert (seal.person, seal.bytes, seal.outcome) == (None, SIZE, Outcome.COMPLETE)
    assert Entry.objects.get(pk=seal.opening_entry).event == Event.UPLOAD_FINISHED
    assert Entry.objects.get(pk=seal.closing_entry).event == Event.ITEM_SEALED
    assert seal.actor["job_kind"] == "item.seal"


def test_a_grid_is_one_reading_for_ten_minutes(bob: Actor, long_video: Item) -> None:
    actor = acting(bob)
    first = reading.open_list(actor, [long_video.id])
    assert reading.open_list(actor, [long_video.id]).id == first.id
    assert reading.open_list(acting(bob), [long_video.id]).id != first.id
    Reading.objects.filter(pk=first.id).update(opened_at=timezone.now() - timedelta(minutes=11))
    assert reading.open_list(actor, [long_video.id]).id != first.id


def test_a_grid_without_pictures_opens_nothing(alice: Actor, case: Case, long_video: Item) -> None:
    assert playing.open_posters(acting(alice), case.id, [long_video.id]) == (None, [])
    assert not Reading.objects.filter(purpose=Purpose.LIST).exists()


def test_html_as_evidence_never_plays(
    browser: Browser, bob: Actor, case: Case, bucket: str, run_jobs: Callable[[], int]
) -> None:
    item = sent(bob, b"<script>alert(1)</script>", case=case.number, filename="page.html").item
    run_jobs()
    answer = browser(bob).post(f"/items/{item.id}/play/", headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (409, "item-not-playable")


def test_an_open_stream_needs_no_connection(bob: Actor, long_video: Item) -> None:
    from django.db import connection

    _handle, chunks = stream_of(acting(bob), long_video)
    next(chunks)
    connection.close()
    next(chunks)
    assert connection.connection is None
    chunks.close()  # type: ignore[attr-defined]


def test_session_of_another_kind_is_no_ground(bob: Actor, long_video: Item) -> None:
    handle = reading.open_reading(acting(bob), [long_video.id], Purpose.PLAY)
    _other, _secret = sessions.open_session(Person.objects.get(pk=bob.id))
    with pytest.raises(Exception, match="nothing here"):
        reading.resume(acting(bob), handle.id, Purpose.PLAY)
