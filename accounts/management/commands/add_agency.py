"""`bin/manage add_agency`: the first step of a real installation."""

from django.core.management.base import BaseCommand, CommandParser

from accounts import founding
from accounts.models import Agency


class Command(BaseCommand):
    """Adds an agency with its first administrator, whose enrolment code is printed once."""

    help = "Add an agency and its first administrator; prints the code with which that person enrols."

    def add_arguments(self, parser: CommandParser) -> None:
        """What the agency and its administrator are."""
        parser.add_argument("name")
        parser.add_argument("--ori", required=True, help="nine characters, as in NCIC")
        parser.add_argument("--prefix", required=True, help="of case numbers, such as RPD")
        parser.add_argument("--kind", choices=Agency.Kind.values, default="police")
        parser.add_argument("--zone", required=True, help="such as America/Chicago")
        parser.add_argument("--key", default="", help="the agency's key in the KeyService; an ARN on AWS")
        parser.add_argument("--admin", required=True, help="e-mail address of the first administrator")
        parser.add_argument("--admin-name", required=True)

    def handle(self, *_args: object, **options: str) -> None:
        """Add both."""
        person, code = founding.found(
            name=options["name"], ori=options["ori"], prefix=options["prefix"], kind=Agency.Kind(options["kind"]),
            zone=options["zone"], key_name=options["key"], admin=options["admin"], admin_name=options["admin_name"],
        )  # fmt: skip
        self.stdout.write(f"{person.name} enrols at /enrol/ with {person.email} and the code {code}, within a day.")
