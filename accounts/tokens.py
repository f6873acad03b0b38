"""Bearer tokens of a person, for the command line or a device. Stored as digests."""

from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from uuid_utils.compat import uuid7

from accounts.actors import NOWHERE, Origin, anonymous
from accounts.errors import BadInput, NotAllowed, NotVisible
from accounts.models import DeviceCode, Person, Token
from accounts.secrets import digest, new_secret
from custody.actors import Actor
from custody.recording import Subject, record, record_refusal
from verifier.events import Event

PREFIX = "prt_"  # so that a scanner of sources and logs knows one when it sees one
_USED_EACH = timedelta(seconds=60)


def issue(actor: Actor, person: Person, name: str) -> tuple[Token, str]:
    """A new token of the person. The secret is returned once and stored nowhere. Raises BadInput, NotAllowed."""
    name = " ".join(name.split())
    if not 1 <= len(name) <= 120:
        raise BadInput("Give the token a name of at most 120 characters.", {"name": ["1 to 120 characters"]})
    secret = PREFIX + new_secret()
    with transaction.atomic():
        # Locked: who is closed in the same moment gets none that would come back to life with the account.
        if not Person.objects.select_for_update().filter(id=person.id, disabled_at=None, locked_at=None).exists():
            raise NotAllowed("person", person.id, person.agency_id)
        token = Token.objects.create(
            id=uuid7(), person=person, name=name, digest=digest(secret),
            expires_at=timezone.now() + timedelta(days=settings.TOKEN_DAYS),
        )  # fmt: skip
        record(
            actor, Event.TOKEN_ISSUED, owner=person.agency_id,
            subjects=[Subject("person", person.id), Subject("token", token.id)],
            fields={"person": person.name, "name": name},
        )  # fmt: skip
    return token, secret


def revoke(actor: Actor, person: Person, token_id: UUID) -> None:
    """Revoke one of the person's own tokens. Raises NotVisible."""
    with transaction.atomic():
        token = Token.objects.select_for_update(of=("self",)).select_related("person").filter(id=token_id).first()
        if token is None:
            raise NotVisible("token", token_id)
        if token.person_id != person.id:
            raise NotVisible("token", token_id, token.person.agency_id)
        if token.revoked_at is None:
            _revoke(actor, token)


def revoke_all(actor: Actor, person: Person) -> None:
    """Revoke all tokens of a person, in the caller's transaction; a device that was let in and has none yet gets none."""
    DeviceCode.objects.filter(person=person, spent_at=None, refused_at=None).update(refused_at=timezone.now())
    for token in Token.objects.select_for_update().filter(person=person, revoked_at=None):
        _revoke(actor, token)


def _revoke(actor: Actor, token: Token) -> None:
    token.revoked_at = timezone.now()
    token.save(update_fields=["revoked_at"])
    record(
        actor, Event.TOKEN_REVOKED, owner=token.person.agency_id,
        subjects=[Subject("person", token.person_id), Subject("token", token.id)],
        fields={"person": token.person.name, "name": token.name},
    )  # fmt: skip


def of(person: Person) -> QuerySet[Token]:
    """The person's tokens that still hold, newest first."""
    return person.tokens.filter(revoked_at=None, expires_at__gt=timezone.now()).order_by("-created_at")


def live(secret: str, origin: Origin = NOWHERE) -> Token | None:
    """The token of a bearer secret, when it holds. A known one that no longer does is refused with an entry."""
    found = Token.objects.select_related("person__agency", "person__unit").filter(digest=digest(secret)).first()
    if found is None:
        return None
    now = timezone.now()
    if reason := _what_stands_against(found):
        record_refusal(
            anonymous(origin), Event.ACCESS_REFUSED, owner=found.person.agency_id,
            subjects=[Subject("token", found.id), Subject("person", found.person_id)], reason=reason,
        )  # fmt: skip
        return None
    if found.used_at is None or now - found.used_at > _USED_EACH:
        Token.objects.filter(id=found.id).update(used_at=now)
    return found


def _what_stands_against(token: Token) -> str:
    if token.revoked_at:
        return "token-revoked"
    if token.expires_at <= timezone.now():
        return "token-expired"
    if token.person.disabled_at:
        return "person-disabled"
    if token.person.locked_at:
        return "person-locked"
    return ""
