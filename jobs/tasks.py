"""The one task: somebody rang for a job."""

from uuid import UUID

from celery import shared_task

from jobs import running


@shared_task(name="jobs.run")
def run(job_id: str) -> None:
    """Do the job if it is due and free."""
    running.run(UUID(job_id))
