"""The ledger's public face, and whether everything answers."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from audit import readiness
from custody import sequencing, signing
from custody.actors import SYSTEM
from custody.models import Waiting
from custody.recording import record
from verifier import notes
from verifier.events import Event


def test_anybody_reads_the_newest_checkpoint_and_the_key_that_verifies_it(client):
    sequencing.sequence()

    key = notes.VerifierKey.parse(client.get("/log/vkey").content.decode())
    checkpoint = client.get("/log/checkpoint")
    assert checkpoint["Content-Type"] == "text/plain; charset=utf-8"
    assert notes.verify(checkpoint.content.decode(), key).size == 0
    assert key == signing.verifier_key()


def test_a_log_that_has_signed_nothing_yet_says_so(client):
    assert client.get("/log/checkpoint").status_code == 503


def test_a_process_that_answers_is_healthy(client):
    assert client.get("/healthz").content == b"ok\n"


@pytest.fixture
def working_broker(services, settings, monkeypatch):
    from celery import current_app

    settings.BROKER_URL = services.broker.url
    monkeypatch.setattr(current_app.conf, "broker_url", services.broker.url)


def test_when_all_answer_it_is_ready_and_says_what_is_for_evaluation_only(client, working_broker):
    answer = client.get("/readyz")

    assert answer.json()["services"] == {"database": "ok", "objects": "ok", "broker": "ok", "sequencer": "ok"}
    assert answer.status_code == 200
    assert any("evaluation only" in one for one in answer.json()["warnings"])


def test_what_does_not_answer_is_named_without_telling_where_it_is(client, working_broker, settings):
    settings.BROKER_URL = ""
    settings.S3_ENDPOINT = "http://127.0.0.1:9"

    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["services"]["objects"] == "It does not answer."
    assert answer.json()["services"]["broker"].startswith("It does not answer.")
    assert answer.json()["services"]["database"] == "ok"
    assert b"127.0.0.1" not in answer.content


def test_entries_that_wait_too_long_for_a_leaf_are_told(client, working_broker, write_old_entry):
    assert Waiting.objects.count() == 1

    assert "for a signed tree" in client.get("/readyz").json()["services"]["sequencer"]


def test_clocks_that_differ_are_told(client, working_broker, monkeypatch):
    monkeypatch.setattr(readiness, "clock", lambda: timezone.now() + timedelta(seconds=3))

    assert "The clocks of this machine and of the database differ by 3.0 s." in client.get("/readyz").json()["warnings"]


@pytest.fixture
def write_old_entry(db, monkeypatch):
    from datetime import timedelta

    from audit import readiness

    monkeypatch.setattr(readiness, "_LAG", timedelta(0))
    with transaction.atomic():
        record(SYSTEM, Event.SEARCHED, owner=None, subjects=[])
