"""Accounts."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Agencies, people, authentication, roles, permissions, notices."""

    name = "accounts"
    default_auto_field = "django.db.models.BigAutoField"
