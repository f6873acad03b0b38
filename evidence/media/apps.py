"""Media."""

from importlib import import_module

from django.apps import AppConfig


class MediaConfig(AppConfig):
    """What workers do to an item: sandbox, readers, previews."""

    name = "evidence.media"
    label = "media"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the kind of job."""
        import_module("evidence.media.tasks")
