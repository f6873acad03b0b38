"""Jobs."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    """Ground floor: the table of jobs, its doorbell and its sweeper."""

    name = "jobs"
    default_auto_field = "django.db.models.BigAutoField"
