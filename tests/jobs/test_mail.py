from contextlib import suppress
from smtplib import SMTPRecipientsRefused

import pytest
from django.core import mail as outbox
from django.core.mail import EmailMessage
from django.db import transaction

from jobs import mail
from jobs.models import Job, Mail


@pytest.fixture
def letter(db, settings) -> Mail:
    settings.DEMO = False
    with transaction.atomic():
        return mail.send("bob@riverton.example", "An item\nis ready", "Item 3 is sealed.")


def now(letter: Mail) -> Mail:
    letter.refresh_from_db()
    return letter


def test_a_letter_is_a_row_first_and_then_sent(letter, run_jobs):
    assert (letter.sent_at, letter.subject) == (None, "An item is ready")
    run_jobs()

    assert now(letter).sent_at
    assert outbox.outbox[-1].extra_headers["Message-ID"] == letter.message_id


def test_the_demonstration_captures_it(letter, run_jobs, settings, monkeypatch):
    settings.DEMO = True
    monkeypatch.setattr(EmailMessage, "send", lambda self: 1 / 0)
    run_jobs()

    assert now(letter).sent_at


def test_a_server_that_is_away_is_waited_for(letter, run_jobs, monkeypatch):
    def away(self: EmailMessage) -> None:
        raise ConnectionRefusedError

    monkeypatch.setattr(EmailMessage, "send", away)
    run_jobs()

    assert now(letter).sent_at is None
    assert Job.objects.get(kind="mail").state == "waiting"


def test_an_address_that_is_refused_is_not_tried_for_ever(letter, run_jobs, monkeypatch):
    def refuse(self: EmailMessage) -> None:
        raise SMTPRecipientsRefused({})

    monkeypatch.setattr(EmailMessage, "send", refuse)
    run_jobs()

    assert Job.objects.get(kind="mail").reason == "The mail server refuses this address."


def test_a_letter_of_a_rolled_back_act_is_never_sent(db, run_jobs):
    with suppress(ZeroDivisionError), transaction.atomic():
        mail.send("bob@riverton.example", "No", "No")
        raise ZeroDivisionError

    assert run_jobs() == 0
    assert not Mail.objects.exists()
