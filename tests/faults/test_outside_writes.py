"""Each write outside the database fails twice: it didn't happen, and it happened but nobody was told.

After each the client goes on as a client would, the sweepers sweep, and the file is sealed, once, and verifies.
"""

import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from custody.actors import Actor
from evidence import reading, sweeping
from evidence.models import Item, Upload
from jobs.models import Job
from store.errors import Unavailable
from store.objects import ObjectStore
from tests.evidence.sending import Sender
from vault import places
from vault.models import VaultFile
from verifier import streams

SEGMENTS = 5  # S3 takes no smaller part than 5 MiB
PART = streams.plain_part_bytes(SEGMENTS)
DATA = os.urandom(PART + 300_000)
FIRST = 3_000_000  # what the first request brings: a piece
WRITES = ("put", "begin", "part", "complete", "hold", "delete", "abort")


@dataclass
class Trouble:
    """Breaks the n-th outside write, before it or after it."""

    nth: int
    persisted: bool
    seen: int = 0
    broke: str = ""

    def around(self, name: str, write: Callable[..., Any]) -> Callable[..., Any]:
        """The write with the trouble in it."""

        def troubled(store: ObjectStore, *args: Any, **kwargs: Any) -> Any:
            self.seen += 1
            if self.seen != self.nth:
                return write(store, *args, **kwargs)
            self.broke = f"{name} {args[0]}"
            if self.persisted:
                write(store, *args, **kwargs)
            raise Unavailable(what=name)

        return troubled


def upload_whole(sender: Sender) -> None:
    """Send as a client does: begin again after a failed POST, ask for the offset after a failed PATCH."""
    for _ in range(3):
        if sender.begin(len(DATA), source_hash="sha256").status_code == 201:
            break
    for _ in range(6):
        offset = int(sender.head()["Upload-Offset"])
        if offset == len(DATA):
            break
        end = FIRST if offset < FIRST else len(DATA)
        sender.send(offset, DATA[offset:end])
    assert sender.tell_source(DATA).status_code == 204


def heal(run_jobs: Callable[[], int]) -> None:
    """What the steward and the workers do, as if time had passed."""
    Upload.objects.update(touched_at=timezone.now() - timedelta(minutes=1), leased_until=None)
    for _ in range(3):
        sweeping.finish_uploads()
        sweeping.free_abandoned()
        Job.objects.filter(state=Job.State.WAITING).update(not_before=timezone.now())
        run_jobs()


@pytest.mark.parametrize("persisted", [False, True], ids=["failed", "failed-but-persisted"])
@pytest.mark.parametrize("nth", range(1, 13))
def test_every_outside_write_may_fail(
    alice: Actor, bucket: str, run_jobs: Callable[[], int], monkeypatch: pytest.MonkeyPatch, nth: int, *, persisted: bool
) -> None:  # fmt: skip
    monkeypatch.setattr(streams, "segments_for", lambda _length: SEGMENTS)
    trouble = Trouble(nth, persisted)
    for name in WRITES:
        monkeypatch.setattr(ObjectStore, name, trouble.around(name, getattr(ObjectStore, name)))
    sender = Sender.of(alice)
    upload_whole(sender)
    heal(run_jobs)
    assert trouble.broke or nth > trouble.seen, "nothing broke"
    item = sender.item
    assert (item.state, item.sha256) == (Item.State.SEALED, hashlib.sha256(DATA).hexdigest()), trouble.broke
    assert Item.objects.exclude(state=Item.State.ABANDONED).count() == 1
    assert_clean(sender)
    assert bytes_of(alice, item) == DATA


def assert_clean(sender: Sender) -> None:
    """Nothing half done lies in the store, and the sealed version is held."""
    for upload in Upload.objects.filter(file__isnull=False).select_related("file__object"):
        file = upload.file
        assert file is not None
        store = places.store_of(file.object)
        assert not list(store.pending(file.s3_key))
        assert not list(store.versions(f"p/{file.object_id}/"))
    file = sender.upload.file
    assert file is not None
    assert places.store_of(file.object).held(file.s3_key, file.version_id)
    facts = VaultFile.objects.select_related("object").get(object=file.object, kind=VaultFile.Kind.FACTS)
    assert places.store_of(facts.object).held(facts.s3_key, facts.version_id)


def bytes_of(actor: Actor, item: Item) -> bytes:
    """The sealed bytes, read back by a job."""
    file = VaultFile.objects.select_related("object").get(object=item.object_id, kind=VaultFile.Kind.DATA)
    with reading.job_reading(actor.as_job(uuid4(), "test"), item, reading.Purpose.SWEEP, None) as handle:
        return b"".join(handle.read(file))


def test_no_more_writes_than_are_tried(
    alice: Actor, bucket: str, run_jobs: Callable[[], int], monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    monkeypatch.setattr(streams, "segments_for", lambda _length: SEGMENTS)
    counting = Trouble(nth=0, persisted=False)
    for name in WRITES:
        monkeypatch.setattr(ObjectStore, name, counting.around(name, getattr(ObjectStore, name)))
    upload_whole(Sender.of(alice))
    run_jobs()
    assert 9 <= counting.seen <= 12
