"""Cases and the counters that number them."""

from typing import ClassVar

from django.db import models

from accounts.models import Agency, Person, Unit


class Case(models.Model):
    """An investigation of one agency."""

    id = models.UUIDField(primary_key=True)
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="cases")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="cases")
    number = models.CharField(max_length=32, unique=True)  # RPD-2026-00017
    title = models.CharField(max_length=200)
    summary = models.TextField(blank=True, default="")
    lead = models.ForeignKey(Person, models.PROTECT, related_name="led_cases")
    confidential = models.BooleanField(default=False)
    opened_at = models.DateTimeField(auto_now_add=True)
    opened_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True)
    touched_at = models.DateTimeField(auto_now_add=True)  # last activity
    next_item = models.PositiveIntegerField(default=1)  # item numbers are never given again

    def __str__(self) -> str:
        return self.number


class NumberCounter(models.Model):
    """The next number of a series: an agency's cases or its uncategorised items of one year."""

    agency = models.ForeignKey(Agency, models.PROTECT)
    series = models.CharField(max_length=1)  # C cases, U uncategorised items
    year = models.PositiveSmallIntegerField()
    next = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["agency", "series", "year"], name="one_counter_a_series"),
        ]
