"""What is kept of a look at an item, in the tables, the vault and the ledger."""

from collections.abc import Callable

import pytest
from django.conf import LazySettings
from django.db import transaction
from uuid_utils.compat import uuid7

from custody.actors import Actor
from custody.models import Entry
from evidence.media import making
from evidence.media.errors import NotSealed, SandboxUnavailable
from evidence.models import Derivative, Item, Reading, SearchDocument
from jobs.models import Job
from jobs.queue import enqueue
from store.objects import store
from tests.cast import person_of
from tests.media.conftest import picture, video
from tests.vault.conftest import SEGMENTS, fill, finish, ring
from vault import reading as vault
from vault import writing
from vault.models import VaultFile

__all__ = ["ring"]
Sealed = Callable[[bytes], Item]


@pytest.fixture
def sealed(alice: Actor, bucket: str, ring: None) -> Sealed:
    """Makes a sealed item of some bytes."""
    person = person_of(alice)
    assert person.agency
    agency = person.agency

    def make(content: bytes) -> Item:
        obj = writing.create_object(uuid7(), agency.key_name, segments=SEGMENTS)
        finish(fill(obj, content))
        return Item.objects.create(
            id=uuid7(), agency=agency, number=f"RPD-2026-U-{uuid7()}"[:40], name="found.bin", object=obj,
            state=Item.State.SEALED, bytes=len(content), added_by=person,
        )  # fmt: skip

    return make


def run(actor: Actor, item: Item, run_jobs: Callable[[], int]) -> Item:
    """The item after its job ran."""
    with transaction.atomic():
        enqueue("media.make", str(item.id), {"item": str(item.id)}, actor.to_json())
    assert run_jobs() == 1
    return Item.objects.get(pk=item.pk)


def events(item: Item) -> list[str]:
    """The events that name the item, in order."""
    about = {
        entry.id: entry.event for entry in Entry.objects.order_by("at") if str(item.id) in bytes(entry.body).decode()
    }
    return list(about.values())


def plain(item: Item, kind: str) -> bytes:
    """A derivative's bytes."""
    derivative = Derivative.objects.get(item=item, kind=kind, replaced_at=None)
    return b"".join(vault.read(VaultFile.objects.get(object=derivative.object)))


def test_a_photograph_gets_its_facts_a_preview_and_a_poster(
    alice: Actor, sealed: Sealed, run_jobs: Callable[[], int]
) -> None:
    from PIL import Image

    exif = Image.Exif()
    exif[271] = "Nikon"
    exif.get_ifd(0x8769)[36867] = "2026:01:02 03:04:05"
    item = run(alice, sealed(picture("JPEG", exif=exif)), run_jobs)
    assert (item.processing, item.processing_reason, item.processing_percent) == ("done", "", 100)
    assert (item.mime, item.kind, item.facts["make"]["value"]) == ("image/jpeg", "photo", "Nikon")
    assert item.captured_at is not None
    assert item.captured_at.isoformat() == "2026-01-02T09:04:05+00:00"  # Riverton's wall clock, kept for order
    assert plain(item, "preview").startswith(b"\xff\xd8\xff")
    assert plain(item, "poster").startswith(b"\xff\xd8\xff")


def test_it_is_told_in_custody_and_found_by_its_camera(
    alice: Actor, sealed: Sealed, run_jobs: Callable[[], int]
) -> None:
    item = run(alice, sealed(picture("PNG")), run_jobs)
    assert events(item) == ["media.started", "media.made"]
    reading = Reading.objects.get(items=item)
    assert (reading.purpose, reading.outcome, reading.bytes >= item.bytes) == ("media", "complete", True)
    assert SearchDocument.objects.filter(item=item).exists()


def test_a_file_that_can_not_be_read_fails_with_a_reason_and_is_told(
    alice: Actor, sealed: Sealed, run_jobs: Callable[[], int]
) -> None:
    item = run(alice, sealed(picture("JPEG")[:200]), run_jobs)
    assert item.processing == "failed"
    assert "This picture is damaged" in item.processing_reason
    assert events(item) == ["media.started", "media.failed"]
    assert Job.objects.get().state == "done"  # there is nothing to try again


def test_what_browsers_can_not_play_says_so_plainly(alice: Actor, sealed: Sealed, run_jobs: Callable[[], int]) -> None:
    item = run(alice, sealed(video("mpeg4", "avi")), run_jobs)
    assert item.processing == "done"
    assert "no playable copy" in item.processing_reason
    assert plain(item, "poster")


def test_a_document_is_done_and_says_that_it_has_no_preview(
    alice: Actor, sealed: Sealed, run_jobs: Callable[[], int]
) -> None:
    item = run(alice, sealed(b"%PDF-1.7 and so on"), run_jobs)
    assert (item.processing, item.mime, item.kind) == ("done", "application/pdf", "document")
    assert "no preview" in item.processing_reason


def test_an_item_that_is_done_is_not_looked_at_again(alice: Actor, sealed: Sealed) -> None:
    item = sealed(picture("PNG"))
    actor = alice.as_job(uuid7(), "media.make")
    making.make(actor, item.id, lambda: None)
    making.make(actor, item.id, lambda: None)
    assert Derivative.objects.filter(item=item).count() == 2


def test_only_what_is_sealed_is_looked_at(alice: Actor, sealed: Sealed) -> None:
    item = sealed(b"x")
    Item.objects.update(state=Item.State.QUARANTINED)
    with pytest.raises(NotSealed):
        making.make(alice, item.id, lambda: None)


def test_where_the_sandbox_is_not_permitted_the_item_says_so(
    alice: Actor, sealed: Sealed, run_jobs: Callable[[], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise SandboxUnavailable(why="bwrap: No permissions to create new namespace")

    monkeypatch.setattr("evidence.media.answering.confined", refuse)
    item = run(alice, sealed(picture("PNG")), run_jobs)
    assert (item.state, item.processing) == ("sealed", "failed")
    assert "does not permit the sandbox" in item.processing_reason
    assert events(item) == ["media.started", "media.failed"]


def test_while_the_store_is_away_the_job_waits(
    alice: Actor, sealed: Sealed, run_jobs: Callable[[], int], settings: LazySettings
) -> None:
    item, address = sealed(picture("PNG")), settings.S3_ENDPOINT
    settings.S3_ENDPOINT = "http://127.0.0.1:9"
    assert run(alice, item, run_jobs).processing == "running"
    settings.S3_ENDPOINT = address
    Job.objects.update(not_before="2026-01-01T00:00:00Z")
    assert run_jobs() == 1
    assert Item.objects.get(pk=item.pk).processing == "done"


def test_evidence_that_was_changed_in_the_store_is_put_in_quarantine(
    alice: Actor, sealed: Sealed, run_jobs: Callable[[], int]
) -> None:
    item = sealed(picture("PNG"))
    file = VaultFile.objects.get(object=item.object)
    file.version_id = store().put(file.s3_key, bytes(file.sealed_bytes))
    file.save()
    item = run(alice, item, run_jobs)
    assert (item.state, item.processing) == ("quarantined", "failed")
    assert "lies something else" in item.processing_reason
    assert {"integrity.failed", "item.quarantined"} < set(events(item))


def test_no_plain_byte_of_a_derivative_lies_in_the_bucket(
    alice: Actor, sealed: Sealed, run_jobs: Callable[[], int]
) -> None:
    item = run(alice, sealed(picture("PNG")), run_jobs)
    for derivative in item.derivatives.all():
        file = VaultFile.objects.get(object=derivative.object)
        with store().get(file.s3_key, file.version_id) as stream:
            assert b"JFIF" not in stream.read(1 << 20)
