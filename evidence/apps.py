"""Evidence."""

from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    """Cases, items, filings, grants, intake, sealing, reading, search."""

    name = "evidence"
    default_auto_field = "django.db.models.BigAutoField"
