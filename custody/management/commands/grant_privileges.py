"""`bin/manage grant_privileges`, after every `migrate`."""

from django.core.management.base import BaseCommand

from custody import privileges


class Command(BaseCommand):
    """Gives each database role what custody/privileges.py says, and takes everything else."""

    help = "Give each database role its privileges. Run after migrate, as the migrating role."

    def handle(self, *_args: object, **_options: object) -> None:
        privileges.grant()
