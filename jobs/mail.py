"""Letters: a row in the transaction of what they tell, sent at least once, always with the same Message-ID."""

from email.utils import make_msgid
from smtplib import SMTPException, SMTPRecipientsRefused
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils import timezone
from uuid_utils.compat import uuid7

from jobs.models import Mail
from jobs.queue import GiveUp, Running, TryLater, enqueue, kind

_LONGEST_SUBJECT = 200
_AWAY_SECONDS = 60


def send(to: str, subject: str, body: str) -> Mail:
    """Write a letter and ask for it to be sent. Needs a transaction; nothing leaves before it commits."""
    one_line = " ".join(subject.split())[:_LONGEST_SUBJECT]
    domain = urlsplit(settings.ADDRESS).hostname or "localhost"
    letter = Mail.objects.create(id=uuid7(), message_id=make_msgid(domain=domain), to=to, subject=one_line, body=body)
    enqueue("mail", str(letter.id), {"mail": str(letter.id)}, {})
    return letter


@kind("mail", attempts=12)
def deliver(job: Running) -> None:
    """Send the letter. The demonstration captures it: the row is the mailbox, and no server is asked."""
    letter = Mail.objects.get(id=UUID(job.ids["mail"]))
    if letter.sent_at:
        return
    if not settings.DEMO:
        _hand_over(letter)
    Mail.objects.filter(id=letter.id, sent_at=None).update(sent_at=timezone.now())


def _hand_over(letter: Mail) -> None:
    headers = {"Message-ID": letter.message_id, "Auto-Submitted": "auto-generated"}  # RFC 3834
    try:
        EmailMessage(letter.subject, letter.body, to=[letter.to], headers=headers).send()
    except SMTPRecipientsRefused as refused:
        raise GiveUp("The mail server refuses this address.") from refused
    except (OSError, SMTPException) as away:
        raise TryLater("The mail server does not answer.", _AWAY_SECONDS) from away
