"""The last time that somebody looked at something, so that looking again soon is no second entry."""

from typing import ClassVar

from django.db import models

from accounts.models import Person


class Touch(models.Model):
    """One person, one session, one event, one object: when the last entry was written."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    session = models.CharField(max_length=64, blank=True, default="")  # digest of the session or token
    event = models.CharField(max_length=64)
    object_id = models.UUIDField()
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "session", "event", "object_id"], name="one_touch"),
        ]
