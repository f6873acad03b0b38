"""The vault."""

from django.apps import AppConfig


class VaultConfig(AppConfig):
    """Ground floor: envelope encryption over the object store."""

    name = "vault"
    default_auto_field = "django.db.models.BigAutoField"
