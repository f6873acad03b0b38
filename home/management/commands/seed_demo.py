"""`bin/manage seed_demo`: the fictional people, once."""

from django.core.management.base import BaseCommand

from home import demonstration


class Command(BaseCommand):
    """Makes the demonstration at the first start."""

    help = "Make the fictional agencies, people and case of the demonstration, once."

    def handle(self, *_args: object, **_options: object) -> None:
        """Seed."""
        made = demonstration.seed()
        self.stdout.write(f"The demonstration has {len(made)} people.")
