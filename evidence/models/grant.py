"""Grants: everything that gives access is a row here, and one query over them answers for all doors."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from accounts.models import Agency, Person, Unit
from evidence.models.case import Case
from evidence.models.item import Item


class Grant(models.Model):
    """Who (one of person, unit, agency; perhaps only one role of it) may do what, on what, from when until when."""

    class Ground(models.TextChoices):
        MEMBERSHIP = "membership"
        ROLE = "role"
        SHARE = "share"
        TRANSFER = "transfer"
        SPONSOR = "sponsor"
        OWN = "own"  # what a person added without a case

    id = models.UUIDField(primary_key=True)
    to_person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="grants")
    to_unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    to_agency = models.ForeignKey(Agency, models.PROTECT, null=True, related_name="+")
    to_role = models.CharField(max_length=16, blank=True, default="")
    on_item = models.ForeignKey(Item, models.PROTECT, null=True, related_name="grants")
    on_case = models.ForeignKey(Case, models.PROTECT, null=True, related_name="grants")
    on_unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    on_agency = models.ForeignKey(Agency, models.PROTECT, null=True, related_name="+")
    actions = ArrayField(models.CharField(max_length=32))  # Permission values
    starts_at = models.DateTimeField(auto_now_add=True)
    ends_at = models.DateTimeField(null=True)
    download_limit = models.PositiveIntegerField(null=True)
    downloads = models.PositiveIntegerField(default=0)
    watermark = models.BooleanField(default=False)
    revoked_at = models.DateTimeField(null=True)
    ground = models.CharField(max_length=12, choices=Ground)
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    given_by = models.UUIDField(null=True)  # a person
    ground_id = models.UUIDField(null=True)  # of the RoleHeld, share, … that it rests on

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=(
                    models.Q(to_person__isnull=False, to_unit=None, to_agency=None)
                    | models.Q(to_person=None, to_unit__isnull=False, to_agency=None)
                    | models.Q(to_person=None, to_unit=None, to_agency__isnull=False)
                ),
                name="granted_to_one",
            ),
            models.CheckConstraint(
                condition=(
                    models.Q(on_item__isnull=False, on_case=None, on_unit=None, on_agency=None)
                    | models.Q(on_item=None, on_case__isnull=False, on_unit=None, on_agency=None)
                    | models.Q(on_item=None, on_case=None, on_unit__isnull=False, on_agency=None)
                    | models.Q(on_item=None, on_case=None, on_unit=None, on_agency__isnull=False)
                ),
                name="granted_on_one",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["to_person"], name="live_grants_of_person", condition=models.Q(revoked_at=None)),
            models.Index(fields=["on_case"], name="live_grants_on_case", condition=models.Q(revoked_at=None)),
            models.Index(fields=["on_item"], name="live_grants_on_item", condition=models.Q(revoked_at=None)),
        ]
