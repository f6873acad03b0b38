"""Home."""

from django.apps import AppConfig


class HomeConfig(AppConfig):
    """See docs/architecture.md."""

    name = "home"
    default_auto_field = "django.db.models.BigAutoField"
