"""What somebody's roles hold, and reaching a person by it."""

from uuid import UUID

from accounts.errors import NotAllowed, NotVisible
from accounts.models import Person, RoleHeld
from accounts.permissions import GUEST_HOLDS, HOLDS, OPERATOR_HOLDS, SIGNED_IN, Permission, Role
from custody.actors import Actor, ActorKind

# The console acts with the rights of whoever may log in to the machine; `bin/manage` alone passes it.
CONSOLE = Actor(kind=ActorKind.OPERATOR, name="The console", method="console")

_HELD_BY_KIND: dict[str, frozenset[Permission]] = {
    Person.Kind.GUEST.value: GUEST_HOLDS, Person.Kind.OPERATOR.value: OPERATOR_HOLDS,
}  # fmt: skip


def roles_of(person_id: UUID) -> frozenset[Role]:
    """The roles that a person holds now."""
    held = RoleHeld.objects.filter(person_id=person_id, taken_at=None)
    return frozenset(Role(role) for role in held.values_list("role", flat=True))


def permissions_of(actor: Actor) -> frozenset[Permission]:
    """What the actor's roles hold, wherever it reaches. A job has what the person has whom it acts for; nobody: none."""
    if actor.id is None or actor.kind in (ActorKind.ANONYMOUS, ActorKind.SYSTEM):
        return frozenset()
    kind = Person.objects.filter(id=actor.id, disabled_at=None).values_list("kind", flat=True).first()
    if kind == Person.Kind.STAFF:
        return SIGNED_IN.union(*(HOLDS[role] for role in roles_of(actor.id)))
    return _HELD_BY_KIND.get(kind or "", frozenset())


def holds(actor: Actor, permission: Permission) -> bool:
    """Whether one of the actor's roles holds the permission."""
    return permission in permissions_of(actor)


def is_console(actor: Actor) -> bool:
    """Whether this is `bin/manage` and not somebody at a door."""
    return actor.kind is ActorKind.OPERATOR and actor.id is None and actor.method == "console"


def person_for(actor: Actor, person_id: UUID, permission: Permission, *, lock: bool = False) -> Person:
    """A person of the actor's own agency, fetched and authorised in one. Raises NotVisible, NotAllowed."""
    people = Person.objects.select_related("agency", "unit")
    if lock:
        people = people.select_for_update(of=("self",))
    person = people.filter(id=person_id).first()
    if person is None:
        raise NotVisible("person", person_id)
    if is_console(actor):
        return person
    held = permissions_of(actor)
    if person.agency_id is None or person.agency_id != actor.agency or Permission.PEOPLE_VIEW not in held:
        raise NotVisible("person", person_id, person.agency_id)
    if permission not in held:
        raise NotAllowed("person", person_id, person.agency_id)
    return person
