"""`bin/manage demo_people [--json]`: who may sign in to the demonstration."""

import json
from dataclasses import asdict

from django.core.management.base import BaseCommand, CommandParser

from home import demonstration


class Command(BaseCommand):
    """Tells the demonstration's people."""

    help = "List the people of the demonstration with their passwords."

    def add_arguments(self, parser: CommandParser) -> None:
        """`--json`."""
        parser.add_argument("--json", action="store_true")

    def handle(self, *_args: object, **options: object) -> None:
        """Print them."""
        known = demonstration.known_people()
        if options["json"]:
            self.stdout.write(json.dumps([asdict(person) for person in known]))
            return
        for person in known:
            self.stdout.write(f"{person.email:<30}  {person.password}  {person.role:<14} {person.name}")
