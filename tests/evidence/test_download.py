"""Out again: whole and by range, as attachment, under a reading."""

import os
from collections.abc import Callable

import pytest
from django.test import Client

from custody.actors import Actor
from custody.models import Entry
from evidence.models import Case, Item, Reading
from tests.cast import bearer
from tests.evidence.sending import sent
from verifier.events import Event

DATA = os.urandom(3_000_000)
Browser = Callable[[Actor], Client]


@pytest.fixture
def video(alice: Actor, case: Case, bucket: str, run_jobs: Callable[[], int]) -> Item:
    """A sealed file of three million bytes in Alice's case."""
    sender = sent(alice, DATA, case=case.number, filename="camera 4.mp4")
    run_jobs()
    return sender.item


def opened(client: Client, item: Item) -> str:
    """The address of a download that was just opened."""
    answer = client.post(f"/items/{item.id}/download/")
    assert answer.status_code == 302, answer.content
    return str(answer["Location"])


def test_it_comes_out_byte_for_byte_as_attachment(browser: Browser, alice: Actor, video: Item) -> None:
    client = browser(alice)
    answer = client.get(opened(client, video))
    assert b"".join(answer) == DATA  # type: ignore[arg-type]
    assert answer["Content-Disposition"].startswith("attachment;")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer["Cache-Control"] == "no-store"
    assert answer["ETag"] == f'"{video.sha256}"'


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [("bytes=0-0", 0, 0), ("bytes=1048000-2097400", 1_048_000, 2_097_400), ("bytes=2999990-", 2_999_990, 2_999_999),
     ("bytes=-5", 2_999_995, 2_999_999), ("bytes=5-9999999", 5, 2_999_999)],
)  # fmt: skip
def test_it_gives_ranges(browser: Browser, alice: Actor, video: Item, asked: str, first: int, last: int) -> None:
    client = browser(alice)
    answer = client.get(opened(client, video), headers={"Range": asked})
    assert answer.status_code == 206
    assert answer["Content-Range"] == f"bytes {first}-{last}/3000000"
    assert b"".join(answer) == DATA[first : last + 1]  # type: ignore[arg-type]


def test_it_refuses_a_range_after_the_end(browser: Browser, alice: Actor, video: Item) -> None:
    client = browser(alice)
    answer = client.get(opened(client, video), headers={"Range": "bytes=3000000-"})
    assert (answer.status_code, answer["Content-Range"]) == (416, "bytes */3000000")


@pytest.mark.parametrize("asked", ["bytes=0-1,5-6", "bytes=9-3", "lines=1-2", "bytes=x-"])
def test_it_answers_what_it_does_not_do_with_the_whole(
    browser: Browser, alice: Actor, video: Item, asked: str
) -> None:  # fmt: skip
    client = browser(alice)
    answer = client.get(opened(client, video), headers={"Range": asked})
    assert (answer.status_code, answer["Content-Length"]) == (200, "3000000")
    assert b"".join(answer) == DATA  # type: ignore[arg-type]


def test_if_range_of_another_version_gives_the_whole(browser: Browser, alice: Actor, video: Item) -> None:
    client = browser(alice)
    url = opened(client, video)
    for tag, status in (('"other"', 200), (f'"{video.sha256}"', 206)):
        answer = client.get(url, headers={"Range": "bytes=0-9", "If-Range": tag})
        answer.close()
        assert answer.status_code == status


def test_head_says_the_size_and_sends_nothing(browser: Browser, alice: Actor, video: Item) -> None:
    client = browser(alice)
    answer = client.head(opened(client, video))
    assert (answer["Content-Length"], answer.content) == ("3000000", b"")


def test_a_download_is_an_entry_before_and_after(browser: Browser, alice: Actor, video: Item) -> None:
    client = browser(alice)
    url = opened(client, video)
    assert Entry.objects.filter(event=Event.READING_OPENED, actor_id=alice.id).count() == 1
    assert not Entry.objects.filter(event=Event.READING_CLOSED, actor_id=alice.id).exists()
    b"".join(client.get(url))  # type: ignore[arg-type]
    done = Reading.objects.get(purpose="download")
    assert (done.outcome, done.bytes, done.ranges) == ("complete", len(DATA), [[0, len(DATA) - 1]])
    assert Entry.objects.get(pk=done.closing_entry).event == Event.READING_CLOSED


def test_two_ranges_make_one_whole_download(browser: Browser, alice: Actor, video: Item) -> None:
    client = browser(alice)
    url = opened(client, video)
    b"".join(client.get(url, headers={"Range": "bytes=1500000-"}))  # type: ignore[arg-type]
    assert Reading.objects.get(purpose="download").closed_at is None
    b"".join(client.get(url, headers={"Range": "bytes=0-1499999"}))  # type: ignore[arg-type]
    assert Reading.objects.get(purpose="download").outcome == "complete"
    assert client.get(url).status_code == 410


def test_the_address_is_good_for_its_session_only(
    browser: Browser, alice: Actor, bob: Actor, video: Item
) -> None:  # fmt: skip
    url = opened(browser(alice), video)
    assert browser(bob).get(url).status_code == 404
    assert browser(alice).get(url).status_code == 404


def test_a_stranger_gets_nothing(browser: Browser, charlie: Actor, audrey: Actor, video: Item) -> None:
    assert browser(charlie).post(f"/items/{video.id}/download/").status_code == 404
    assert browser(audrey).post(f"/items/{video.id}/download/").status_code == 403
    assert not Reading.objects.filter(purpose="download").exists()


def test_it_waits_for_the_seal(browser: Browser, alice: Actor, bucket: str) -> None:
    item = sent(alice, b"not sealed yet").item
    answer = browser(alice).post(f"/items/{item.id}/download/")
    assert (answer.status_code, answer["Retry-After"]) == (409, "5")


def test_a_program_takes_it_by_one_request(client: Client, alice: Actor, video: Item) -> None:
    answer = client.get(f"/api/v1/items/{video.id}/content", headers={**bearer(alice), "Accept": "application/zip"})
    assert b"".join(answer) == DATA  # type: ignore[arg-type]
    assert Reading.objects.get(purpose="download").outcome == "complete"


def test_a_program_resumes_by_range(client: Client, alice: Actor, video: Item) -> None:
    headers = bearer(alice)
    answer = client.get(f"/api/v1/items/{video.id}/content", headers={**headers, "Range": "bytes=2999000-"})
    assert b"".join(answer) == DATA[2_999_000:]  # type: ignore[arg-type]
    assert client.head(f"/api/v1/items/{video.id}/content", headers=headers)["Content-Length"] == "3000000"


def test_one_that_is_left_in_the_middle_says_so(client: Client, alice: Actor, video: Item) -> None:
    answer = client.get(f"/api/v1/items/{video.id}/content", headers=bearer(alice))
    next(iter(answer))
    answer.close()
    left = Reading.objects.get(purpose="download")
    assert (left.outcome, left.streams) == ("interrupted", 0)
    assert left.bytes < len(DATA)


@pytest.mark.parametrize(
    ("name", "plain"),
    [("../../etc/passwd", '".._.._etc_passwd"'), ("a\nb\rSet-Cookie: x=1", "a__b__Set-Cookie"), ("evil\u202efdp.exe", "evil_fdp.exe"),
     ('quote"and\\back', "quote_and_back"), ("\x00", "_")],
)  # fmt: skip
def test_hostile_names_are_harmless(
    browser: Browser, alice: Actor, bucket: str, run_jobs: Callable[[], int], name: str, plain: str
) -> None:  # fmt: skip
    item = sent(alice, b"x", filename=name).item
    run_jobs()
    client = browser(alice)
    said = client.head(opened(client, item))["Content-Disposition"]
    assert not any(char in said for char in "\r\n\x00")
    assert said.startswith('attachment; filename="')


def test_an_empty_file_comes_out_empty(
    browser: Browser, alice: Actor, bucket: str, run_jobs: Callable[[], int]
) -> None:  # fmt: skip
    item = sent(alice, b"", filename="nothing.txt").item
    run_jobs()
    client = browser(alice)
    answer = client.get(opened(client, item))
    assert (answer.status_code, b"".join(answer)) == (200, b"")  # type: ignore[arg-type]
    assert Reading.objects.get(purpose="download").outcome == "complete"
