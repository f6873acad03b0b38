"""Sessions as the policy wants them: on the server, idle for 30 minutes at most, 12 hours long at most (CJIS AC-11, AC-12)."""

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.utils import timezone
from uuid_utils.compat import uuid7

from accounts.actors import NOWHERE, Origin, actor_of, actor_of_session
from accounts.errors import SignInFailed
from accounts.models import Person, SignedInSession, Token
from accounts.secrets import digest, new_secret
from custody.actors import Actor
from custody.recording import Subject, record
from verifier.events import Event

TOUCHED_EACH = timedelta(seconds=15)  # the idle clock is written at most this often
METHOD = "password and code"


def put_cookie(response: HttpResponse, secret: str) -> None:
    """Give the browser its secret, or with an empty one take it back."""
    name = settings.SESSION_COOKIE_NAME
    if not secret:
        response.delete_cookie(name, samesite="Lax")
        return
    response.set_cookie(
        name, secret, max_age=settings.SESSION_LIFE_SECONDS, httponly=True,
        secure=settings.SESSION_COOKIE_SECURE, samesite="Lax",
    )  # fmt: skip


def open_session(
    person: Person, origin: Origin = NOWHERE, *, method: str = METHOD, aal: int = 2
) -> tuple[SignedInSession, str]:
    """Sign the person in. Returns the row and the secret for the cookie, which is stored nowhere else.

    Raises SignInFailed for an account that is closed, perhaps this very moment.
    """
    secret, now = new_secret(), timezone.now()
    with transaction.atomic():
        if not Person.objects.select_for_update().filter(id=person.id, disabled_at=None, locked_at=None).exists():
            raise SignInFailed
        session = SignedInSession.objects.create(
            id=uuid7(), digest=digest(secret), person=person, seen_at=now, factor_at=now, method=method, aal=aal,
            address=origin.address, user_agent=origin.user_agent,
        )  # fmt: skip
        record(
            actor_of_session(session, origin), Event.SIGNED_IN, owner=person.agency_id,
            subjects=[Subject("person", person.id)], fields={"person": person.name},
        )  # fmt: skip
    return session, secret


def _limits() -> tuple[datetime, datetime]:
    now = timezone.now()
    idle, life = settings.SESSION_IDLE_SECONDS, settings.SESSION_LIFE_SECONDS
    return now - timedelta(seconds=idle), now - timedelta(seconds=life)


def live_rows() -> QuerySet[SignedInSession]:
    """All sessions that hold now."""
    seen, opened = _limits()
    return SignedInSession.objects.filter(
        ended_at=None, seen_at__gt=seen, opened_at__gt=opened, person__disabled_at=None, person__locked_at=None
    )


def live(secret: str) -> SignedInSession | None:
    """The session of a cookie, when it still holds. One that ran out is ended here and now, with its entry."""
    found = (
        SignedInSession.objects.select_related("person__agency", "person__unit")
        .filter(digest=digest(secret), ended_at=None)
        .first()
    )
    if found is None or found.person.disabled_at or found.person.locked_at:
        return None
    seen, opened = _limits()
    if found.seen_at <= seen or found.opened_at <= opened:
        expire(found)
        return None
    return found


def touch(session: SignedInSession) -> None:
    """The person did something."""
    now = timezone.now()
    if now - session.seen_at >= TOUCHED_EACH:
        session.seen_at = now
        SignedInSession.objects.filter(id=session.id, ended_at=None).update(seen_at=now)


def factor_shown(actor: Actor, session: SignedInSession) -> None:
    """The second factor was shown again (step-up)."""
    with transaction.atomic():
        session.factor_at = timezone.now()
        session.save(update_fields=["factor_at"])
        record(
            actor, Event.FACTOR_CONFIRMED, owner=session.person.agency_id,
            subjects=[Subject("person", session.person_id)], fields={"person": session.person.name},
        )  # fmt: skip


def rotate(session: SignedInSession) -> str:
    """A new secret for the same session; the old cookie opens nothing any more."""
    secret = new_secret()
    session.digest = digest(secret)
    session.save(update_fields=["digest"])
    return secret


def _end(session: SignedInSession, why: str) -> bool:
    ended = SignedInSession.objects.filter(id=session.id, ended_at=None)
    return bool(ended.update(ended_at=timezone.now(), ended_why=why))


def expire(session: SignedInSession) -> None:
    """End a session that ran out, with its entry, once."""
    with transaction.atomic():
        if _end(session, "expired"):
            record(
                actor_of(session.person, session=session.digest), Event.SESSION_EXPIRED,
                owner=session.person.agency_id, subjects=[Subject("person", session.person_id)],
                fields={"person": session.person.name},
            )  # fmt: skip


def expire_due() -> None:
    """End what ran out without anybody coming back. The steward calls this."""
    seen, opened = _limits()
    due = SignedInSession.objects.filter(Q(seen_at__lte=seen) | Q(opened_at__lte=opened), ended_at=None)
    for session in due.select_related("person__agency")[:500]:
        expire(session)


def end(actor: Actor, session: SignedInSession, why: str = "signed out") -> None:
    """End one session, by its person or by an administrator."""
    with transaction.atomic():
        if _end(session, why):
            record(
                actor, Event.SIGNED_OUT, owner=session.person.agency_id,
                subjects=[Subject("person", session.person_id)],
                fields={"person": session.person.name, "reason": why},
            )  # fmt: skip


def end_all(actor: Actor, person: Person, why: str, *, but: UUID | None = None) -> int:
    """End every session of a person, in the caller's transaction. Returns how many."""
    ended = 0
    for session in SignedInSession.objects.filter(person=person, ended_at=None):
        if session.id != but:
            end(actor, session, why)
            ended += 1
    return ended


def ended(digests: Collection[str]) -> frozenset[str]:
    """Of these session and token digests, the ones that no longer hold: streams bound to them stop."""
    now = timezone.now()
    sessions = live_rows().filter(digest__in=digests).values_list("digest", flat=True)
    tokens = Token.objects.filter(
        digest__in=digests, revoked_at=None, expires_at__gt=now, person__disabled_at=None, person__locked_at=None
    ).values_list("digest", flat=True)
    return frozenset(digests) - frozenset(sessions) - frozenset(tokens)
