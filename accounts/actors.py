"""Making the actor of a request, a session, a token or a person."""

from dataclasses import dataclass
from ipaddress import ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest

from accounts.models import Person, SignedInSession, Token
from custody.actors import Actor, ActorKind

_KINDS = {
    Person.Kind.STAFF: ActorKind.PERSON,
    Person.Kind.GUEST: ActorKind.GUEST,
    Person.Kind.OPERATOR: ActorKind.OPERATOR,
}


@dataclass(frozen=True)
class Origin:
    """Where a request came from. `peer` is the connection's address, `claimed` what a trusted proxy forwarded."""

    peer: str = ""
    claimed: str = ""
    user_agent: str = ""

    @property
    def address(self) -> str:
        """The address that failures are counted by."""
        return self.claimed or self.peer


NOWHERE = Origin()


def _trusted(address: str) -> bool:
    try:
        found = ip_address(address)
        return any(found in ip_network(network, strict=False) for network in settings.TRUSTED_PROXIES)
    except ValueError:
        return False


def origin_of(request: HttpRequest) -> Origin:
    """The addresses of a request. X-Forwarded-For is read from the right, and only past configured proxies."""
    peer = claimed = request.META.get("REMOTE_ADDR", "")
    for hop in reversed(request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")):
        if not hop.strip() or not _trusted(claimed):
            break
        claimed = hop.strip()[:64]
    return Origin(peer, claimed if claimed != peer else "", request.META.get("HTTP_USER_AGENT", "")[:400])


def anonymous(origin: Origin = NOWHERE) -> Actor:
    """Somebody unknown, from a known place."""
    return Actor(
        kind=ActorKind.ANONYMOUS, name="Somebody unknown",
        peer=origin.peer, claimed=origin.claimed, user_agent=origin.user_agent,
    )  # fmt: skip


def actor_of(person: Person, origin: Origin = NOWHERE, *, method: str = "", aal: int = 0, session: str = "") -> Actor:
    """The person as an actor. `session` is the hex digest of the session key or token, never the secret."""
    return Actor(
        kind=_KINDS[Person.Kind(person.kind)], id=person.id, name=person.name,
        agency=person.agency_id, agency_name=person.agency.name if person.agency else "",
        peer=origin.peer, claimed=origin.claimed, user_agent=origin.user_agent,
        method=method, aal=aal, session=session,
    )  # fmt: skip


def actor_of_session(session: SignedInSession, origin: Origin = NOWHERE) -> Actor:
    """The person of a session."""
    return actor_of(session.person, origin, method=session.method, aal=session.aal, session=session.digest)


def actor_of_token(token: Token, origin: Origin = NOWHERE) -> Actor:
    """The person of a bearer token: one factor, something that a machine has."""
    return actor_of(token.person, origin, method="token", aal=1, session=token.digest)
