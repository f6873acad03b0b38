"""What a door declares: by which right it is passed, and which event passing it writes."""

from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest

from accounts.actors import Origin
from accounts.models import Person, SignedInSession
from accounts.permissions import Permission
from custody.actors import Actor
from verifier.events import Event


class ActorRequest(HttpRequest):
    """Any request: the actor may be anonymous."""

    actor: Actor
    person: Person | None
    origin: Origin
    session_id: UUID | None
    signed_in_session: SignedInSession | None
    # What the middleware will turn into a cookie when it answers; "" ends the cookie.
    new_session_secret: str | None


class SignedInRequest(ActorRequest):
    """The type says that someone is signed in. `session_id` is None for a bearer token."""

    person: Person


@dataclass(frozen=True)
class NoEvent:
    """A route that writes no entry, and why that is right."""

    why: str


@dataclass(frozen=True)
class Rule:
    """What one method of one route demands. `permission` None: open to the signed-out.

    `step_up` demands a second factor shown within STEP_UP_SECONDS; with `or_token` of browsers only, since a token was
    given under one. `background` is for what a page asks by itself
    (polling): it does not count as the person's activity, or an open page would never be idle (CJIS AC-11).
    """

    permission: Permission | None
    event: Event | NoEvent
    step_up: bool = False
    objectless: bool = False
    background: bool = False
    or_token: bool = False


def no_event(why: str) -> NoEvent:
    """Declare that a route touches nothing that the ledger keeps."""
    return NoEvent(why)


def may(
    permission: Permission, event: Event | NoEvent, *,
    step_up: bool = False, objectless: bool = False, background: bool = False, or_token: bool = False,
) -> Rule:  # fmt: skip
    """Signed in, and the role holds the permission.

    With `objectless` the role alone decides (403 without it); else the view's rule fetches and authorises its object.
    """
    return Rule(permission, event, step_up, objectless, background, or_token)


def anybody(event: Event | NoEvent) -> Rule:
    """Open to the signed-out."""
    return Rule(None, event)
