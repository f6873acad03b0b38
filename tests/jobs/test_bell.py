import time
from urllib.parse import unquote, urlsplit

import pytest
import redis
from django.db import transaction
from django.utils import timezone
from uuid_utils.compat import uuid7

from jobs import bell, queue, sweeping
from jobs.models import Job


@pytest.fixture
def job(db):
    """A job that is due and that nobody rang for."""
    queue.kind("test.ring", queue="test-bell")(lambda job: None)
    return Job.objects.create(id=uuid7(), kind="test.ring", key="a", queue="test-bell", not_before=timezone.now())


def test_a_broker_that_is_away_fails_nothing_and_slows_nothing(db, settings, monkeypatch):
    from celery import current_app

    monkeypatch.setattr(current_app.conf, "broker_url", "redis+socket:///nowhere/at/all.sock")
    settings.BROKER_URL = "redis+socket:///nowhere/at/all.sock"
    queue.kind("test.ring")(lambda job: None)
    began = time.monotonic()
    for key in "abcdef":
        with transaction.atomic():
            queue.enqueue("test.ring", key, {}, {})

    assert Job.objects.count() == 6
    assert time.monotonic() - began < 3


@pytest.fixture
def real_broker(broker, settings, monkeypatch):
    from celery import current_app

    monkeypatch.setattr(current_app.conf, "broker_url", broker)
    settings.BROKER_URL = broker
    current_app._after_fork()  # forgets connections to another test's broker
    yield broker
    current_app._after_fork()


def test_a_ring_waits_in_the_broker_until_a_worker_hears_it(real_broker, job):
    assert bell.unheard("test-bell") == 0
    assert bell.ring(job.id, "test-bell")

    assert bell.unheard("test-bell") == 1


def test_after_the_broker_lost_its_memory_the_sweeper_rings_again(real_broker, job):
    bell.ring(job.id, "test-bell")
    address = urlsplit(real_broker)
    with redis.Redis(unix_socket_path=unquote(address.path), password=unquote(address.password or "")) as store:
        store.flushall()
    assert bell.unheard("test-bell") == 0

    assert sweeping.ring_due_jobs() == 1
    assert bell.unheard("test-bell") == 1


def test_a_ring_reaches_a_broker_that_was_started_again(real_broker, stack, job):
    assert bell.ring(job.id, "test-bell")
    stack.broker.stop()
    assert not bell.ring(job.id, "test-bell")
    stack.broker.start()
    bell._Quiet.until = 0.0

    assert bell.ring(job.id, "test-bell")


def test_the_sweeper_rings_for_what_nobody_heard_and_does_not_flood(job, monkeypatch, rings):
    unheard = 0
    monkeypatch.setattr(bell, "unheard", lambda queue: unheard)

    assert sweeping.ring_due_jobs() == 1
    assert rings == [(job.id, "test-bell")]
    unheard = 20
    assert sweeping.ring_due_jobs() == 0


def test_the_sweeper_does_nothing_while_the_broker_is_away(job, monkeypatch, rings):
    monkeypatch.setattr(bell, "unheard", lambda queue: None)

    assert sweeping.ring_due_jobs() == 0
