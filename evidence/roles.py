"""The standing grant of a role that reaches a unit or an agency: written when it is given, ended when it is taken."""

from django.utils import timezone
from uuid_utils.compat import uuid7

from accounts.models import RoleHeld
from accounts.permissions import HOLDS, REACHES, Reach, Role
from custody.actors import Actor
from evidence.models import Grant


def given(actor: Actor, held: RoleHeld) -> None:
    """Write the grant, in the transaction that gives the role."""
    role = Role(held.role)
    reach = REACHES[role]
    if reach is Reach.NONE:
        return
    Grant.objects.create(
        id=uuid7(), to_person=held.person, to_role=role.value, actions=sorted(HOLDS[role]), given_by=actor.id,
        on_unit=held.unit if reach is Reach.UNIT else None,
        on_agency_id=held.person.agency_id if reach is Reach.AGENCY else None,
        ground=Grant.Ground.ROLE, ground_id=held.id,
    )  # fmt: skip


def taken(_actor: Actor, held: RoleHeld) -> None:
    """End the grant, in the transaction that takes the role."""
    Grant.objects.filter(ground=Grant.Ground.ROLE, ground_id=held.id, revoked_at=None).update(revoked_at=timezone.now())
