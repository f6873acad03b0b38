"""Accounts."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Agencies, people, authentication, roles, permissions, notices."""

    name = "accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the checks, and what the steward does again and again."""
        from accounts import checks, sessions, signing_in  # noqa: F401 - models must be loaded first
        from jobs.sweeping import every

        every(60)(sessions.expire_due)
        every(3600)(signing_in.forget_old)
