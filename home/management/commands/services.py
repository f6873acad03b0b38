"""`bin/manage services --json`: how to reach the embedded services of the demonstration."""

import json
from urllib.parse import quote, urlencode

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from home import demonstration


def _dsn() -> str:
    """A libpq address of the web role's connection."""
    database = settings.DATABASES["default"]
    where = {"host": str(database["HOST"])} | ({"port": str(database["PORT"])} if database["PORT"] else {})
    user, password = quote(str(database["USER"])), quote(str(database["PASSWORD"]), safe="")
    return f"postgresql://{user}:{password}@/{quote(str(database['NAME']))}?{urlencode(where)}"


class Command(BaseCommand):
    """Tells where S3, PostgreSQL and the broker of the demonstration are."""

    help = "Print how to reach the services of the demonstration."

    def add_arguments(self, parser: CommandParser) -> None:
        """`--json`, the only form there is."""
        parser.add_argument("--json", action="store_true")

    def handle(self, *_args: object, **_options: object) -> None:
        """Print it."""
        demonstration.demand()
        self.stdout.write(json.dumps({
            "s3": {
                "endpoint": settings.S3_ENDPOINT, "access_key": settings.S3_ACCESS_KEY,
                "secret_key": settings.S3_SECRET_KEY, "bucket": settings.S3_BUCKET,
            },
            "postgres": {"dsn": _dsn()},
            "broker": {"url": settings.BROKER_URL},
        }))  # fmt: skip
