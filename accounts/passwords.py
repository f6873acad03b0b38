"""Passwords by CJIS IA-5: eight characters or more, none that everybody tries first, the reason always told."""

import unicodedata
from pathlib import Path

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts import sessions
from accounts.errors import WeakPassword, WrongPassword
from accounts.models import Person, SignedInSession
from custody.actors import Actor
from custody.recording import Subject, record
from verifier.events import Event

LONGEST = 1000  # so that nobody makes us hash a book; every password up to here counts whole
_OUR_WORDS = ("proofroom", "evidence", "password", "police", "sheriff")


def normal(password: str) -> str:
    """The form that is hashed, so that two keyboards' ways of typing an accent agree (NIST SP 800-63B, 5.1.1.2)."""
    return unicodedata.normalize("NFKC", password)


def _is_banned(password: str) -> bool:
    try:
        CommonPasswordValidator().validate(password)
    except ValidationError:
        return True
    path = settings.BANNED_PASSWORDS
    return bool(path) and password.lower() in {
        line.strip().lower() for line in Path(path).read_text(encoding="utf-8").splitlines()
    }


def _bare(text: str) -> str:
    return "".join(c for c in text.lower() if c.isalnum())


def check(password: str, person: Person) -> None:
    """Raise WeakPassword with the reason."""
    password = normal(password)
    if len(password) < settings.PASSWORD_MIN_LENGTH:
        raise WeakPassword(reason=f"Use at least {settings.PASSWORD_MIN_LENGTH} characters; more are better.")
    if len(password) > LONGEST:
        raise WeakPassword(reason=f"Use at most {LONGEST} characters.")
    if _is_banned(password):
        raise WeakPassword(reason="This password is on the list of those that are tried first. Use another.")
    if len(set(password.lower())) < 4:
        raise WeakPassword(reason="This password repeats a few characters. Use a longer phrase of several words.")
    own = [person.email.split("@")[0], *person.name.split(), *_OUR_WORDS]
    left = _bare(password)
    for word in sorted({_bare(word) for word in own if len(_bare(word)) > 3}, key=len, reverse=True):
        left = left.replace(word, "")
    # What remains besides the own name and our words must still be a password.
    if len(left.strip("0123456789")) < 4 and len(left) < settings.PASSWORD_MIN_LENGTH:
        raise WeakPassword(reason="This password is too close to your name, your address or this service's name.")


def store(person: Person, password: str) -> None:
    """Set the password on the row; the caller saves and records. Raises WeakPassword."""
    check(password, person)
    person.password = make_password(normal(password))
    person.password_changed_at = timezone.now()
    person.must_change_password = False


def is_right(person: Person, password: str) -> bool:
    """Whether this is the person's password. Takes as long when there is none."""
    password = normal(password[: LONGEST + 1])
    if not person.password or not person.has_usable_password():
        spend(password)
        return False
    return check_password(password, person.password)


_dummy = ""


def spend(password: str) -> None:
    """Take as long as a comparison does, for a name that nobody has."""
    global _dummy  # noqa: PLW0603 - computed once a process; a constant would be of another machine's parameters
    _dummy = _dummy or make_password("nobody has this password")
    check_password(normal(password[: LONGEST + 1]), _dummy)


def change(actor: Actor, person: Person, session: SignedInSession, *, current: str, new: str) -> str:
    """Change the own password: the current one is needed, and every other session ends.

    Returns the new secret for the cookie of the session that goes on. Raises WrongPassword, WeakPassword.
    """
    if not is_right(person, current):
        raise WrongPassword
    if normal(current) == normal(new):
        raise WeakPassword(reason="The new password is the old one. Use another.")
    with transaction.atomic():
        person = Person.objects.select_for_update(of=("self",)).get(id=person.id)
        store(person, new)
        person.save(update_fields=["password", "password_changed_at", "must_change_password"])
        sessions.end_all(actor, person, "password changed", but=session.id)
        record(actor, Event.PASSWORD_CHANGED, owner=person.agency_id, subjects=[Subject("person", person.id)],
               fields={"person": person.name})  # fmt: skip
        return sessions.rotate(session)
