"""The services of the tests themselves."""

import psycopg
import pytest
from django.db import ProgrammingError, connection, connections

from accounts.models import Agency


def test_each_test_has_a_database_of_its_own(db: str) -> None:
    Agency.objects.create(id="0191f8a0-0000-7000-8000-000000000001", name="Riverton", ori="CA0000000", prefix="RPD")
    assert Agency.objects.count() == 1


def test_nothing_of_another_test_is_left(db: str) -> None:
    assert Agency.objects.count() == 0


def test_the_default_connection_is_the_web_role(db: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == ("proofroom_web",)
    with connections["sequencer"].cursor() as cursor:
        cursor.execute("SELECT current_user, current_database()")
        assert cursor.fetchone() == ("proofroom_sequencer", db)


def test_the_web_role_makes_no_table(db: str) -> None:
    with connection.cursor() as cursor, pytest.raises(ProgrammingError, match="permission denied for schema public"):
        cursor.execute("CREATE TABLE sneaked (id int)")


def test_nobody_logs_in_as_the_owner(postgres) -> None:
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(host=str(postgres.postgres.sockets), dbname="postgres", user="proofroom_owner", password="x")


def test_the_bucket_keeps_versions_and_locks(bucket: str) -> None:
    assert bucket == "evidence"


def test_the_broker_answers(broker: str) -> None:
    assert broker.startswith("redis+socket://")
