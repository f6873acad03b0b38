"""Jobs."""

from importlib import import_module

from django.apps import AppConfig


class JobsConfig(AppConfig):
    """Ground floor: the table of jobs, its doorbell and its sweeper."""

    name = "jobs"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register this floor's own kind and sweep; every process rings through the one Celery application."""
        for module in ("config.celery", "jobs.mail", "jobs.sweeping"):
            import_module(module)
