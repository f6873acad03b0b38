"""Audit."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """See docs/architecture.md."""

    name = "audit"
    default_auto_field = "django.db.models.BigAutoField"
