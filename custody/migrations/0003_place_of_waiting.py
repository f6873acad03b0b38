"""The order in which entries wait: a counter of the database's own."""

from typing import ClassVar

from django.db import migrations, models

ADD = "ALTER TABLE custody_waiting ADD COLUMN place bigint NOT NULL GENERATED ALWAYS AS IDENTITY UNIQUE"


class Migration(migrations.Migration):
    """PostgreSQL numbers the rows itself, so that no writer can take another's place."""

    dependencies: ClassVar = [("custody", "0002_fences")]
    operations: ClassVar = [
        migrations.RunSQL(
            ADD,
            "ALTER TABLE custody_waiting DROP COLUMN place",
            state_operations=[
                migrations.AddField("waiting", "place", models.BigIntegerField(unique=True, editable=False)),
            ],
        )
    ]
