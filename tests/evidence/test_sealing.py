"""Sealing: what S3 gives back is compared with what came in and with what the source says."""

import hashlib
import json
import os
from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import Notice
from custody.actors import Actor
from custody.models import Entry
from evidence import reading
from evidence.models import Case, Item
from jobs.models import Job
from store.errors import Unavailable
from store.objects import ObjectStore
from tests.cast import bearer
from tests.evidence.sending import Sender, sent
from vault import places
from vault.models import VaultFile, VaultPart
from verifier import streams
from verifier.events import Event

Jobs = Callable[[], int]


@pytest.fixture
def received(alice: Actor, carl: Actor, case: Case, bucket: str) -> Sender:
    """A file in Alice's case that waits for its seal; Carl is the custodian."""
    del carl
    return sent(alice, b"eleven byte", case=case.number)


def test_a_file_comes_in_and_is_sealed(alice: Actor, bucket: str, run_jobs: Jobs) -> None:
    data = os.urandom(100_000)
    sender = sent(alice, data)
    assert sender.item.state == Item.State.RECEIVED
    run_jobs()
    assert sender.item.state == Item.State.SEALED
    assert sender.item.sha256 == hashlib.sha256(data).hexdigest()


def test_the_sealed_version_and_its_facts_are_held(received: Sender, run_jobs: Jobs) -> None:
    run_jobs()
    file = received.upload.file
    assert file is not None
    store = places.store_of(file.object)
    assert store.held(file.s3_key, file.version_id)
    facts = VaultFile.objects.get(object=file.object, kind="facts")
    assert store.held(facts.s3_key, facts.version_id)


def test_the_facts_say_what_the_bucket_alone_must_know(received: Sender, alice: Actor, run_jobs: Jobs) -> None:
    run_jobs()
    item = received.item
    facts = VaultFile.objects.select_related("object").get(object=item.object_id, kind="facts")
    with reading.job_reading(alice.as_job(item.id, "test"), item, reading.Purpose.SWEEP, None) as handle:
        said = json.loads(b"".join(handle.read(facts)))
    assert (said["state"], said["sealed"]["sha256"]) == ("sealed", item.sha256)
    assert (said["item"]["number"], said["file"]["bytes"]) == (item.number, "11")
    assert said["file"]["parts"] == [[11, item.sha256, said["sealed"]["crc32"]]]


def test_sealing_again_changes_nothing(received: Sender, run_jobs: Jobs) -> None:
    run_jobs()
    before = received.item.sealed_at
    Job.objects.filter(kind="item.seal").update(state="waiting")
    run_jobs()
    assert received.item.sealed_at == before
    assert Entry.objects.filter(event=Event.ITEM_SEALED).count() == 1


def test_a_part_that_came_back_changed_quarantines(received: Sender, carl: Actor, run_jobs: Jobs) -> None:
    VaultPart.objects.filter(file=received.upload.file).update(sha256=bytes(32))
    run_jobs()
    assert received.item.state == Item.State.QUARANTINED
    assert received.item.quarantine_reason == "part 1 read back is not what came in"
    assert Notice.objects.filter(person=carl.id, kind="item.quarantined").exists()


def test_what_does_not_authenticate_quarantines(received: Sender, run_jobs: Jobs) -> None:
    part = VaultPart.objects.get(file=received.upload.file)
    part.header = bytes([streams.HEADER_BYTES]) + bytes(39)
    part.save()
    run_jobs()
    assert received.item.state == Item.State.QUARANTINED
    assert Entry.objects.filter(event=Event.ITEM_QUARANTINED).count() == 1


def test_a_version_that_is_gone_quarantines(received: Sender, run_jobs: Jobs) -> None:
    file = received.upload.file
    assert file is not None
    places.store_of(file.object).delete(file.s3_key, file.version_id)
    run_jobs()
    assert "is not in the store" in received.item.quarantine_reason


def test_while_the_store_is_away_it_waits(received: Sender, run_jobs: Jobs, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: object, **__: object) -> None:
        raise Unavailable(what="o")

    with monkeypatch.context() as patched:
        patched.setattr(ObjectStore, "get", away)
        run_jobs()
    assert received.item.state == Item.State.RECEIVED
    job = Job.objects.get(kind="item.seal")
    assert (job.state, job.attempts) == ("waiting", 0)


def test_damage_that_is_found_by_reading_quarantines(
    client: Client, received: Sender, alice: Actor, run_jobs: Jobs
) -> None:
    run_jobs()
    part = VaultPart.objects.get(file=received.upload.file)
    part.header = bytes([streams.HEADER_BYTES]) + bytes(39)
    part.save()
    answer = client.get(f"/api/v1/items/{received.item.id}/content", headers=bearer(alice))
    assert answer.status_code == 500
    assert received.item.state == Item.State.QUARANTINED
    assert Entry.objects.filter(event=Event.INTEGRITY_FAILED).count() == 1


def test_a_full_process_says_so(client: Client, received: Sender, alice: Actor, run_jobs: Jobs) -> None:
    from contextlib import ExitStack

    from django.conf import settings

    from evidence import transfers

    run_jobs()
    with ExitStack() as held:
        for _ in range(settings.TRANSFERS):
            held.enter_context(transfers.place())
        answer = client.get(f"/api/v1/items/{received.item.id}/content", headers=bearer(alice))
        other = Sender.of(alice)
        other.begin(5)
        sending = other.send(0, b"hello")
    assert (answer.status_code, answer["Retry-After"]) == (503, "3")
    assert (sending.status_code, sending["Retry-After"]) == (503, "3")
    assert other.send(0, b"hello").status_code == 204
