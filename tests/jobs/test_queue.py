from contextlib import suppress
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import connections, transaction
from django.utils import timezone

from jobs import queue, running
from jobs.errors import JobOutsideTransaction, NoSuchJob, UnknownKind
from jobs.models import Job
from jobs.queue import ask_again, cancel, enqueue


@pytest.fixture
def done(db):
    """A kind whose jobs only write down that they were done."""
    seen = []
    queue.kind("test.note", queue="media")(lambda job: seen.append(job.ids["thing"]))
    return seen


def ask(key: str = "a", **more) -> Job:
    with transaction.atomic():
        return enqueue("test.note", key, {"thing": key}, {"kind": "system"}, **more)


def test_it_rings_the_kinds_queue_once_the_row_is_there(done, rings):
    with transaction.atomic():
        job = enqueue("test.note", "a", {"thing": "a"}, {})
        assert rings == []

    assert rings == [(job.id, "media")]
    assert Job.objects.get().state == "waiting"


def test_a_rolled_back_wish_leaves_no_job_and_rings_nobody(done, rings):
    with suppress(ZeroDivisionError), transaction.atomic():
        enqueue("test.note", "a", {}, {})
        raise ZeroDivisionError

    assert not Job.objects.exists()
    assert rings == []


def test_asking_twice_makes_one_job_and_rings_again(done, rings):
    assert ask().id == ask().id

    assert len(rings) == 2
    assert running.run_due() == 1


def test_asking_at_once_makes_one_job(done, rings):
    together, found = Barrier(4), []

    def at_once() -> None:
        together.wait()
        found.append(ask().id)
        connections.close_all()

    threads = [Thread(target=at_once) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(set(found)) == 1
    assert len(found) == 4


def test_a_job_for_later_is_not_rung_and_not_run_before(done, rings):
    ask(not_before=timezone.now() + timedelta(hours=1))

    assert rings == []
    assert running.run_due() == 0


def test_one_that_has_ended_stays_ended_until_it_is_asked_for_again(done, rings):
    ask()
    running.run_due()
    ask()
    assert running.run_due() == 0

    with transaction.atomic():
        ask_again("test.note", "a")
    assert running.run_due() == 1
    assert done == ["a", "a"]


def test_a_cancelled_job_is_not_run(done, rings):
    ask()
    with transaction.atomic():
        cancel("test.note", "a")

    assert running.run_due() == 0
    assert Job.objects.get().state == "cancelled"


def test_what_nobody_asked_for_is_not_asked_for_again(done):
    with pytest.raises(NoSuchJob), transaction.atomic():
        ask_again("test.note", "never")


def test_an_unknown_kind_crashes(db):
    with pytest.raises(UnknownKind, match=r"test\.nothing"), transaction.atomic():
        enqueue("test.nothing", "a", {}, {})


def test_it_refuses_to_stand_outside_a_transaction(done):
    for act in (lambda: enqueue("test.note", "a", {}, {}), lambda: cancel("test.note", "a")):
        with pytest.raises(JobOutsideTransaction):
            act()
