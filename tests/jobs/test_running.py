from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from jobs import queue, running
from jobs.models import Job
from jobs.queue import Cancelled, GiveUp, Running, TryLater, cancel, enqueue


@pytest.fixture
def ask(db, rings):
    def asked(handler, **more) -> Job:
        queue.kind("test.work", **more)(handler)
        with transaction.atomic():
            return enqueue("test.work", "a", {"thing": "a"}, {"kind": "system", "name": "Proofroom"})

    return asked


def now(job: Job) -> Job:
    job.refresh_from_db()
    return job


def make_due(job: Job) -> None:
    Job.objects.filter(id=job.id).update(not_before=timezone.now() - timedelta(seconds=1))


def test_it_does_the_work_once_and_writes_that_down(ask):
    seen: list[Running] = []
    job = ask(seen.append)

    assert running.run(job.id)
    assert not running.run(job.id)
    assert (seen[0].ids, seen[0].actor["name"], seen[0].attempt) == ({"thing": "a"}, "Proofroom", 1)
    assert (now(job).state, job.progress, job.lease) == ("done", 100, None)


def test_nobody_else_takes_it_while_its_lease_lasts(ask):
    second: list[bool] = []
    job = ask(lambda one: second.append(running.run(one.id)))

    running.run(job.id)
    assert second == [False]


def test_progress_is_seen_and_renews_the_lease(ask):
    seen: list[tuple[int, bool]] = []

    def work(one: Running) -> None:
        Job.objects.filter(id=one.id).update(leased_until=timezone.now())
        one.progress(40)
        row = Job.objects.get(id=one.id)
        assert row.leased_until
        seen.append((row.progress, row.leased_until > timezone.now() + timedelta(seconds=20)))

    running.run(ask(work, lease_seconds=30).id)
    assert seen == [(40, True)]


def test_the_lease_of_a_dead_worker_runs_out_and_the_job_runs_again(ask):
    calls: list[int] = []
    job = ask(lambda one: calls.append(one.attempt))
    Job.objects.filter(id=job.id).update(
        state="running", lease=job.id, attempts=1, leased_until=timezone.now() - timedelta(seconds=1)
    )

    assert running.run_due() == 1
    assert calls == [2]


def test_a_worker_that_lost_its_lease_is_told_and_changes_nothing(ask):
    told: list[str] = []

    def work(one: Running) -> None:
        Job.objects.filter(id=one.id).update(lease=one.id)  # another worker has it now
        try:
            one.progress(50)
        except Cancelled:
            told.append("gone")
            raise

    job = ask(work)
    running.run(job.id)
    assert told == ["gone"]
    assert (now(job).state, job.lease) == ("running", job.id)


def test_a_cancelled_handler_learns_it_at_its_next_progress(ask):
    def work(one: Running) -> None:
        with transaction.atomic():
            cancel("test.work", "a")
        one.progress(50)
        raise AssertionError("went on")

    job = ask(work)
    running.run(job.id)
    assert now(job).state == "cancelled"


def test_waiting_for_something_costs_no_attempt(ask):
    def work(one: Running) -> None:
        raise TryLater("The object store does not answer.", 7)

    job = ask(work, attempts=1)
    for _ in range(5):
        running.run(job.id)
        assert (now(job).state, job.attempts, job.reason) == ("waiting", 0, "The object store does not answer.")
        assert timedelta(seconds=5) < job.not_before - timezone.now() <= timedelta(seconds=7)
        make_due(job)


def test_giving_up_tells_a_person_why_and_whoever_must_know(ask):
    told: list[str] = []

    def work(one: Running) -> None:
        raise GiveUp("The file is empty.")

    job = ask(work, failed=lambda one, reason: told.append(reason))
    running.run(job.id)
    assert (now(job).state, job.reason) == ("failed", "The file is empty.")
    assert told == ["The file is empty."]


def test_an_unexpected_error_is_tried_again_later_and_later_then_fails(ask):
    waits, told = [], []

    def work(one: Running) -> None:
        raise ZeroDivisionError("secret detail")

    job = ask(work, attempts=3, failed=lambda one, reason: told.append(reason))
    while now(job).state == "waiting":
        running.run(job.id)
        waits.append(round((now(job).not_before - timezone.now()).total_seconds()))
        make_due(job)

    assert waits[:2] == [2, 4]
    assert (job.state, job.attempts, len(told)) == ("failed", 3, 1)
    assert "secret detail" not in job.reason


def test_work_that_kills_its_worker_again_and_again_is_not_done_for_ever(ask):
    calls: list[Running] = []
    told: list[str] = []
    job = ask(calls.append, attempts=2, failed=lambda one, reason: told.append(reason))
    Job.objects.filter(id=job.id).update(
        state="running", lease=job.id, attempts=2, leased_until=timezone.now() - timedelta(seconds=1)
    )

    running.run(job.id)
    assert now(job).state == "failed"
    assert (calls, len(told)) == ([], 1)


def test_a_job_that_does_not_exist_is_nobodys(db):
    from uuid import uuid4

    assert not running.run(uuid4())
