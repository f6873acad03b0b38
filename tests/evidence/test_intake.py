"""Evidence comes in: by whom, where to, under which name, and what happens when something stands against it."""

import hashlib
import os
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Person
from custody.actors import Actor
from custody.models import Entry, Opening
from evidence import credentials, leases, members, naming, sweeping
from evidence.models import Case, Item, Upload, UploadCredential
from tests.cast import person_of
from tests.evidence.sending import Sender, sent
from vault import places
from verifier import streams
from verifier.events import Event

PART = streams.plain_part_bytes()
Jobs = Callable[[], int]


@pytest.fixture
def sender(alice: Actor, bucket: str) -> Sender:
    """Alice's browser."""
    return Sender.of(alice)


def events_of(item: Item) -> list[str]:
    """The events of an item, oldest first."""
    return list(
        Entry.objects.filter(subjects__kind="item", subjects__object_id=item.id)
        .order_by("at")
        .values_list("event", flat=True)
    )


def fields_of(item: Item, event: Event) -> dict[str, str]:
    """The opened fields of an item's last entry of an event."""
    entry = Entry.objects.filter(subjects__object_id=item.id, event=event).latest("at")
    return dict(Opening.objects.filter(entry=entry).values_list("name", "value"))


def test_parts_and_pieces_make_one_file(sender: Sender, run_jobs: Jobs) -> None:
    data, step = os.urandom(2 * PART + 12_345), 7_000_000
    sender.begin(len(data))
    for offset in range(0, len(data), step):
        assert sender.send(offset, data[offset : offset + step]).status_code == 204
    run_jobs()
    file = sender.upload.file
    assert file is not None
    assert [part.bytes for part in file.parts.all()] == [PART, PART, 12_345]
    assert sender.item.sha256 == hashlib.sha256(data).hexdigest()
    assert not list(places.store_of(file.object).versions(f"p/{file.object_id}/"))


def test_several_parts_in_one_request(sender: Sender, run_jobs: Jobs) -> None:
    data = os.urandom(2 * PART + 5)
    sender.begin(len(data))
    assert sender.send(0, data).status_code == 204
    run_jobs()
    assert (sender.item.state, sender.item.sha256) == ("sealed", hashlib.sha256(data).hexdigest())


def test_a_file_that_ends_with_a_part(sender: Sender, run_jobs: Jobs) -> None:
    data = os.urandom(PART)
    sender.begin(PART)
    sender.send(0, data[:5])
    assert sender.send(5, data[5:]).status_code == 204
    run_jobs()
    assert sender.item.sha256 == hashlib.sha256(data).hexdigest()


def test_an_empty_file_is_sealed(sender: Sender, run_jobs: Jobs) -> None:
    assert sender.begin(0).status_code == 201
    assert sender.upload.state == Upload.State.FINISHED
    run_jobs()
    assert (sender.item.state, sender.item.sha256) == ("sealed", hashlib.sha256(b"").hexdigest())


def test_entries_tell_start_end_and_seal_and_no_part(alice: Actor, case: Case, bucket: str, run_jobs: Jobs) -> None:
    sender = Sender.of(alice)
    sender.begin(9, case=case.number, relative_path="day 1/cam/../a.mp4")
    for offset in range(0, 9, 3):
        sender.send(offset, b"abc")
    run_jobs()
    told = [event for event in events_of(sender.item) if not event.startswith("media")]
    assert told == [Event.UPLOAD_STARTED, Event.UPLOAD_FINISHED, Event.ITEM_SEALED]
    started = fields_of(sender.item, Event.UPLOAD_STARTED)
    assert (started["case_number"], started["path"]) == (case.number, "day 1/cam/a.mp4")
    finished = fields_of(sender.item, Event.UPLOAD_FINISHED)
    assert finished["version"] == sender.upload.file.version_id  # type: ignore[union-attr]


def test_going_on_with_a_fresh_credential_is_an_entry(sender: Sender, alice: Actor) -> None:
    sender.begin(9)
    sender.send(0, b"abc")
    again = Sender.of(alice)
    listed = again.client.get("/api/v1/uploads/").json()["results"]
    assert [(row["id"], row["offset"], row["state"]) for row in listed] == [(str(sender.id), 3, "open")]
    again.id, again.url, again.credential = sender.id, sender.url, listed[0]["credential"]
    assert again.send(3, b"def").status_code == 204
    assert again.send(6, b"g").status_code == 204
    assert events_of(sender.item).count(Event.UPLOAD_RESUMED) == 1


def test_the_older_credential_stays_good(sender: Sender) -> None:
    sender.begin(9)
    sender.client.get("/api/v1/uploads/")
    assert sender.send(0, b"abc").status_code == 204


def test_a_credential_ends_after_a_day_without_use(sender: Sender) -> None:
    sender.begin(9)
    UploadCredential.objects.update(until=timezone.now() - timedelta(seconds=1))
    assert sender.send(0, b"abc").status_code == 401
    credentials.forget_old()
    assert not UploadCredential.objects.exists()


def test_secrets_are_stored_as_digests(sender: Sender) -> None:
    sender.begin(9)
    stored = UploadCredential.objects.get()
    assert sender.credential not in (stored.digest, sender.upload.last_credential)


def test_one_who_leaves_the_case_sends_no_more(alice: Actor, bob: Actor, case: Case, bucket: str) -> None:
    sender = Sender.of(bob)
    sender.begin(9, case=case.number)
    sender.send(0, b"abc")
    members.remove_member(alice, case.id, person_of(bob).id)
    answer = sender.send(3, b"def")
    assert (answer.status_code, sender.upload.offset) == (403, 3)
    assert Entry.objects.filter(outcome="refused", actor_id=bob.id).exists()


@pytest.mark.parametrize("what", ["disabled_at", "locked_at"])
def test_the_disabled_and_the_locked_send_no_more(sender: Sender, alice: Actor, what: str) -> None:
    sender.begin(9)
    sender.send(0, b"abc")
    Person.objects.filter(pk=alice.id).update(**{what: timezone.now()})
    assert (sender.send(3, b"def").status_code, sender.head().status_code) == (403, 403)
    assert sender.upload.offset == 3


def test_a_closed_case_takes_nothing(alice: Actor, closed_case: Case, bucket: str) -> None:
    answer = Sender.of(alice).begin(9, case=closed_case.number)
    assert (answer.status_code, answer.json()["code"]) == (409, "case-closed")
    assert not Upload.objects.exists()


def test_a_case_that_one_cannot_see_is_no_case(charlie: Actor, case: Case, bucket: str) -> None:
    answer = Sender.of(charlie).begin(9, case=case.number)
    assert (answer.status_code, answer.json()["code"]) == (404, "no-such-case")


def test_an_auditor_adds_nothing(audrey: Actor, bucket: str) -> None:
    assert Sender.of(audrey).begin(9).status_code == 403


def test_a_second_writer_waits_and_then_goes_on(sender: Sender) -> None:
    sender.begin(9)
    holder = credentials.show(f"Upload {sender.credential}", sender.upload.id, credentials.Origin())
    lease = leases.take(holder, claimed=0, announced=3, length=None)
    answer = sender.send(0, b"abc")
    assert (answer.status_code, answer.json()["code"]) == (423, "upload-busy")
    assert 1 <= int(answer["Retry-After"]) <= 10
    leases.give_back(lease)
    assert sender.send(0, b"abc").status_code == 204


def test_a_writer_whose_lease_ran_out_commits_nothing(sender: Sender) -> None:
    sender.begin(9)
    holder = credentials.show(f"Upload {sender.credential}", sender.upload.id, credentials.Origin())
    old = leases.take(holder, claimed=0, announced=3, length=None)
    Upload.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
    assert sender.send(0, b"abc").status_code == 204
    with pytest.raises(leases.LeaseLost):
        leases.commit(old, offset=9)
    assert sender.upload.offset == 3


def test_a_right_source_hash_is_sealed_with_it(sender: Sender, run_jobs: Jobs) -> None:
    sender.begin(5, source_hash="sha256")
    sender.send(0, b"hello")
    assert sender.tell_source(b"hello", path="C:\\cards\\hello.txt").status_code == 204
    run_jobs()
    assert sender.item.source_sha256 == sender.item.sha256
    assert fields_of(sender.item, Event.ITEM_SEALED)["source_sha256"] == sender.item.sha256


def test_sealing_waits_for_a_hash_that_was_promised(sender: Sender, run_jobs: Jobs) -> None:
    sender.begin(5, source_hash="sha256")
    sender.send(0, b"hello")
    run_jobs()
    assert sender.item.state == Item.State.RECEIVED
    sender.tell_source(b"hello")
    run_jobs()
    assert sender.item.state == Item.State.SEALED


def test_after_ten_minutes_it_is_sealed_without(sender: Sender, run_jobs: Jobs) -> None:
    sender.begin(5, source_hash="sha256")
    sender.send(0, b"hello")
    Upload.objects.update(last_byte_at=timezone.now() - timedelta(minutes=10))
    run_jobs()
    assert (sender.item.state, sender.item.source_sha256) == ("sealed", "")


def test_another_hash_quarantines_and_deletes_nothing(sender: Sender, run_jobs: Jobs) -> None:
    sender.begin(5, source_hash="sha256")
    sender.send(0, b"hello")
    sender.tell_source(b"jello")
    run_jobs()
    assert sender.item.state == Item.State.QUARANTINED
    assert "is not the one that the source says" in sender.item.quarantine_reason
    assert events_of(sender.item)[-1] == Event.ITEM_QUARANTINED
    file = sender.upload.file
    assert file is not None
    assert places.store_of(file.object).versions_of(file.s3_key)


def test_another_length_at_the_source_quarantines(sender: Sender, run_jobs: Jobs) -> None:
    sender.begin(5, source_hash="sha256")
    sender.send(0, b"hello")
    sender.tell_source(b"hello", bytes=6)
    run_jobs()
    assert "the source says that the file has 6 bytes, and 5 came in" in sender.item.quarantine_reason


def test_a_late_hash_gets_its_own_entry_and_changes_nothing(alice: Actor, bucket: str, run_jobs: Jobs) -> None:
    sender = sent(alice, b"hello")
    run_jobs()
    assert sender.tell_source(b"jello").status_code == 204
    assert (sender.item.state, sender.item.source_sha256) == ("sealed", "")
    late = Entry.objects.get(event=Event.SOURCE_HASH_LATE)
    assert late.outcome == "failed"


def test_a_hash_that_is_none_is_refused(sender: Sender) -> None:
    sender.begin(5)
    answer = sender.client.put(
        sender.url + "source", {"sha256": "xyz"}, content_type="application/json", headers=sender.headers()
    )
    assert (answer.status_code, "sha256" in answer.json()["fields"]) == (400, True)


def test_the_tray_sees_how_far_it_is(sender: Sender, run_jobs: Jobs, charlie: Actor) -> None:
    sender.begin(5)
    sender.send(0, b"hello")
    run_jobs()
    state = sender.client.get(sender.url + "state").json()
    assert (state["item_state"], state["number"]) == ("sealed", sender.item.number)
    assert Sender.of(charlie).client.get(sender.url + "state").status_code == 404


def test_an_upload_that_nobody_goes_on_with_ends(sender: Sender) -> None:
    sender.begin(9)
    sender.send(0, b"abc")
    assert sweeping.end_expired_uploads() == 0
    Upload.objects.update(ends_at=timezone.now() - timedelta(seconds=1))
    assert sweeping.end_expired_uploads() == 1
    assert sweeping.free_abandoned() == 1
    file = sender.upload.file
    assert file is not None
    assert not list(places.store_of(file.object).pending(file.s3_key))
    assert not list(places.store_of(file.object).versions(f"p/{file.object_id}/"))
    assert events_of(sender.item)[-1] == Event.UPLOAD_ABANDONED


@pytest.mark.parametrize(
    ("came", "shown"),
    [
        ("../../etc/passwd", "_._.._etc_passwd"), ("a\nb", "a\N{REPLACEMENT CHARACTER}b"),
        ("a\x00b", "a\N{REPLACEMENT CHARACTER}b"), ("photo\u202egpj.exe", "photo\N{REPLACEMENT CHARACTER}gpj.exe"),
        ("", "unnamed"), ("..", "unnamed"), (".htaccess", "_htaccess"), ("C:\\x\\y.mp4", "C:_x_y.mp4"),
        ("ö" * 140 + ".mp4", "ö" * 125 + ".mp4"), ("\U0001f468\u200d\U0001f469.jpg", "\U0001f468\u200d\U0001f469.jpg"),
    ],
)  # fmt: skip
def test_names_are_made_safe(came: str, shown: str) -> None:
    assert naming.safe(came) == shown
    assert len(naming.safe(came).encode()) <= 255


@pytest.mark.parametrize("name", [b"\x00\n../a\xe2\x80\xae", b"\xff\xfe\xfd", "ä".encode() * 127 + b"a"])
def test_names_come_through_and_the_original_is_kept(sender: Sender, run_jobs: Jobs, name: bytes) -> None:
    from evidence import facts

    sender.begin(1, filename=name)
    sender.send(0, b"x")
    run_jobs()
    assert sender.item.state == Item.State.SEALED
    assert facts.name_at_source(sender.upload) == name
