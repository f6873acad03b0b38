"""Accounts."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Agencies, people, authentication, roles, permissions, notices."""

    name = "accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the checks."""
        from accounts import checks  # noqa: F401 - models must be loaded first
