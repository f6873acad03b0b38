"""Agencies and their units."""

from uuid import UUID
from zoneinfo import available_timezones

from django.db import transaction
from uuid_utils.compat import uuid7

from accounts.errors import BadInput
from accounts.models import Agency, Unit
from custody.actors import Actor
from custody.recording import Subject, record
from verifier.events import Event


def add(actor: Actor, *, name: str, ori: str, prefix: str, kind: Agency.Kind, zone: str, key_name: str = "") -> Agency:
    """Add an agency; only the console does. `key_name` is its key in the KeyService (an ARN on AWS)."""
    if zone not in available_timezones():
        raise BadInput(f"{zone} is not the name of a time zone. America/Chicago is one.", {"zone": ["unknown"]})
    agency_id = uuid7()
    with transaction.atomic():
        agency = Agency.objects.create(
            id=agency_id, name=name, ori=ori, prefix=prefix, kind=kind, zone=zone,
            key_name=key_name or f"agency/{agency_id}",
        )  # fmt: skip
        record(actor, Event.AGENCY_ADDED, owner=agency.id, subjects=[Subject("agency", agency.id)],
               fields={"name": name})  # fmt: skip
    return agency


def add_unit(actor: Actor, agency: Agency, name: str) -> Unit:
    """Add a unit to an agency."""
    with transaction.atomic():
        unit = Unit.objects.create(id=uuid7(), agency=agency, name=name)
        record(
            actor, Event.UNIT_ADDED, owner=agency.id,
            subjects=[Subject("unit", unit.id), Subject("agency", agency.id)], fields={"name": name},
        )  # fmt: skip
    return unit


def change_zone(actor: Actor, agency_id: UUID, zone: str) -> Agency:
    """Set the time zone in which the agency's pages show times. The door has checked that it is the own agency."""
    if zone not in available_timezones():
        raise BadInput(f"{zone} is not the name of a time zone.", {"zone": ["Choose one from the list."]})
    with transaction.atomic():
        agency = Agency.objects.select_for_update().get(id=agency_id)
        was, agency.zone = agency.zone, zone
        agency.save(update_fields=["zone"])
        record(actor, Event.AGENCY_CHANGED, owner=agency.id, subjects=[Subject("agency", agency.id)],
               fields={"name": agency.name, "changed": f"the time zone from {was} to {zone}"})  # fmt: skip
    return agency
