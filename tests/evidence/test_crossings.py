"""Two things at once: what one has looked at must still hold when it writes."""

import pytest

from custody.actors import Actor
from evidence import finishing, sealing, sweeping
from evidence.models import Case, Item, Upload
from jobs.models import Job
from store.errors import Denied, Missing
from tests.evidence.sending import Sender, sent
from vault import writing as vault


def again(run_jobs) -> None:
    Job.objects.filter(state=Job.State.WAITING).update(not_before="2026-01-01T00:00:00Z")
    run_jobs()


@pytest.mark.parametrize(("says", "state"), [(b"another file", "quarantined"), (b"eleven byte", "sealed")])
def test_a_source_that_speaks_while_its_file_is_read_back_is_compared(
    alice: Actor, carl: Actor, case: Case, bucket: str, run_jobs, monkeypatch, says: bytes, state: str
) -> None:
    sender = sent(alice, b"eleven byte", case=case.number)
    hold = sealing._hold

    def speak(upload, found) -> None:
        if not sender.upload.source_sha256:
            assert sender.tell_source(says).status_code == 204
        hold(upload, found)

    monkeypatch.setattr(sealing, "_hold", speak)
    run_jobs()
    again(run_jobs)
    assert sender.item.state == state
    assert sender.item.source_sha256 == sender.upload.source_sha256 != ""


@pytest.fixture
def stuck(alice: Actor, case: Case, bucket: str, monkeypatch) -> Sender:
    """All of it was acknowledged, and then the store refused to put it together."""

    def refuse(_file) -> str:
        raise Denied("o/x/data", "AccessDenied")

    monkeypatch.setattr(vault, "complete_data", refuse)
    sender = sent(alice, b"eleven byte", case=case.number)
    assert sender.upload.state == Upload.State.COMPLETING
    return sender


def long_ago(sender: Sender, hours: float) -> None:
    from datetime import timedelta

    from django.utils import timezone

    Upload.objects.filter(pk=sender.id).update(touched_at=timezone.now() - timedelta(hours=hours))


def test_credentials_that_are_refused_lose_no_acknowledged_upload(stuck, monkeypatch, run_jobs) -> None:
    long_ago(stuck, 48)
    sweeping.finish_uploads()
    assert stuck.upload.state == Upload.State.COMPLETING

    monkeypatch.undo()
    sweeping.finish_uploads()
    run_jobs()
    assert stuck.item.state == Item.State.SEALED


def test_what_the_store_has_lost_is_given_up_after_a_while_only(stuck, monkeypatch) -> None:
    def gone(_file) -> str:
        raise Missing("o/x/data", "NoSuchUpload")

    monkeypatch.setattr(vault, "complete_data", gone)
    long_ago(stuck, 0.5)
    sweeping.finish_uploads()
    assert stuck.upload.state == Upload.State.COMPLETING

    long_ago(stuck, finishing.GIVE_UP.total_seconds() / 3600 + 0.1)
    sweeping.finish_uploads()
    assert stuck.upload.state == Upload.State.ABANDONED
