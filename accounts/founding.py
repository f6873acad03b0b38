"""The first step of a real installation: an agency with its first administrator."""

from django.db import transaction

from accounts import agencies, people, roles
from accounts.models import Agency, Person
from accounts.permissions import Role
from accounts.rights import CONSOLE


def found(
    *, name: str, ori: str, prefix: str, kind: Agency.Kind, zone: str, key_name: str, admin: str, admin_name: str
) -> tuple[Person, str]:
    """Add an agency and its first administrator, both or neither. Returns the person and the enrolment code."""
    with transaction.atomic():
        agency = agencies.add(CONSOLE, name=name, ori=ori, prefix=prefix, kind=kind, zone=zone, key_name=key_name)
        person, code = people.add(CONSOLE, agency, name=admin_name, email=admin)
        roles.give(CONSOLE, person, Role.ADMINISTRATOR)
    return person, code
