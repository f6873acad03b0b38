"""One table of jobs and one of mail. The database is the truth; the queue is only a doorbell."""

from typing import ClassVar

from django.db import models


class Job(models.Model):
    """Work that must happen once. `key` is unique within its kind, so that asking twice makes one job."""

    class State(models.TextChoices):
        WAITING = "waiting"
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"
        CANCELLED = "cancelled"

    id = models.UUIDField(primary_key=True)
    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=100)
    queue = models.CharField(max_length=16)
    ids = models.JSONField(default=dict)
    actor = models.JSONField(default=dict)
    state = models.CharField(max_length=16, choices=State, default=State.WAITING)
    progress = models.PositiveSmallIntegerField(default=0)  # per cent
    attempts = models.PositiveSmallIntegerField(default=0)
    not_before = models.DateTimeField()
    lease = models.UUIDField(null=True)
    leased_until = models.DateTimeField(null=True)
    reason = models.CharField(max_length=400, blank=True, default="")
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["kind", "key"], name="one_job_a_key")]
        indexes: ClassVar = [
            models.Index(fields=["not_before"], name="jobs_due", condition=models.Q(state__in=["waiting", "running"])),
        ]


class Mail(models.Model):
    """A letter: a row first, sent at least once by a job, with a Message-ID that does not change between tries."""

    id = models.UUIDField(primary_key=True)
    message_id = models.CharField(max_length=200, unique=True)
    to = models.EmailField()
    subject = models.CharField(max_length=200)
    body = models.TextField()
    created_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True)
