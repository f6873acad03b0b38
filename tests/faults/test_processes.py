"""Real processes and real services die in the middle. What was acknowledged is there afterwards, and nothing is stuck."""

import hashlib
import http.client
import os
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests
from django.db import connections
from django.utils import timezone
from tusclient.client import TusClient

from custody.actors import Actor
from evidence import sweeping
from evidence.models import Case, Item, Upload
from jobs.models import Job
from tests.cast import bearer
from tests.evidence.sending import CHUNK, TUS, metadata
from tests.live import Live, WaitFor
from tests.stack import Stack

MIB = 1024 * 1024


class Remote:
    """A program that uploads over real HTTP, to whichever web process it is told."""

    def __init__(self, actor: Actor, length: int, url: str, **said: str) -> None:
        """Begin an upload."""
        headers = {**TUS, **bearer(actor), "Upload-Length": str(length),
                   "Upload-Metadata": metadata(**{"filename": "body camera.mp4", **said})}  # fmt: skip
        answer = requests.post(f"{url}/api/v1/uploads/", headers=headers, timeout=30)
        assert answer.status_code == 201, answer.text
        self.path = urlsplit(answer.headers["Location"]).path
        self.credential, self.item = answer.headers["Proofroom-Credential"], answer.headers["Proofroom-Item"]

    def headers(self, **more: str) -> dict[str, str]:
        """What a request carries."""
        return {**TUS, "Authorization": f"Upload {self.credential}", **more}

    def offset(self, url: str) -> int:
        """HEAD."""
        answer = requests.head(url + self.path, headers=self.headers(), timeout=30)
        assert answer.status_code == 200, answer.status_code
        return int(answer.headers["Upload-Offset"])

    def send(self, url: str, offset: int, data: bytes) -> requests.Response:
        """PATCH."""
        headers = self.headers(**{"Upload-Offset": str(offset), "Content-Type": CHUNK})
        return requests.patch(url + self.path, data=data, headers=headers, timeout=60)

    def begin_sending(self, url: str, offset: int, announced: int, data: bytes) -> http.client.HTTPConnection:
        """The beginning of a PATCH that announces more than it sends."""
        connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=30)
        connection.putrequest("PATCH", self.path)
        for name, value in self.headers(**{"Upload-Offset": str(offset), "Content-Type": CHUNK}).items():
            connection.putheader(name, value)
        connection.putheader("Content-Length", str(announced))
        connection.endheaders()
        connection.send(data)
        return connection

    def row(self) -> Item:
        """The item."""
        return Item.objects.get(pk=self.item)


def sealed(remote: Remote, data: bytes) -> bool:
    """Sealed, and as it was sent."""
    return (remote.row().state, remote.row().sha256) == ("sealed", hashlib.sha256(data).hexdigest())


@pytest.fixture
def video() -> bytes:
    """Thirty-eight megabytes: a part, and some of another."""
    return os.urandom(38 * MIB)


def test_a_hundred_small_chunks_each_to_another_process(
    live_stack: Live, alice: Actor, case: Case, run_jobs: Callable[[], int]
) -> None:  # fmt: skip
    urls, data = [live_stack.web(), live_stack.web()], os.urandom(100 * MIB)
    remote = Remote(alice, len(data), urls[0], case=case.number)
    for number in range(100):
        answer = remote.send(urls[number % 2], number * MIB, data[number * MIB : (number + 1) * MIB])
        assert (answer.status_code, answer.headers["Upload-Offset"]) == (204, str((number + 1) * MIB))
    run_jobs()
    assert sealed(remote, data)


def test_tuspy_uploads_and_resumes(live: str, alice: Actor, tmp_path: Path, run_jobs: Callable[[], int]) -> None:
    path = tmp_path / "interview.mp4"
    path.write_bytes(data := os.urandom(5 * MIB + 17))
    begun = Remote(alice, len(data), live)
    client = TusClient(live + "/api/v1/uploads/", headers={"Authorization": f"Upload {begun.credential}"})
    with path.open("rb") as file:
        client.uploader(
            file_stream=file, url=live + begun.path, chunk_size=2 * MIB, upload_checksum=True
        ).upload_chunk()
        assert begun.offset(live) == 2 * MIB
        client.uploader(file_stream=file, url=live + begun.path, chunk_size=2 * MIB).upload()
    run_jobs()
    assert sealed(begun, data)


def test_what_came_before_the_cable_was_cut_is_kept(
    live: str, alice: Actor, wait_for: WaitFor, run_jobs: Callable[[], int], video: bytes
) -> None:  # fmt: skip
    remote = Remote(alice, len(video), live)
    remote.begin_sending(live, 0, len(video), video[: 36 * MIB]).close()
    wait_for(lambda: remote.offset(live) == 36 * MIB)
    assert remote.send(live, 36 * MIB, video[36 * MIB :]).status_code == 204
    run_jobs()
    assert sealed(remote, video)


def test_web_killed_in_the_middle_of_a_chunk(
    live_stack: Live, alice: Actor, wait_for: WaitFor, run_jobs: Callable[[], int], video: bytes
) -> None:  # fmt: skip
    first = live_stack.web()
    remote = Remote(alice, len(video), first)
    with closing(remote.begin_sending(first, 0, len(video), video[: 33 * MIB])):
        wait_for(lambda: Upload.objects.get(item=remote.item).offset > 0)
        live_stack.processes[0].kill()
    second = live_stack.web()
    begun = time.monotonic()
    wait_for(lambda: remote.send(second, remote.offset(second), video[remote.offset(second) :]).status_code == 204)
    assert time.monotonic() - begun < 15, "a client that comes back at once is not kept waiting"
    run_jobs()
    assert sealed(remote, video)


def test_two_writers_and_one_file(
    live_stack: Live, alice: Actor, wait_for: WaitFor, run_jobs: Callable[[], int], video: bytes
) -> None:
    urls = [live_stack.web(), live_stack.web()]
    remote = Remote(alice, len(video), urls[0])
    slow = remote.begin_sending(urls[0], 0, len(video), video[:MIB])
    wait_for(lambda: Upload.objects.get(item=remote.item).fence == 1)
    refused = remote.send(urls[1], 0, video[:MIB])
    assert (refused.status_code, refused.json()["code"]) == (423, "upload-busy")
    assert int(refused.headers["Retry-After"]) <= 10
    slow.send(video[MIB:])
    assert slow.getresponse().status == 204
    slow.close()
    run_jobs()
    assert sealed(remote, video)


def test_a_refused_chunk_still_hears_why(live: str, alice: Actor, video: bytes) -> None:
    remote = Remote(alice, len(video), live)
    answer = remote.send(live, 7, video[7:])
    assert (answer.status_code, answer.json()["code"]) == (409, "upload-offset")


def test_postgresql_restarts_under_an_upload(
    live: str, services: Stack, alice: Actor, wait_for: WaitFor, run_jobs: Callable[[], int], video: bytes
) -> None:
    remote = Remote(alice, len(video), live)
    with closing(remote.begin_sending(live, 0, len(video), video[: 35 * MIB])) as connection:
        wait_for(lambda: Upload.objects.get(item=remote.item).offset > 0)
        connections.close_all()
        services.postgres.stop()
        services.postgres.start()
        connection.send(video[35 * MIB :])
        connection.getresponse()  # no connection was held: mostly it is 204; a lease renewed at that moment breaks it
    offset = remote.offset(live)
    assert offset >= 32 * MIB - 560
    assert offset == len(video) or remote.send(live, offset, video[offset:]).status_code == 204
    run_jobs()
    assert sealed(remote, video)


def test_s3_is_away_and_back(
    live: str, services: Stack, alice: Actor, wait_for: WaitFor, run_jobs: Callable[[], int], video: bytes
) -> None:  # fmt: skip
    remote = Remote(alice, len(video), live)
    assert remote.send(live, 0, video[: 35 * MIB]).status_code == 204
    services.objects.stop()
    away = remote.send(live, 35 * MIB, video[35 * MIB :])
    assert (away.status_code, away.json()["code"]) == (503, "store-unavailable")
    services.objects.start()
    services.objects.wait()
    wait_for(lambda: remote.send(live, remote.offset(live), video[remote.offset(live) :]).status_code == 204)
    run_jobs()
    assert sealed(remote, video)


@pytest.fixture
def no_broker(services: Stack) -> Iterator[None]:
    """The broker is gone, with its whole memory; another comes after the test."""
    services.broker.stop()
    yield
    services.broker.start()


def test_the_broker_is_lost(
    live_stack: Live, alice: Actor, no_broker: None, run_jobs: Callable[[], int], video: bytes
) -> None:  # fmt: skip
    url = live_stack.web()
    remote = Remote(alice, len(video), url)
    assert remote.send(url, 0, video).status_code == 204
    assert remote.row().state == Item.State.RECEIVED
    run_jobs()
    assert sealed(remote, video)


def test_a_worker_killed_while_it_seals(
    live_stack: Live, alice: Actor, wait_for: WaitFor, run_jobs: Callable[[], int]
) -> None:  # fmt: skip
    url, data = live_stack.web(), os.urandom(130 * MIB)
    live_stack.worker("seal")
    remote = Remote(alice, len(data), url)
    assert remote.send(url, 0, data).status_code == 204
    wait_for(lambda: Job.objects.filter(kind="item.seal", state="running", progress__gt=0).exists())
    live_stack.processes[-1].kill()
    assert remote.row().state == Item.State.RECEIVED
    Job.objects.filter(state="running").update(leased_until=timezone.now() - timedelta(seconds=1))
    run_jobs()
    assert sealed(remote, data)
    remote_reads = remote.row().readings.filter(closed_at=None)
    remote_reads.update(heartbeat_at=timezone.now() - timedelta(minutes=2))
    sweeping.close_left_readings()
    assert not remote_reads.exists()
