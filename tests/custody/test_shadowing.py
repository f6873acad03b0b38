"""A role may make temporary tables, and PostgreSQL looks among those first. No fence may be led to one of them."""

import pytest
from django.db import connection, transaction
from django.db.utils import ProgrammingError

from custody.models import Entry, Waiting
from tests.custody.test_fences import run


def shadow(table: str, columns: str) -> None:
    """A temporary table of the same name, that everybody may use."""
    run(f"CREATE TEMPORARY TABLE {table} ({columns})")
    run(f"GRANT ALL ON pg_temp.{table} TO PUBLIC")


def test_an_entry_is_queued_for_the_tree_whatever_temporary_table_there_is(write):
    with transaction.atomic():
        shadow("custody_waiting", "entry_id uuid")
        entry: Entry = write()
        run("DROP TABLE pg_temp.custody_waiting")

    assert Waiting.objects.filter(entry=entry).exists()


def test_no_temporary_order_erases_an_opening(write, as_role):
    entry: Entry = write()
    as_role("eraser")
    with transaction.atomic():
        shadow("custody_entry", "id uuid, event text, outcome text")
        shadow("custody_subject", "entry_id uuid, kind text, object_id uuid")
        run("INSERT INTO pg_temp.custody_entry VALUES (%s, 'erasure.ordered', 'success')", entry.id)
        run("INSERT INTO pg_temp.custody_subject VALUES (%s, 'item', %s)", entry.id, entry.id)
        with pytest.raises(ProgrammingError, match="only by an order"), transaction.atomic():
            run("SELECT custody_erase(%s, 'name', %s)", entry.id, entry.id)
    connection.close()
