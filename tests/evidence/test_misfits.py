"""What does not fit how things stand is refused plainly, is an entry of somebody known, and loses nothing."""

import hashlib
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import SignedInSession
from custody.actors import Actor
from custody.models import Entry
from evidence import cases, describing, leases, members
from evidence.models import Case, Item, Upload
from tests.cast import bearer
from tests.evidence.conftest import said, told
from tests.evidence.sending import Sender, sent


def refusals(actor: Actor) -> list[str]:
    return [told(one) for one in Entry.objects.filter(actor_id=actor.id, outcome="refused").order_by("at")]


def test_an_upload_into_a_closed_case_is_an_entry(alice: Actor, closed_case: Case, bucket: str) -> None:
    assert Sender.of(alice).begin(9, case=closed_case.number).status_code == 409
    assert refusals(alice) == ["Alice Archer was not allowed to upload: the case is closed"]


def test_a_case_that_is_closed_meanwhile_takes_no_more_bytes_and_keeps_what_came(
    alice: Actor, case: Case, bucket: str, run_jobs
) -> None:
    sender = Sender.of(alice)
    sender.begin(11, case=case.number)
    assert sender.send(0, b"eleven").status_code == 204
    cases.close(alice, case.id, "Solved")
    refused = sender.send(6, b" byte")
    assert (refused.status_code, refused.json()["code"]) == (409, "case-closed")
    assert sender.head()["Upload-Offset"] == "6"

    cases.reopen(alice, case.id, "Not solved")
    assert sender.send(6, b" byte").status_code == 204
    run_jobs()
    assert sender.item.sha256 == hashlib.sha256(b"eleven byte").hexdigest()


def test_wrong_offset_length_and_checksum_are_entries(alice: Actor, case: Case, bucket: str) -> None:
    sender = Sender.of(alice)
    sender.begin(11, case=case.number)
    assert sender.send(3, b"x").status_code == 409
    assert sender.send(0, b"much too many bytes").status_code == 413
    assert sender.send(0, b"eleven", Upload_Checksum="sha1 AAAA").status_code == 460
    entries = Entry.objects.filter(outcome="refused", subjects__object_id=sender.id)
    # The same within the minute is counted; the first stands at once.
    assert entries.count() == 1
    assert "another byte" in told(entries.get())
    assert (sender.upload.offset, sender.upload.state) == (0, Upload.State.OPEN)


def test_two_writers_are_an_entry(alice: Actor, case: Case, bucket: str) -> None:
    sender = Sender.of(alice)
    sender.begin(11, case=case.number)
    holder = leases.Holder(alice, sender.upload.id, sender.upload.last_credential)
    leases.take(holder, claimed=0, announced=5, length=None)
    assert sender.send(0, b"eleven").status_code == 423
    assert "another connection" in said(sender.upload.id)


@pytest.mark.parametrize("modified", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "0000", "2026-13-01"])
def test_a_time_that_no_calendar_has_is_left_out_and_harms_nothing(alice, bucket, run_jobs, modified: str) -> None:
    sender = sent(alice, b"eleven byte", modified=modified)
    assert sender.client.get("/api/v1/uploads/").status_code == 200
    run_jobs()
    assert sender.item.state == Item.State.SEALED


def test_a_case_named_in_a_list_and_not_visible_is_refused_with_an_entry(client: Client, charlie, case: Case) -> None:
    headers = bearer(charlie)
    hidden = client.get("/api/v1/items/", {"case": case.number}, headers=headers)
    missing = client.get("/api/v1/items/", {"case": "RPD-2026-99999"}, headers=headers)
    assert (hidden.status_code, hidden.json()) == (missing.status_code, missing.json())
    assert hidden.status_code == 404
    assert len(refusals(charlie)) == 1


def test_a_count_tells_nothing_of_confidential_items(client: Client, alice, sam, case: Case, item: Item) -> None:
    assert client.get(f"/api/v1/cases/{case.id}/", headers=bearer(sam)).json()["items"] == 1
    describing.flag(alice, item.id, "confidential", on=True)
    assert client.get(f"/api/v1/cases/{case.id}/", headers=bearer(sam)).json()["items"] == 0
    listed = client.get("/api/v1/cases/", headers=bearer(sam)).json()["results"]
    assert [one["items"] for one in listed] == [0]
    assert client.get(f"/api/v1/cases/{case.id}/", headers=bearer(alice)).json()["items"] == 1


def test_a_browser_exports_custody_by_no_door_without_a_fresh_code(browser, alice, item: Item) -> None:
    client = browser(alice)
    SignedInSession.objects.filter(person=alice.id).update(factor_at=timezone.now() - timedelta(minutes=6))
    refused = client.post(f"/api/v1/items/{item.id}/bundle/", headers={"Accept": "application/json"})
    assert (refused.status_code, refused.json()["code"]) == (403, "step-up-required")


def test_who_left_the_case_learns_no_hash_from_the_own_upload(alice, bob, case: Case, bucket: str, run_jobs) -> None:
    sender = sent(bob, b"eleven byte", case=case.number)
    run_jobs()
    assert sender.client.get(f"{sender.url}state").json()["sha256"] != ""
    members.remove_member(alice, case.id, bob.id)
    told_now = sender.client.get(f"{sender.url}state").json()
    assert (told_now["state"], told_now["sha256"], told_now["reason"]) == ("sealed", "", "")
