"""Signing in: password, then a code. Failures are counted, throttled by address, and lock the account (CJIS AC-7)."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import TypeVar

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts import enrolling, factors, notices, passwords, refusals, sessions
from accounts.actors import Origin, actor_of, anonymous
from accounts.errors import SignInFailed, WrongCode, WrongPassword
from accounts.models import Enrolment, Person, SignedInSession, SignInFailure
from accounts.permissions import Permission
from accounts.secrets import name_digest
from custody.actors import Actor
from custody.recording import Subject, record, record_refusal
from verifier.events import Event

T = TypeVar("T")


@contextmanager
def even_pace() -> Iterator[None]:
    """Every refusal takes SIGN_IN_SECONDS, so that its time does not tell its cause."""
    started = time.monotonic()
    try:
        yield
    except SignInFailed:
        time.sleep(max(0.0, settings.SIGN_IN_SECONDS - (time.monotonic() - started)))
        raise


def check_password(email: str, password: str, origin: Origin) -> Person:
    """The first step. Raises SignInFailed for every cause alike, after the same time."""
    with even_pace():
        demand_calm(origin)
        person = Person.objects.select_related("agency").filter(email=email.strip().lower()[:254]).first()
        if person is None:
            passwords.spend(password)
            _count_unknown(email, origin)
            raise SignInFailed
        right = passwords.is_right(person, password)
        # Looked at after the slow hash: of many guesses at once, those that come after the lock learn nothing.
        person.refresh_from_db(fields=["disabled_at", "locked_at"])
        if not right or not may_try(person):
            failed(person, origin)
            raise SignInFailed
        return person


def check_code(person: Person, code: str, origin: Origin) -> tuple[SignedInSession, str]:
    """The second step: a code that nobody used opens the session. Raises SignInFailed, WrongCode."""

    def enter(person: Person) -> tuple[SignedInSession, str]:
        SignInFailure.objects.filter(person=person).delete()
        return sessions.open_session(person, origin)

    with even_pace():
        demand_calm(origin)
        return _by_code(person, code, origin, enter)


def _by_code(person: Person, code: str, origin: Origin, act: Callable[[Person], T]) -> T:
    """Do what the code allows, under the lock of the person's row. Raises SignInFailed, WrongCode.

    So guesses at once are counted one after the other, and an account that is closed in the same moment is not entered.
    """
    with transaction.atomic():
        person = Person.objects.select_for_update(of=("self",)).select_related("agency").get(id=person.id)
        if is_open := may_try(person):
            if factors.accept_any(person, code):
                return act(person)
            failed(person, origin)
    if is_open:
        raise WrongCode
    failed(person, origin)
    raise SignInFailed


def check_enrolment(email: str, code: str, origin: Origin) -> Enrolment:
    """The code that an administrator handed over; a wrong one counts for the address. Raises SignInFailed."""
    with even_pace():
        demand_calm(origin)
        try:
            return enrolling.find(email, code)
        except SignInFailed:
            _count_unknown(email, origin)
            raise


def step_up(actor: Actor, session: SignedInSession, code: str, origin: Origin) -> None:
    """The second factor once more, for a dangerous act. A wrong code counts as a failure. Raises WrongCode."""
    _by_code(session.person, code, origin, lambda _person: sessions.factor_shown(actor, session))


def change_password(
    actor: Actor, session: SignedInSession, *, current: str, new: str, origin: Origin
) -> str:  # fmt: skip
    """Change the own password, as `passwords.change`. A wrong current one counts as a failure (CJIS AC-7)."""
    try:
        return passwords.change(actor, session.person, session, current=current, new=new)
    except WrongPassword:
        failed(session.person, origin)
        raise


def may_try(person: Person) -> bool:
    """Whether the account is open at all."""
    return person.disabled_at is None and person.locked_at is None


def demand_calm(origin: Origin) -> None:
    """Refuse an address that failed too often, before it can lock account after account. Raises SignInFailed."""
    failures = SignInFailure.objects.filter(address=origin.address, at__gt=_window())
    if failures.count() >= settings.ADDRESS_FAILURES:
        passwords.spend("")
        refusals.tally("throttled-address")
        raise SignInFailed


def _window() -> datetime:
    return timezone.now() - timedelta(seconds=settings.LOCK_WINDOW_SECONDS)


def _count_unknown(email: str, origin: Origin) -> None:
    SignInFailure.objects.create(address=origin.address, name_digest=name_digest(email))
    refusals.tally("unknown-name")


def failed(person: Person, origin: Origin) -> None:
    """Count one failure, write its entry, and lock at the fifth within the window."""
    subjects, owner = [Subject("person", person.id)], person.agency_id
    with transaction.atomic():
        person = Person.objects.select_for_update().get(id=person.id)
        SignInFailure.objects.create(person=person, address=origin.address)
        if may_try(person):
            record(anonymous(origin), Event.SIGN_IN_FAILED, owner=owner, subjects=subjects,
                   fields={"person": person.name}, outcome="refused")  # fmt: skip
            if SignInFailure.objects.filter(person=person, at__gt=_window()).count() >= settings.LOCK_FAILURES:
                _lock(person, origin)
            return
    # An account that is closed already: the first attempt in a minute is an entry, the others are counted.
    record_refusal(anonymous(origin), Event.SIGN_IN_FAILED, owner=owner, subjects=subjects, reason="account-closed")


def _lock(person: Person, origin: Origin) -> None:
    person.locked_at = timezone.now()
    person.save(update_fields=["locked_at"])
    record(anonymous(origin), Event.PERSON_LOCKED, owner=person.agency_id, subjects=[Subject("person", person.id)],
           fields={"person": person.name})  # fmt: skip
    sessions.end_all(actor_of(person), person, "account locked")
    notices.tell_holders(
        person.agency_id, Permission.PEOPLE_MANAGE, "person.locked",
        f"{person.name}'s account was locked after {settings.LOCK_FAILURES} failed sign-ins.",
        reverse("person", args=[person.id]),
    )  # fmt: skip


def forget_old() -> None:
    """Delete failures that count for nothing any more; the ledger has their entries. The steward calls this."""
    SignInFailure.objects.filter(at__lt=timezone.now() - timedelta(days=1)).delete()
