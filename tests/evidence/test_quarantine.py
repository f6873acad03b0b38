"""The end of quarantine."""

import pytest
from django.db import transaction

from accounts.errors import NotAllowed
from accounts.models import Notice
from custody.actors import Actor
from evidence import quarantine
from evidence.errors import NeedsReason, NotQuarantined
from evidence.models import Item
from evidence.standing import person_of as id_of
from jobs import queue
from jobs.models import Job
from tests.evidence.conftest import said


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
