from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import cast
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from custody.errors import NeedsTransaction
from custody.models import Entry, Opening, Waiting
from custody.models import Subject as SubjectRow
from custody.recording import Subject, record
from tests.custody.conftest import RIVERTON
from verifier import entry as form
from verifier.errors import EntryTooLarge
from verifier.events import Event


def test_an_entry_is_stored_as_the_bytes_that_will_be_hashed(write, alice, item):
    kept = Entry.objects.get(id=write(name="cam4.mp4").id)

    told = form.parse(bytes(kept.body))
    assert told.id == kept.id
    assert told.at == kept.at
    assert (told.event, told.outcome, told.owner) == ("item.viewed", "success", RIVERTON)
    assert told.by == form.By("person", alice.id, RIVERTON)
    assert told.auth == form.Auth("totp", 2, alice.session)
    assert told.subjects == (form.Subject("item", item.id),)


def test_no_name_and_no_address_stands_in_its_bytes(write):
    body = bytes(write(name="cam4.mp4", reason="for the hearing").body)

    for word in (b"cam4", b"hearing", b"Archer", b"Riverton", b"192.0.2.7", b"Mozilla"):
        assert word not in body


def test_every_field_has_an_opening_on_its_side_that_fits_its_digest(write):
    entry = write(name="cam4.mp4")
    told = form.parse(bytes(entry.body))

    openings = {
        one.name: form.Opening(one.name, one.side, bytes(one.salt), one.value)
        for one in Opening.objects.filter(entry=entry)
    }
    assert {name: one.digest() for name, one in openings.items()} == told.fields
    assert {name: one.side for name, one in openings.items()} == {
        "name": "object", "actor_name": "actor", "actor_agency": "actor", "peer": "actor", "user_agent": "actor",
    }  # fmt: skip


def test_equal_names_have_unequal_digests(write):
    digests = {form.parse(bytes(write(name="cam4.mp4").body)).fields["name"] for _ in range(3)}

    assert len(digests) == 3


def test_of_several_items_no_id_stands_open(write, case):
    items = [Subject("item", uuid4()) for _ in range(3)]
    entry = write(case, *items)

    told = form.parse(bytes(entry.body))
    assert told.subjects == (form.Subject("case", case.id), *[form.Subject("item", None)] * 3)
    opened = dict(Opening.objects.filter(entry=entry, name__startswith="subject_").values_list("name", "value"))
    assert opened == {f"subject_{at}": str(one.id) for at, one in enumerate(items, 1)}
    assert SubjectRow.objects.filter(entry=entry).count() == 4


def test_it_goes_with_the_effect_when_that_is_rolled_back(db, alice, item):
    with suppress(ZeroDivisionError), transaction.atomic():
        record(alice, Event.ITEM_SEALED, owner=RIVERTON, subjects=[item])
        raise ZeroDivisionError

    assert not Entry.objects.exists()
    assert not Waiting.objects.exists()


def test_it_refuses_to_be_written_outside_a_transaction(db, alice, item):
    with pytest.raises(NeedsTransaction):
        record(alice, Event.ITEM_SEALED, owner=RIVERTON, subjects=[item])


def test_it_refuses_more_than_256_subjects(db, alice):
    with pytest.raises(EntryTooLarge), transaction.atomic():
        record(alice, Event.READING_OPENED, owner=RIVERTON, subjects=[Subject("item", uuid4()) for _ in range(257)])


def test_256_items_fit(write):
    assert len(bytes(write(*[Subject("item", uuid4()) for _ in range(256)]).body)) <= 32 * 1024


def test_an_unknown_event_crashes(db, alice, item):
    with pytest.raises(ValueError, match=r"item\.stolen"), transaction.atomic():
        record(alice, cast("Event", "item.stolen"), owner=RIVERTON, subjects=[item])


def test_what_postgresql_cannot_keep_is_replaced_before_it_is_hashed(write):
    opening = Opening.objects.get(entry=write(name="a\x00b\ud800"), name="name")

    assert opening.value == "a\ufffdb\ufffd"


def test_a_subject_named_twice_counts_once(write, item):
    assert SubjectRow.objects.filter(entry=write(item, item)).count() == 1


def test_its_time_is_the_databases_and_runs_on_within_a_transaction(db, alice, item):
    with transaction.atomic():
        first, second = (record(alice, Event.ITEM_VIEWED, owner=RIVERTON, subjects=[item]) for _ in range(2))

    assert first.at < second.at
    assert abs(first.at - datetime.now(UTC)) < timedelta(seconds=5)


def test_it_costs_four_statements(db, alice, item, case):
    with transaction.atomic(), CaptureQueriesContext(connection) as seen:
        record(alice, Event.ITEM_FILED, owner=RIVERTON, subjects=[item, case], fields={"name": "a", "reason": "b"})

    assert len(seen) == 4
