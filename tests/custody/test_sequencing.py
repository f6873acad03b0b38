from datetime import timedelta
from hashlib import sha256
from threading import Barrier, Thread
from threading import Event as Signal
from uuid import uuid4

import pytest
from django.db import connection, connections, transaction

from custody import entries, sequencing, signing, tree
from custody.errors import LedgerKeyMissing
from custody.models import Checkpoint, Entry, Leaf, LeafSubject, Node, Waiting
from custody.recording import Subject, record
from custody.sequencing import sequence
from tests.custody.conftest import RIVERTON
from verifier import merkle, notes
from verifier.errors import WrongKey
from verifier.events import Event
from verifier.leaf import LeafRecord, Link


def newest() -> Checkpoint:
    found = tree.newest()
    assert found
    return found


def test_every_entry_gets_one_leaf_and_a_signed_tree_over_it(write):
    written = [write() for _ in range(11)]

    assert sequence() == 11
    leaves = list(Leaf.objects.order_by("index"))
    assert [leaf.entry_id for leaf in leaves] == [entry.id for entry in written]
    told = notes.verify(newest().note, signing.verifier_key())
    assert (told.size, told.root) == (11, merkle.root([bytes(leaf.digest) for leaf in leaves]))


def test_a_leaf_record_holds_the_entrys_digest_and_the_place_of_each_subject(write, item, case):
    write(item)
    write(case)
    entry = write(item, case)
    sequence()

    record = LeafRecord.unpack(bytes(Leaf.objects.get(entry=entry).record))
    assert record.index == 2
    assert record.entry_digest == sha256(bytes(entry.body)).digest()
    assert record.links == (Link(2, 0), Link(2, 1))


def test_numbers_run_on_from_batch_to_batch(write, item, monkeypatch):
    monkeypatch.setattr(sequencing, "BATCH", 3)
    for _ in range(8):
        write()
    assert sequence() == 8
    write()
    sequence()

    rows = LeafSubject.objects.filter(object_id=item.id).order_by("number").values_list("number", "previous")
    assert list(rows) == [(1, None), *((number, number - 2) for number in range(2, 10))]
    assert [one.size for one in Checkpoint.objects.order_by("size")] == [3, 6, 8, 9]


def test_the_stored_nodes_are_those_of_every_complete_subtree(write):
    for _ in range(13):
        write()
        sequence()

    digests = [bytes(leaf.digest) for leaf in Leaf.objects.order_by("index")]
    subtree = merkle.over(digests)
    for node in Node.objects.all():
        assert bytes(node.digest) == subtree(node.index << node.level, (node.index + 1) << node.level)
    assert Node.objects.count() == 6 + 3 + 1


def test_with_nothing_new_nothing_is_signed_again(write):
    write()

    assert sequence() == 1
    assert sequence() == 0
    assert Checkpoint.objects.count() == 1


def test_a_new_log_signs_the_empty_tree(db):
    sequence()

    assert notes.verify(newest().note, signing.verifier_key()).root == merkle.EMPTY_ROOT


def test_an_entry_that_commits_late_gets_its_leaf_where_a_cursor_would_lose_it(write, alice, item):
    written, may_commit = Signal(), Signal()
    late: list[Entry] = []

    def slow() -> None:
        with transaction.atomic():
            late.append(record(alice, Event.ITEM_SEALED, owner=RIVERTON, subjects=[item]))
            written.set()
            may_commit.wait(20)
        connections.close_all()

    thread = Thread(target=slow)
    thread.start()
    written.wait(20)
    quick = write()
    assert sequence() == 1
    may_commit.set()
    thread.join()

    # The control: whoever asks for "what comes after the last one" by time or id never meets the late one.
    assert not Entry.objects.filter(at__gt=quick.at).exists()
    assert not Entry.objects.filter(id__gt=quick.id).exists()
    assert sequence() == 1
    assert Leaf.objects.get(entry=late[0]).index == 1


def test_the_order_is_that_of_writing_though_the_clock_was_set_back(write, monkeypatch):
    first = write()
    monkeypatch.setattr(entries, "clock", lambda: first.at - timedelta(hours=1))
    second = write()
    sequence()

    assert second.at < first.at
    assert [leaf.entry_id for leaf in Leaf.objects.order_by("index")] == [first.id, second.id]


def test_two_sequencers_at_once_make_one_tree(write, monkeypatch):
    monkeypatch.setattr(sequencing, "BATCH", 5)
    for _ in range(30):
        write()
    together, counts = Barrier(3), []

    def at_once() -> None:
        together.wait()
        counts.append(sequence())
        connections.close_all()

    threads = [Thread(target=at_once) for _ in range(3)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    sequence()

    assert sum(counts) == 30
    assert list(Leaf.objects.order_by("index").values_list("index", flat=True)) == list(range(30))


def test_a_writer_never_waits_for_the_sequencer(write):
    with transaction.atomic(using="sequencer"):
        sequencing._lock("sequencer")
        with connection.cursor() as cursor:
            cursor.execute("SET statement_timeout = '1s'")
        write()

    assert sequence() == 1


def test_entries_of_no_subject_have_leaves_too(db, alice):
    with transaction.atomic():
        record(alice, Event.SEARCHED, owner=RIVERTON, subjects=[])

    assert sequence() == 1


def test_another_key_signs_nothing(write, settings, tmp_path):
    write()
    sequence()
    write()
    settings.LEDGER_KEY = tmp_path / "other.key"
    signing.create_key(settings.LEDGER_KEY, tmp_path / "other.vkey", newest().note.split("\n", 1)[0])

    with pytest.raises(WrongKey):
        sequence()
    assert Leaf.objects.count() == 1


def test_without_a_key_entries_wait(write, settings, tmp_path):
    settings.LEDGER_KEY = tmp_path / "none"
    write()

    with pytest.raises(LedgerKeyMissing):
        sequence()
    assert Waiting.objects.count() == 1


def test_nothing_is_forgotten(write):
    write()
    assert sequencing.find_forgotten() == 0
    sequence()
    assert sequencing.find_forgotten() == 0


def test_one_subject_may_stand_in_many_entries_of_a_batch(write):
    subjects = [Subject("item", uuid4()) for _ in range(3)]
    for _ in range(4):
        write(*subjects)
    sequence()

    for one in subjects:
        numbers = LeafSubject.objects.filter(object_id=one.id).order_by("leaf").values_list("number", flat=True)
        assert list(numbers) == [1, 2, 3, 4]
