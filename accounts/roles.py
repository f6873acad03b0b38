"""Giving and taking roles. What a person holds by them is in `rights`."""

from collections.abc import Callable

from django.db import transaction
from django.utils import timezone
from uuid_utils.compat import uuid7

from accounts.errors import DutiesApart, NotVisible, OwnRoles, RoleHeldAlready, RoleNeedsUnit
from accounts.models import Person, RoleHeld, Unit
from accounts.permissions import REACHES, Permission, Reach, Role
from accounts.rights import person_for, roles_of
from custody.actors import Actor
from custody.recording import Subject, record
from verifier.events import Event

RoleHook = Callable[[Actor, RoleHeld], None]
# Called inside the transaction that gives or takes a role: upper floors write and revoke its standing grant.
GIVEN: list[RoleHook] = []
TAKEN: list[RoleHook] = []

# CJIS AC-5 and AC-6(9): who administers access does not administer the audit of it.
_APART = frozenset({Role.ADMINISTRATOR, Role.AUDITOR})


def _check(actor: Actor, person: Person, role: Role, unit: Unit | None) -> Unit | None:
    if actor.id == person.id:
        raise OwnRoles
    if REACHES[role] is Reach.UNIT and unit is None:
        raise RoleNeedsUnit(role=role.value)
    if unit is not None and unit.agency_id != person.agency_id:
        raise NotVisible("unit", unit.id, unit.agency_id)
    for other in roles_of(person.id):
        if {role, other} == _APART:
            raise DutiesApart(name=person.name, held=other.value, role=role.value)
    return unit if REACHES[role] is Reach.UNIT else None


def give(actor: Actor, person: Person, role: Role, unit: Unit | None = None) -> RoleHeld:
    """Give a role. Raises NotVisible, NotAllowed, OwnRoles, RoleNeedsUnit, DutiesApart, RoleHeldAlready."""
    with transaction.atomic():
        person = person_for(actor, person.id, Permission.ROLES_MANAGE, lock=True)
        unit = _check(actor, person, role, unit)
        if RoleHeld.objects.filter(person=person, role=role.value, unit=unit, taken_at=None).exists():
            raise RoleHeldAlready(name=person.name)
        held = RoleHeld.objects.create(id=uuid7(), person=person, role=role.value, unit=unit, given_by=actor.id)
        for hook in GIVEN:
            hook(actor, held)
        _record(actor, Event.ROLE_GIVEN, held)
    return held


def take(actor: Actor, person: Person, role: Role, unit: Unit | None = None) -> None:
    """Take a role, and with it what it reached. Raises NotVisible (also when it isn't held), NotAllowed, OwnRoles."""
    with transaction.atomic():
        person = person_for(actor, person.id, Permission.ROLES_MANAGE, lock=True)
        if actor.id == person.id:
            raise OwnRoles
        held = (
            RoleHeld.objects.select_for_update(of=("self",))
            .filter(person=person, role=role.value, unit=unit, taken_at=None)
            .first()
        )
        if held is None:
            raise NotVisible
        held.taken_at = timezone.now()
        held.save(update_fields=["taken_at"])
        for hook in TAKEN:
            hook(actor, held)
        _record(actor, Event.ROLE_TAKEN, held)


def _record(actor: Actor, event: Event, held: RoleHeld) -> None:
    of = f" of {held.unit.name}" if held.unit else ""
    record(
        actor, event, owner=held.person.agency_id, subjects=[Subject("person", held.person_id)],
        fields={"person": held.person.name, "role": held.role + of},
    )  # fmt: skip
