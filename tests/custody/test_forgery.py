"""What the triggers can't stop, the proof catches: a superuser forges the ledger, in a database of this file's own."""

import re
from hashlib import sha256
from pathlib import Path

import psycopg
import pytest
from django.db import ProgrammingError, connection, transaction

from custody import bundles, signing
from custody.errors import TreeDiffers
from custody.models import Entry, Leaf
from custody.recording import Subject
from custody.sequencing import find_forgotten, sequence
from tests.custody.conftest import RIVERTON
from verifier import errors, merkle
from verifier.leaf import LeafRecord
from verifier.recipe import verify


@pytest.fixture
def forger(db, postgres):
    """A superuser with every trigger switched off."""
    with postgres.postgres.superuser(db) as session:
        session.execute("SET session_replication_role = replica")
        yield session


@pytest.mark.parametrize("role", ["web", "worker", "sequencer", "eraser"])
def test_no_role_switches_a_trigger_off(db, as_role, role):
    as_role(role)
    for statement in (
        "ALTER TABLE custody_entry DISABLE TRIGGER ALL",
        "ALTER TABLE custody_opening DISABLE TRIGGER erased_only_by_order",
        "SET session_replication_role = replica",
    ):
        with pytest.raises(ProgrammingError, match=r"must be owner|permission denied"), connection.cursor() as cursor:
            cursor.execute(statement)


@pytest.fixture
def entries(write) -> list[Entry]:
    made = [write(name="cam4.mp4") for _ in range(4)]
    sequence()
    return made


def export(alice, item: Subject, to: Path) -> Path:
    with transaction.atomic():
        ordered = bundles.order_export(alice, owner=RIVERTON, scope=[item], sight=lambda _entry: {})
    sequence()
    with to.open("wb") as target:
        bundles.cut(ordered, target)
    return to


def forge_body(forger: psycopg.Connection, entry: Entry) -> bytes:
    forged = re.sub(rb'"aal":2', b'"aal":1', bytes(entry.body))
    forger.execute("UPDATE custody_entry SET body = %s WHERE id = %s", [forged, entry.id])
    return forged


def test_the_control_an_honest_ledger_verifies(entries, alice, item, tmp_path):
    verified = verify(export(alice, item, tmp_path / "b.zip"), signing.verifier_key())

    assert len(verified.entries) == 5


def test_a_changed_entry_is_named(entries, forger, alice, item, tmp_path):
    forge_body(forger, entries[1])

    with pytest.raises(errors.EntryAltered, match="leaf 1"):
        verify(export(alice, item, tmp_path / "b.zip"), signing.verifier_key())


def test_a_changed_entry_with_every_hash_recomputed_is_not_in_the_signed_tree(entries, forger, alice, item, tmp_path):
    forged = forge_body(forger, entries[3])
    leaf = Leaf.objects.get(entry=entries[3])
    honest = LeafRecord.unpack(bytes(leaf.record))
    record = LeafRecord(honest.index, sha256(forged).digest(), honest.links).pack()
    digests = [bytes(one.digest) for one in Leaf.objects.order_by("index")]
    digests[3] = merkle.leaf_hash(record)
    subtree = merkle.over(digests)
    forger.execute("UPDATE custody_leaf SET record = %s, digest = %s WHERE index = 3", [record, digests[3]])
    for level, index in ((1, 1), (2, 0)):
        digest = subtree(index << level, (index + 1) << level)
        forger.execute("UPDATE custody_node SET digest = %s WHERE level = %s AND index = %s", [digest, level, index])

    # The sequencer signs nothing over it …
    with pytest.raises(TreeDiffers, match="another root"):
        export(alice, item, tmp_path / "b.zip")


def test_even_a_forged_tree_with_a_forged_checkpoint_row_is_not_signed(entries, forger, write):
    forger.execute("UPDATE custody_checkpoint SET root = %s", [bytes(32)])
    forger.execute("UPDATE custody_node SET digest = %s WHERE level = 2", [bytes(32)])
    write()

    with pytest.raises(TreeDiffers, match="another root"):
        sequence()


def test_a_tree_with_its_end_cut_off_is_not_signed(entries, forger, write):
    forger.execute("DELETE FROM custody_leafsubject WHERE leaf_id = 3")
    forger.execute("DELETE FROM custody_leaf WHERE index = 3")
    write()

    with pytest.raises(TreeDiffers, match="3 leaves"):
        sequence()


def test_a_node_that_is_gone_is_noticed(entries, forger, write):
    forger.execute("DELETE FROM custody_node WHERE level = 2")
    write()

    with pytest.raises(TreeDiffers, match="missing"):
        sequence()


def test_an_opening_changed_in_the_database_is_named(entries, forger, alice, item, tmp_path):
    forger.execute(
        "UPDATE custody_opening SET value = 'cat.mp4' WHERE entry_id = %s AND name = 'name'", [entries[0].id]
    )

    with pytest.raises(errors.OpeningAltered, match="name"):
        verify(export(alice, item, tmp_path / "b.zip"), signing.verifier_key())


def test_an_entry_taken_out_leaves_a_gap(entries, forger, alice, item, tmp_path):
    forger.execute("DELETE FROM custody_leafsubject WHERE leaf_id = 1")

    with pytest.raises(errors.EntryMissing, match="leaf 1"):
        verify(export(alice, item, tmp_path / "b.zip"), signing.verifier_key())


def test_an_entry_written_past_the_trigger_is_found(entries, forger, write):
    forger.execute("ALTER TABLE custody_entry DISABLE TRIGGER await_a_leaf")
    write()

    assert find_forgotten() == 1
