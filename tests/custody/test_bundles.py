"""Bundles out of the database, judged by the verifier that strangers use."""

from pathlib import Path
from threading import Event as Signal
from threading import Thread
from uuid import uuid4

import pytest
from django.db import connections, transaction

from custody import bundles, signing
from custody.bundles import Ordered, Sight, cut, order_export
from custody.errors import ExportOvertaken, NothingToExport, SequencerAway
from custody.models import Entry
from custody.recording import Subject, record
from custody.sequencing import sequence
from tests.custody.conftest import RIVERTON
from verifier.events import Event
from verifier.layout import WithheldRule
from verifier.recipe import verify
from verifier.verified import Verified


def everything(_entry: Entry) -> dict[str, WithheldRule]:
    return {}


@pytest.fixture
def order(alice, item):
    def ordered(*scope: Subject, sight: Sight = everything) -> Ordered:
        with transaction.atomic():
            return order_export(alice, owner=RIVERTON, scope=scope or [item], sight=sight, fields={"name": "cam4.mp4"})

    return ordered


@pytest.fixture
def verified(tmp_path):
    def made(ordered: Ordered) -> Verified:
        path: Path = tmp_path / "bundle.zip"
        with path.open("wb") as target:
            cut(ordered, target, wait_seconds=0)
        return verify(path, signing.verifier_key())

    return made


def test_it_holds_every_entry_of_the_item_and_ends_with_its_own_export(write, order, verified):
    for _ in range(5):
        write()
        write(Subject("item", uuid4()))
    ordered = order()
    sequence()

    found = verified(ordered)
    assert len(found.entries) == 6
    assert found.entries[-1].entry.id == ordered.export.id
    assert found.entries[-1].sentence().startswith("Alice Archer exported the custody of cam4.mp4")
    assert (found.leaf_only, found.latecomers, found.withheld) == (0, 0, ())


def test_it_is_cut_at_a_checkpoint_that_covers_it_though_the_log_went_on(write, order, verified):
    write()
    ordered = order()
    sequence()
    write()
    sequence()

    found = verified(ordered)
    assert found.checkpoint.size == 2
    assert len(found.entries) == 2


def test_what_was_written_after_the_order_stands_outside(write, order, verified):
    write()
    ordered = order()
    write()
    sequence()

    found = verified(ordered)
    assert (len(found.entries), found.latecomers) == (2, 0)
    assert found.checkpoint.size == 3


def test_an_entry_that_commits_between_order_and_leaf_is_a_latecomer(write, order, verified, alice, item):
    written, may_commit = Signal(), Signal()

    def slow() -> None:
        with transaction.atomic():
            record(alice, Event.ITEM_TAGGED, owner=RIVERTON, subjects=[item])
            written.set()
            may_commit.wait(20)
        connections.close_all()

    write()
    thread = Thread(target=slow)
    thread.start()
    written.wait(20)
    ordered = order()
    may_commit.set()
    thread.join()
    sequence()

    found = verified(ordered)
    assert (found.latecomers, found.leaf_only, len(found.entries)) == (1, 1, 2)


def test_what_the_reader_may_not_see_is_counted_and_not_given(write, order, verified, item, case):
    write(event=Event.ITEM_VIEWED)
    secret = write(item, case, event=Event.ITEM_MOVED, reason="confidential")
    ordered = order(sight=lambda entry: None if entry.id == secret.id else {})
    sequence()

    found = verified(ordered)
    assert found.leaf_only == 1
    assert secret.id not in {one.entry.id for one in found.entries}


def test_a_closed_field_is_named_with_rule_and_person(write, order, verified, tmp_path):
    entry = write(name="cam4.mp4", reason="informant: J. Doe")

    def sight(seen: Entry) -> dict[str, WithheldRule]:
        return {"reason": WithheldRule.BY_PERSON, "peer": WithheldRule.OTHER_AGENCY} if seen.id == entry.id else {}

    ordered = order(sight=sight)
    sequence()
    found = verified(ordered)

    assert {(one.entry, one.name, one.rule, one.by) for one in found.withheld} == {
        (entry.id, "reason", WithheldRule.BY_PERSON, "Alice Archer"),
        (entry.id, "peer", WithheldRule.OTHER_AGENCY, "Alice Archer"),
    }
    assert b"J. Doe" not in (tmp_path / "bundle.zip").read_bytes()
    assert found.entries[0].openings["name"] == "cam4.mp4"


def test_of_an_entry_about_several_items_only_the_exported_ones_id_is_given(write, order, verified, item):
    other = Subject("item", uuid4())
    write(other, item)
    ordered = order(sight=lambda _entry: {"subject_0": WithheldRule.NOT_COVERED})
    sequence()

    first = verified(ordered).entries[0]
    assert first.subject(0) == ("item", None)
    assert first.subject(1) == ("item", item.id)


def test_several_subjects_make_one_bundle(write, order, verified, item, case):
    write(item)
    write(case)
    write(item, case)
    ordered = order(item, case)
    sequence()

    found = verified(ordered)
    assert found.scope == (("item", item.id), ("case", case.id))
    assert len(found.entries) == 4


def test_the_second_bundle_tells_of_the_first(write, order, verified):
    write()
    order()
    second = order()
    sequence()

    events = [one.entry.event for one in verified(second).entries]
    assert events == ["item.viewed", "custody.exported", "custody.exported"]


def test_an_erased_opening_is_told_as_erased(write, order, verified, postgres, db, alice, item):
    entry = write(name="cam4.mp4")
    with transaction.atomic():
        erasure = record(alice, Event.ERASURE_ORDERED, owner=RIVERTON, subjects=[item])
    with postgres.postgres.superuser(db) as session:
        session.execute("SELECT custody_erase(%s, 'name', %s)", [entry.id, erasure.id])
    ordered = order()
    sequence()

    assert [(one.entry, one.name, one.rule) for one in verified(ordered).withheld] == [
        (entry.id, "name", WithheldRule.ERASED)
    ]


def test_an_erasure_while_it_is_made_makes_it_start_again(write, order, verified, postgres, db, alice, item):
    entry = write(name="cam4.mp4")
    ordered = order()
    with transaction.atomic():
        erasure = record(alice, Event.ERASURE_ORDERED, owner=RIVERTON, subjects=[item])
    with postgres.postgres.superuser(db) as session:
        session.execute("SELECT custody_erase(%s, 'name', %s)", [entry.id, erasure.id])
    sequence()

    with pytest.raises(ExportOvertaken):
        verified(ordered)


def test_it_waits_for_the_sequencer(write, order, tmp_path):
    write()
    ordered = order()

    def soon() -> None:
        sequence()
        connections.close_all()

    thread = Thread(target=soon)
    thread.start()
    with (tmp_path / "b.zip").open("wb") as target:
        cut(ordered, target, wait_seconds=10)
    thread.join()
    verify(tmp_path / "b.zip", signing.verifier_key())


def test_without_a_sequencer_it_says_so_and_the_order_stands(write, order, verified):
    write()
    ordered = order()

    with pytest.raises(SequencerAway, match="Nothing is lost"):
        verified(ordered)
    assert Entry.objects.filter(id=ordered.export.id).exists()


def test_nothing_is_not_exported(db, order):
    with pytest.raises(NothingToExport):
        order()
    assert not Entry.objects.exists()


def test_a_long_chain_is_cut_in_a_few_queries(write, order, verified, monkeypatch, django_assert_max_num_queries):
    monkeypatch.setattr(bundles, "_CHUNK", 7)
    for _ in range(20):
        write()
    ordered = order()
    sequence()

    with django_assert_max_num_queries(16):
        assert len(verified(ordered).entries) == 21
