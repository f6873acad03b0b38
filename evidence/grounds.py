"""When a reading may not go on: what it rests on is gone, whoever took it away and in whichever process."""

from datetime import timedelta

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from accounts.models import SignedInSession, Token
from evidence.models import Grant, Reading


def groundless() -> QuerySet[Reading]:
    """Readings that are closed or about to be, or whose person is disabled or locked, or whose session or grant ended.

    One query, for the watcher that asks it every second and for each request under a reading.
    """
    now = timezone.now()
    begun = now - timedelta(seconds=settings.SESSION_LIFE_SECONDS)
    session = SignedInSession.objects.filter(digest=OuterRef("session"), ended_at=None, opened_at__gt=begun)
    token = Token.objects.filter(digest=OuterRef("session"), revoked_at=None, expires_at__gt=now)
    dead = Grant.objects.filter(pk=OuterRef("grant")).filter(Q(revoked_at__isnull=False) | Q(ends_at__lte=now))
    locked = Q(person__disabled_at__isnull=False) | Q(person__locked_at__isnull=False)
    a_persons = Q(person__isnull=False) & (locked | (~Exists(session) & ~Exists(token)) | Exists(dead))
    return Reading.objects.filter(Q(closed_at__isnull=False) | ~Q(ending="") | a_persons)
