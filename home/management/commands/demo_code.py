"""`bin/manage demo_code EMAIL`: the next code that nobody used."""

from django.core.management.base import BaseCommand, CommandParser

from home import demonstration


class Command(BaseCommand):
    """Plays the authenticator app of a fictional person."""

    help = "Wait for and print the next unspent code of a person of the demonstration."

    def add_arguments(self, parser: CommandParser) -> None:
        """The address."""
        parser.add_argument("email")

    def handle(self, *_args: object, **options: object) -> None:
        """Print it."""
        self.stdout.write(demonstration.next_code(str(options["email"])))
