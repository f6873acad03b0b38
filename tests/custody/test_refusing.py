from datetime import timedelta
from threading import Barrier, Thread
from uuid import uuid4

import pytest
from django.db import connections, transaction

from custody.actors import ANONYMOUS, Actor
from custody.models import Entry, Opening, Repeat
from custody.recording import Subject, record_refusal
from custody.refusing import fold_due
from tests.custody.conftest import RIVERTON
from verifier import entry as form
from verifier.events import Event, say


def refuse(actor: Actor, subject: Subject, event: Event = Event.ITEM_VIEWED) -> None:
    record_refusal(actor, event, owner=RIVERTON, subjects=[subject], reason="not-found")


def pass_a_minute() -> None:
    for repeat in Repeat.objects.all():
        repeat.since -= timedelta(seconds=61)
        repeat.save()


def test_the_first_is_an_entry_at_once_and_repeats_are_counted(db, alice, item):
    for _ in range(4):
        refuse(alice, item)

    assert Entry.objects.get().outcome == "refused"
    assert Repeat.objects.get().count == 3


def test_another_object_event_or_actor_is_not_a_repeat(db, alice, item):
    refuse(alice, item)
    refuse(alice, Subject("item", uuid4()))
    refuse(alice, item, Event.ITEM_TAGGED)
    refuse(ANONYMOUS, item)

    assert Entry.objects.count() == 4


def test_the_sweep_turns_the_count_into_one_entry_about_the_same(db, alice, item):
    for _ in range(4):
        refuse(alice, item)
    assert fold_due() == 0
    pass_a_minute()
    assert fold_due() == 1

    folded = Entry.objects.get(event=Event.REFUSALS_REPEATED)
    told = form.parse(bytes(folded.body))
    assert told.numbers == {"count": 3}
    assert told.by.id == alice.id
    assert folded.subjects.get().object_id == item.id
    opened = dict(Opening.objects.filter(entry=folded).values_list("name", "value"))
    assert opened["peer"] == alice.peer
    assert say(told, opened).startswith("Alice Archer was refused the same 3 more times")
    assert not Repeat.objects.exists()


def test_a_single_refusal_is_never_followed_by_a_count(db, alice, item):
    refuse(alice, item)
    pass_a_minute()
    fold_due()

    assert Entry.objects.count() == 1


def test_after_the_minute_the_next_is_an_entry_again_and_nothing_counted_is_lost(db, alice, item):
    for _ in range(3):
        refuse(alice, item)
    pass_a_minute()
    refuse(alice, item)

    events = list(Entry.objects.order_by("at").values_list("event", flat=True))
    assert events == [Event.ITEM_VIEWED, Event.REFUSALS_REPEATED, Event.ITEM_VIEWED]
    assert Repeat.objects.get().count == 0


def test_it_refuses_to_be_written_where_it_would_be_rolled_back(db, alice, item):
    with pytest.raises(RuntimeError), transaction.atomic():
        refuse(alice, item)


def test_of_many_at_once_one_is_the_entry_and_all_are_counted(db, alice, item):
    together = Barrier(6)

    def at_once() -> None:
        together.wait()
        refuse(alice, item)
        connections.close_all()

    threads = [Thread(target=at_once) for _ in range(6)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()

    assert Entry.objects.count() == 1
    assert Repeat.objects.get().count == 5
