"""The custody ledger."""

from django.apps import AppConfig


class CustodyConfig(AppConfig):
    """Ground floor: entries, trees, signatures, actors; no cases, no files."""

    name = "custody"
    default_auto_field = "django.db.models.BigAutoField"
