"""One small world that every cell of the matrix visits in a clone of its own: real people, cases, bytes and readings."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connections
from uuid_utils.compat import uuid7

from accounts import agencies
from accounts.models import Agency
from accounts.permissions import Permission, Role
from accounts.rights import CONSOLE
from custody.actors import Actor
from evidence import cases, filing, members
from evidence.models import Case, Derivative, Grant, Item
from tests.cast import hire, person_of
from tests.evidence.sending import Sender, sent
from vault import writing

EVERYTHING = frozenset(Permission)


@dataclass(frozen=True)
class World:
    """Who and what there is. Actors carry no session; a visit signs in."""

    database: str
    alice: Actor
    bob: Actor
    carl: Actor
    adam: Actor
    audrey: Actor
    lena: Actor
    probe: Actor
    case: UUID
    case_number: str
    other_case: UUID
    other_number: str
    closed_case: UUID
    item: UUID
    loose: UUID
    guarded: UUID
    upload: UUID
    credential: str


def build(database: str, run_jobs: Callable[[], Any]) -> World:
    """Fill the database that is connected now."""
    riverton = agencies.add(
        CONSOLE, name="Riverton Police", ori="XX0010100", prefix="RPD", kind=Agency.Kind.POLICE, zone="UTC"
    )
    lakeside = agencies.add(
        CONSOLE, name="Lakeside Sheriff", ori="XX0020000", prefix="LCS", kind=Agency.Kind.POLICE, zone="UTC"
    )
    robbery = agencies.add_unit(CONSOLE, riverton, "Robbery")
    alice = hire(riverton, "Alice Archer", Role.DETECTIVE, robbery)
    bob = hire(riverton, "Bob Baker", Role.DETECTIVE, robbery)
    case, other, closed = (cases.open_case(alice, title=title) for title in ("Robbery", "Burglary", "Fraud"))
    members.add_member(alice, case.id, person_of(bob).id, members.Level.WORK)
    cases.close(alice, closed.id, "Solved")
    item = _sealed(alice, run_jobs, case=str(case.id))
    filing.file(alice, item, other.id)
    guarded = _sealed(alice, run_jobs, case=str(case.id))
    Item.objects.filter(id=guarded).update(state=Item.State.QUARANTINED)
    loose = _sealed(alice, run_jobs)
    _picture(Item.objects.get(id=item))
    begun = Sender.of(alice)
    assert begun.begin(10, case=str(case.id)).status_code == 201
    assert begun.id
    return World(
        database=database, alice=alice, bob=bob, carl=hire(riverton, "Carl Cooper", Role.CUSTODIAN),
        adam=hire(riverton, "Adam Abel", Role.ADMINISTRATOR), audrey=hire(riverton, "Audrey Abbott", Role.AUDITOR),
        lena=hire(lakeside, "Lena Lund", Role.DETECTIVE), probe=hire(riverton, "Piet Probe", Role.DETECTIVE),
        case=case.id, case_number=case.number, other_case=other.id, other_number=other.number, closed_case=closed.id,
        item=item, loose=loose, guarded=guarded, upload=begun.id, credential=begun.credential,
    )  # fmt: skip


def _sealed(actor: Actor, run_jobs: Callable[[], Any], **said: str) -> UUID:
    sender = sent(actor, os.urandom(2000), **said)
    run_jobs()
    item = sender.item
    assert item.state == Item.State.SEALED, item.state
    Item.objects.filter(id=item.id).update(
        mime="video/mp4", kind="video", processing=Item.Processing.DONE, facts={"playable": {"value": "video/mp4"}}
    )
    return item.id


def _picture(item: Item) -> None:
    """A small picture, as the media room would have made it."""
    for kind in ("poster", "preview"):
        obj = writing.create_object(uuid7(), item.agency.key_name)
        writing.put_derivative(obj, 0, [b"\xff\xd8\xff\xe0 a picture"])
        Derivative.objects.create(
            id=uuid7(), item=item, kind=kind, object=obj, mime="image/jpeg", tool="tests", tool_version="1"
        )


def grant(world: World, actions: frozenset[Permission], *, item: UUID | None = None, case: UUID | None = None) -> None:
    """Give the probe these actions and no other on one object."""
    Grant.objects.create(
        id=uuid7(), to_person_id=world.probe.id, on_item_id=item, on_case_id=case, ground=Grant.Ground.SHARE,
        actions=[action.value for action in actions],
    )  # fmt: skip


def case_of(world: World) -> Case:
    """The case's row in the clone that is connected now."""
    return Case.objects.get(id=world.case)


def disconnect() -> None:
    """A database that is cloned from must have nobody in it."""
    connections.close_all()
