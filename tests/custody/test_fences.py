"""What PostgreSQL refuses each role, tried in a real session of that role."""

from collections.abc import Callable
from contextlib import suppress
from uuid import UUID, uuid4

import psycopg
import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError, InternalError, ProgrammingError
from psycopg import sql

from custody.models import Entry, Opening
from custody.recording import Subject, record
from custody.sequencing import sequence
from tests.custody.conftest import RIVERTON
from verifier.events import Event

COLUMN = {
    "entry": "id", "subject": "entry_id", "opening": "entry_id", "waiting": "entry_id", "leaf": "entry_id",
    "leafsubject": "position", "node": "level", "checkpoint": "size",
}  # fmt: skip
SERVING = ("web", "worker")
ALL = (*SERVING, "sequencer", "eraser")
REFUSED = "permission denied|must be owner|must be able to SET ROLE"


def run(statement: str, *values: UUID | str | None) -> object:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall() if cursor.description else cursor.rowcount


@pytest.fixture
def ledger(write) -> Entry:
    entry: Entry = write()
    write()
    sequence()
    return entry


@pytest.mark.parametrize("role", ALL)
def test_no_role_changes_or_empties_the_ledger(ledger, as_role, role):
    as_role(role)
    for table, column in COLUMN.items():
        statements = [f"UPDATE custody_{table} SET {column} = {column}", f"TRUNCATE custody_{table} CASCADE"]
        if (role, table) != ("sequencer", "waiting"):
            statements.append(f"DELETE FROM custody_{table}")
        for statement in statements:
            with pytest.raises(ProgrammingError, match="permission denied"):
                run(statement)


@pytest.mark.parametrize("role", ALL)
def test_no_role_gives_itself_more(ledger, as_role, role):
    as_role(role)
    with suppress(ProgrammingError):  # without any right it is an error, with some a warning
        run("GRANT UPDATE ON custody_entry TO CURRENT_USER")

    assert run("SELECT has_table_privilege('custody_entry', 'UPDATE')") == [(False,)]


OWNERS_ACTS = (
    "SET ROLE proofroom_owner",
    "SET SESSION AUTHORIZATION proofroom_owner",
    "ALTER TABLE custody_entry OWNER TO CURRENT_USER",
    "ALTER TABLE custody_entry ADD COLUMN more text",
    "DROP TRIGGER never_changed ON custody_entry",
    "DROP TABLE custody_checkpoint",
    "CREATE TABLE mine (id int)",
    "CREATE FUNCTION custody_refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
    "CREATE SCHEMA mine",
)


@pytest.mark.parametrize("role", ALL)
def test_no_role_becomes_the_owner_or_alters_a_table(ledger, as_role, role):
    as_role(role)
    for statement in OWNERS_ACTS:
        with pytest.raises(DatabaseError, match=REFUSED):
            run(statement)


@pytest.mark.parametrize("role", SERVING)
def test_who_serves_people_adds_nothing_to_the_tree(ledger, as_role, role):
    as_role(role)
    for table in ("leaf", "leafsubject", "node", "checkpoint", "waiting"):
        with pytest.raises(ProgrammingError, match="permission denied"):
            run(f"INSERT INTO custody_{table} DEFAULT VALUES")


def test_the_sequencer_writes_no_entry(ledger, as_role):
    as_role("sequencer")
    for table in ("entry", "subject", "opening", "repeat"):
        with pytest.raises(ProgrammingError, match="permission denied"):
            run(f"INSERT INTO custody_{table} DEFAULT VALUES")


def test_the_sequencer_reads_no_opening_and_no_person(ledger, as_role):
    as_role("sequencer")
    for table in ("custody_opening", "accounts_person", "jobs_job", "accounts_token"):
        with pytest.raises(ProgrammingError, match="permission denied"):
            run(f"SELECT FROM {table}")


def test_the_eraser_reads_no_table_at_all(ledger, as_role):
    as_role("eraser")
    for table in (*(f"custody_{one}" for one in COLUMN), "accounts_person", "evidence_item"):
        with pytest.raises(ProgrammingError, match="permission denied"):
            run(f"SELECT FROM {table}")


@pytest.mark.parametrize("role", SERVING)
def test_who_serves_people_writes_entries(db, as_role, alice, item, role):
    as_role(role)
    with transaction.atomic():
        record(alice, Event.ITEM_VIEWED, owner=RIVERTON, subjects=[item], fields={"name": "a"})

    assert sequence() == 1


@pytest.fixture
def owner(db, postgres):
    """A session of the owner of all tables, which nobody can log in as."""
    with postgres.postgres.superuser(db) as session:
        session.execute("SET ROLE proofroom_owner")
        yield session


@pytest.mark.parametrize("table", [one for one in COLUMN if one != "waiting"])
def test_even_the_owner_is_refused_by_the_triggers(ledger, owner, table):
    name, column = sql.Identifier(f"custody_{table}"), sql.Identifier(COLUMN[table])
    for statement in ("UPDATE {0} SET {1} = {1}", "DELETE FROM {0}", "TRUNCATE {0} CASCADE"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match=r"never changed|only by an order"):
            owner.execute(sql.SQL(statement).format(name, column))


# --- the one way in which an opening goes ---

Order = Callable[..., Entry]


@pytest.fixture
def order(db, alice, item) -> Order:
    def ordered(about: Subject = item, event: Event = Event.ERASURE_ORDERED, outcome: str = "success") -> Entry:
        with transaction.atomic():
            return record(
                alice, event, owner=RIVERTON, subjects=[about], fields={"reason": "order 12 CR 1"}, outcome=outcome
            )

    return ordered


def erase(entry: Entry, name: str, ordered: Entry | None) -> object:
    return run("SELECT custody_erase(%s, %s, %s)", entry.id, name, ordered.id if ordered else None)


def test_an_opening_goes_by_an_order_about_the_same_thing_and_the_entry_stays(ledger, order, as_role):
    ordered = order()
    as_role("eraser")

    assert erase(ledger, "name", ordered) == [(1,)]
    assert erase(ledger, "name", ordered) == [(0,)]
    as_role("web")
    assert not Opening.objects.filter(entry=ledger, name="name").exists()
    assert Opening.objects.filter(entry=ledger, name="actor_name").exists()


def test_without_an_order_nothing_is_erased(ledger, order, as_role):
    strange = order(Subject("item", uuid4()))
    refused = order(outcome="refused")
    other = order(event=Event.ITEM_DESCRIBED)
    as_role("eraser")

    for one in (None, strange, refused, other):
        with pytest.raises((ProgrammingError, InternalError), match="only by an order"):
            erase(ledger, "name", one)


@pytest.mark.parametrize("role", ["web", "worker", "sequencer"])
def test_only_the_eraser_erases(ledger, order, as_role, role):
    ordered = order()
    as_role(role)
    with pytest.raises(ProgrammingError, match="permission denied"):
        erase(ledger, "name", ordered)


def test_an_order_opens_no_door_for_other_deletes(ledger, order, owner):
    ordered = order(Subject("item", uuid4()))
    owner.execute("SELECT set_config('proofroom.erasure_order', %s, false)", [str(ordered.id)])

    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="only by an order"):
        owner.execute("DELETE FROM custody_opening")
