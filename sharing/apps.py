"""Sharing."""

from django.apps import AppConfig


class SharingConfig(AppConfig):
    """See docs/architecture.md."""

    name = "sharing"
    default_auto_field = "django.db.models.BigAutoField"
