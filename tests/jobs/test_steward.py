import logging
import os
import signal
import subprocess
import sys
import threading
import time

from django.db import OperationalError
from uuid_utils.compat import uuid7

from jobs.models import Job
from jobs.steward import Steward
from jobs.sweeping import REGISTERED, Swept


def run_for(seconds: float, *sweeps: Swept) -> None:
    steward = Steward(sweeps)
    steward.start()
    time.sleep(seconds)
    steward.stop()
    steward.wait()


def test_it_calls_each_again_and_again(db):
    calls: list[int] = []
    run_for(0.3, Swept(0.02, lambda: calls.append(1)))

    assert len(calls) > 5


def test_one_that_fails_or_hangs_stops_no_other(db, caplog):
    calls: list[int] = []
    hang = threading.Event()

    def lose_the_database() -> None:
        raise OperationalError("terminating connection")

    def fail() -> None:
        raise ZeroDivisionError

    with caplog.at_level(logging.WARNING):
        run_for(
            0.3, Swept(0.02, lambda: hang.wait(5)), Swept(0.02, fail), Swept(0.02, lose_the_database),
            Swept(0.02, lambda: calls.append(1)),
        )  # fmt: skip
    hang.set()
    assert len(calls) > 5
    assert "terminating connection" in caplog.text
    assert "ZeroDivisionError" in caplog.text


def test_one_that_failed_is_called_again(db):
    calls: list[int] = []

    def fail_once() -> None:
        calls.append(1)
        if len(calls) == 1:
            raise ZeroDivisionError

    run_for(0.4, Swept(0.02, fail_once))
    assert len(calls) > 1


def test_the_ledger_and_the_jobs_are_swept():
    assert {"custody.sequencing.sequence", "custody.refusing.fold_due", "jobs.sweeping.ring_due_jobs"} <= set(
        REGISTERED
    )


def test_the_process_gives_entries_their_leaves_and_stops_at_once(live_stack, write_entry, wait_for):
    from custody.models import Leaf

    entry = write_entry()
    live_stack.steward()
    wait_for(lambda: Leaf.objects.filter(entry=entry).exists())
    steward = live_stack.processes[-1]

    began = time.monotonic()
    steward.send_signal(signal.SIGTERM)
    assert steward.wait(5) == 0
    assert time.monotonic() - began < 2


def test_it_goes_on_after_the_database_threw_it_out(live_stack, write_entry, wait_for):
    from custody.models import Leaf

    live_stack.steward()
    first = write_entry()
    wait_for(lambda: Leaf.objects.filter(entry=first).exists())
    with live_stack.stack.postgres.superuser() as session:
        session.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND usename IN"
            " ('proofroom_sequencer', 'proofroom_worker')",
            [live_stack.database],
        )
    second = write_entry()

    wait_for(lambda: Leaf.objects.filter(entry=second).exists())
    assert live_stack.processes[-1].poll() is None


WORK = """
import django, sys, time
django.setup()
from jobs import queue, running
from uuid import UUID

@queue.kind("test.slow", lease_seconds=2)
def work(job):
    job.progress(10)
    print("working", flush=True)
    time.sleep(60)

running.run(UUID(sys.argv[1]))
"""


def test_a_worker_killed_in_the_middle_loses_its_lease_and_the_job_runs_again(db, stack, wait_for):
    from django.utils import timezone

    from jobs import queue, running

    job = Job.objects.create(id=uuid7(), kind="test.slow", key="a", queue="default", not_before=timezone.now())
    environment = {**stack.environment("worker", db)}
    with subprocess.Popen(
        [sys.executable, "-c", WORK, str(job.id)],
        stdout=subprocess.PIPE,
        env=environment,
        cwd=environment["PYTHONPATH"],
    ) as worker:
        assert worker.stdout
        assert worker.stdout.readline() == b"working\n"
        os.kill(worker.pid, signal.SIGKILL)
    done: list[int] = []
    queue.kind("test.slow")(lambda one: done.append(one.attempt))
    assert not running.run(job.id)  # its lease still lasts

    wait_for(lambda: running.run(job.id))
    assert done == [2]
