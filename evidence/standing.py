"""What an actor brings to a grant: who it is, and what each of its roles holds."""

from dataclasses import dataclass, field
from uuid import UUID

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Q

from accounts.errors import NotAllowed
from accounts.models import Person
from accounts.permissions import GUEST_HOLDS, HOLDS, Permission, Role
from custody.actors import Actor, ActorKind
from evidence.models import Grant

# A grant to a partner agency is used there by these; they pass it on to named persons by grants of their own.
PARTNERS = frozenset({Role.SUPERVISOR.value, Role.PROSECUTOR.value})
_GUEST = "guest"  # not a role of staff; a guest's grants name no role


@dataclass(frozen=True, slots=True)
class Standing:
    """Who asks. `holds` maps the name of each role held to what it holds; empty reaches nothing."""

    person: UUID | None = None
    agency: UUID | None = None
    unit: UUID | None = None
    holds: dict[str, frozenset[Permission]] = field(default_factory=dict)

    @property
    def everything(self) -> frozenset[Permission]:
        """What all roles together hold."""
        return frozenset[Permission]().union(*self.holds.values())

    def by(self, grant: Grant) -> frozenset[Permission]:
        """What the grant allows to the roles by which it may be used here."""
        roles = {grant.to_role} & self.holds.keys() if grant.to_role else set(self.holds)
        if grant.to_agency_id is not None:
            roles &= PARTNERS
        held = frozenset[Permission]().union(*(self.holds[role] for role in roles))
        return held & {Permission(action) for action in grant.actions}


NOBODY = Standing()


def person_of(actor: Actor) -> UUID:
    """The person who acts, or for whom a job acts. Raises NotAllowed for nobody."""
    if actor.id is None:
        raise NotAllowed
    return actor.id


def standing_of(actor: Actor) -> Standing:
    """Read from the tables at each call, so that a role taken or a person disabled counts at once."""
    if actor.id is None or actor.kind in (ActorKind.ANONYMOUS, ActorKind.SYSTEM):
        return NOBODY
    person = (
        Person.objects.filter(id=actor.id, disabled_at=None)
        .values("kind", "agency", "unit")
        .order_by("id")
        .annotate(roles=ArrayAgg("roles_held__role", filter=Q(roles_held__taken_at=None), default=[]))
        .first()
    )
    if person is None:
        return NOBODY
    if person["kind"] == Person.Kind.GUEST:
        return Standing(actor.id, holds={_GUEST: GUEST_HOLDS})
    if person["kind"] == Person.Kind.STAFF:
        return Standing(
            actor.id, person["agency"], person["unit"], {role: HOLDS[Role(role)] for role in person["roles"]}
        )
    return NOBODY
