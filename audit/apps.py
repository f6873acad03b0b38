"""Audit."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """What auditors see; and the floor that knows both the ledger and the sweeper, so it introduces them."""

    name = "audit"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the ledger's sweeps."""
        from custody import refusing, sequencing
        from jobs import sweeping

        sweeping.every(1)(sequencing.sequence)
        sweeping.every(10)(refusing.fold_due)
        sweeping.every(3600)(sequencing.find_forgotten)
