"""The custody bundle of an item, verified as a stranger would."""

from pathlib import Path
from zipfile import ZipFile

import pytest
from django.db import transaction
from uuid_utils.compat import uuid7

from accounts.errors import NotAllowed
from custody import signing
from custody.actors import Actor
from custody.recording import Subject, record
from evidence import bundles, describing
from evidence.models import Case, Grant, Item
from tests.cast import person_of
from tests.evidence.conftest import said
from tests.exhibits import file_item
from verifier.events import Event
from verifier.recipe import verify
from verifier.verified import Verified

pytestmark = pytest.mark.usefixtures("sequencer")


def exported(actor: Actor, item: Item, folder: Path) -> Verified:
    """The bundle, made and verified."""
    name, raw = bundles.of_item(actor, item.id)
    assert name == f"{item.number}-custody.zip"
    path = folder / name
    path.write_bytes(raw)
    return verify(path, signing.verifier_key())


def test_it_verifies_and_ends_with_its_own_export(alice: Actor, item: Item, tmp_path: Path) -> None:
    describing.add_tags(alice, item.id, ["night"])
    found = exported(alice, item, tmp_path)
    assert len(found.entries) == 2
    assert said(item.id).startswith("Alice Archer exported")


def test_what_a_partner_may_not_see_is_withheld_and_counted(
    alice: Actor, bob: Actor, dana: Actor, item: Item, tmp_path: Path
) -> None:
    Grant.objects.create(id=uuid7(), to_person=person_of(dana), on_item=item, ground="share",
                         actions=["item.view", "custody.export"])  # fmt: skip
    describing.add_tags(alice, item.id, ["night"])
    with transaction.atomic():
        record(bob, Event.ITEM_MOVED, owner=item.agency_id, subjects=[Subject("item", item.id)], outcome="refused",
               fields={"reason": "no"})  # fmt: skip
    exported(dana, item, tmp_path)
    with ZipFile(tmp_path / f"{item.number}-custody.zip") as bundle:
        everything = b"".join(bundle.read(name) for name in bundle.namelist())
    assert b"Dana Dean" in everything
    assert b"Alice Archer" not in everything
    assert b"Bob Baker" not in everything


def test_other_items_of_an_entry_stay_closed(
    alice: Actor, bob: Actor, item: Item, other_case: Case, tmp_path: Path
) -> None:
    hidden = file_item(alice, other_case, "secret.mp4")
    with transaction.atomic():
        record(alice, Event.READING_OPENED, owner=item.agency_id, fields={"purpose": "list"},
               subjects=[Subject("item", hidden.id), Subject("item", item.id)])  # fmt: skip
    found = exported(bob, item, tmp_path)
    assert len(found.entries) == 2
    assert str(hidden.id) not in repr(found)


def test_one_who_may_not_export_gets_nothing(alice: Actor, charlie: Actor, item: Item) -> None:
    Grant.objects.create(id=uuid7(), to_person=person_of(charlie), on_item=item, ground="share",
                         actions=["item.view"])  # fmt: skip
    with pytest.raises(NotAllowed):
        bundles.of_item(charlie, item.id)
