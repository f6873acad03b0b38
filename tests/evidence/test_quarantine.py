"""The end of quarantine."""

from collections.abc import Callable
from hashlib import sha256

import pytest
from django.db import transaction
from django.test import Client

from accounts.errors import NotAllowed
from accounts.models import Notice
from custody.actors import Actor
from evidence import quarantine
from evidence.errors import NeedsReason, NotQuarantined
from evidence.models import Case, Item
from evidence.standing import person_of as id_of
from jobs import queue
from jobs.models import Job
from tests.evidence.conftest import said
from tests.evidence.sending import sent


@pytest.fixture
def kept_apart(alice: Actor, item: Item) -> Item:
    """An item that sealing has put in quarantine."""
    Item.objects.filter(id=item.id).update(
        state=Item.State.QUARANTINED, quarantine_reason="the SHA-256 is not the one that the source says"
    )
    with transaction.atomic():
        queue.enqueue("item.seal", str(item.id), {"item": str(item.id)}, alice.to_json())
    Job.objects.update(state=Job.State.DONE)
    item.refresh_from_db()
    return item


def test_a_custodian_ends_it_with_a_reason_and_the_flag_stays(carl: Actor, alice: Actor, kept_apart: Item) -> None:
    ended = quarantine.end(carl, kept_apart.id, "The source file was still being written")
    assert (ended.state, ended.was_quarantined) == (Item.State.RECEIVED, True)
    assert ended.accepted_at
    assert Job.objects.get(kind="item.seal").state == Job.State.WAITING
    assert said(kept_apart.id).endswith("The source file was still being written")
    assert kept_apart.number in Notice.objects.get(person_id=id_of(alice)).text


def test_nobody_else_ends_it(alice: Actor, sam: Actor, audrey: Actor, kept_apart: Item) -> None:
    for who in (alice, sam, audrey):
        with pytest.raises(NotAllowed):
            quarantine.end(who, kept_apart.id, "Looks fine")
    kept_apart.refresh_from_db()
    assert kept_apart.state == Item.State.QUARANTINED


def test_it_needs_a_reason_and_a_quarantine(carl: Actor, item: Item, kept_apart: Item) -> None:
    with pytest.raises(NeedsReason):
        quarantine.end(carl, kept_apart.id, " ")
    Item.objects.filter(id=item.id).update(state=Item.State.SEALED)
    with pytest.raises(NotQuarantined):
        quarantine.end(carl, item.id, "Looks fine")


def test_the_list_is_the_custodians(carl: Actor, alice: Actor, kept_apart: Item) -> None:
    assert list(quarantine.quarantined(carl)) == [kept_apart]
    assert not quarantine.quarantined(alice).exists()


def test_a_file_unlike_its_source_is_kept_apart_until_a_custodian_accepts_it(
    bucket: str, alice: Actor, carl: Actor, case: Case, browser: Callable[[Actor], Client], run_jobs: Callable[[], int]
) -> None:
    del bucket
    sender = sent(alice, b"what came in", case=str(case.id), source_hash="sha256")
    sender.tell_source(b"what was there")
    run_jobs()
    assert sender.item.state == Item.State.QUARANTINED
    page = browser(carl).get(f"/items/{sender.item.id}/quarantine/end/").content.decode()
    assert sender.item.quarantine_reason in page
    for said_hash in (b"what came in", b"what was there"):
        assert sha256(said_hash).hexdigest() in page
    browser(carl).post(f"/items/{sender.item.id}/quarantine/end/", {"reason": "The source was still being written"})
    run_jobs()
    assert (sender.item.state, sender.item.was_quarantined) == (Item.State.SEALED, True)
    page = browser(alice).get(f"/items/{sender.item.id}/").content.decode()
    assert "Was in quarantine" in page
    assert "the source said another" in page
