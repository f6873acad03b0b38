"""`bin/manage issue_token EMAIL --name NAME`: a bearer token of a fictional person."""

from django.core.management.base import BaseCommand, CommandParser

from home import demonstration


class Command(BaseCommand):
    """Issues a token without a browser."""

    help = "Issue a bearer token of a person of the demonstration and print it."

    def add_arguments(self, parser: CommandParser) -> None:
        """The address and a name for the token."""
        parser.add_argument("email")
        parser.add_argument("--name", default="issued on the console")

    def handle(self, *_args: object, **options: object) -> None:
        """Print it."""
        self.stdout.write(demonstration.new_token(str(options["email"]), str(options["name"])))
