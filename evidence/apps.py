"""Evidence."""

from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    """Cases, items, filings, grants, intake, sealing, reading, search."""

    name = "evidence"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Hang this floor's work on the hooks of the floors below."""
        import accounts.roles
        from evidence import roles, tasks  # the tasks register their jobs and sweeps when they are imported

        accounts.roles.GIVEN.append(roles.given)
        accounts.roles.TAKEN.append(roles.taken)
        del tasks
