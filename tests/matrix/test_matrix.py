"""Who gets through which door: every route and method of the URLconf, for six kinds of visitor.

Expected results come from the rule that the route declares. A route passes only if somebody gets a real 2xx on a real
object. The same visits show that what the ledger is to keep is kept: the success under the declared event, and the
refusal.
"""

from collections.abc import Callable
from uuid import UUID

import pytest
from django.test import Client

from accounts.permissions import SIGNED_IN, Permission
from accounts.rules import NoEvent
from custody.actors import Actor
from custody.models import Entry
from tests.matrix.cells import Row, rows, succeeded, turned_away, visit
from tests.matrix.visits import EVIDENCE, Visit
from tests.matrix.visits_accounts import ACCOUNTS
from tests.matrix.world import EVERYTHING, World, grant

VISITS = EVIDENCE | ACCOUNTS
ROWS = list(rows())
KNOWN = [row for row in ROWS if row[:2] in VISITS]
CLOSED = [row for row in KNOWN if row[2].permission is not None]
ON_OBJECTS = [row for row in CLOSED if VISITS[row[:2]].on]
GRANTED = [row for row in ON_OBJECTS if VISITS[row[:2]].on != "own"]
OBJECTLESS = [row for row in CLOSED if not VISITS[row[:2]].on]
BY_ROLE = [row for row in OBJECTLESS if row[2].objectless and row[2].permission not in SIGNED_IN]

# People are reached by the role alone, what is one's own by nobody else.
WITHOUT_GRANTS = ("person", "own")
Enter = Callable[[Actor | None], Client]
Hold = Callable[[frozenset[Permission]], None]


def _named(row: Row) -> str:
    return f"{row[1]} {row[0]}"


def _give(world: World, how: Visit, actions: frozenset[Permission]) -> None:
    """Grants for the probe on what the visit touches, and on the case that a filing goes into."""
    if how.on in WITHOUT_GRANTS:
        return
    objects: dict[str, dict[str, UUID]] = {
        "case": {"case": world.case}, "closed": {"case": world.closed_case}, "item": {"item": world.item},
        "loose": {"item": world.loose}, "guarded": {"item": world.guarded},
    }  # fmt: skip
    grant(world, actions, **objects[how.on])
    if how.also:
        grant(world, how.also, case=world.other_case)
        grant(world, how.also | actions, item=world.loose)


def _entries(event: str, outcome: str = "success") -> int:
    return Entry.objects.filter(event=event, outcome=outcome).count()


def test_every_route_and_method_is_in_the_table() -> None:
    assert sorted(_named(row) for row in ROWS if row[:2] not in VISITS) == []


def test_the_table_names_no_route_that_is_gone() -> None:
    assert sorted(VISITS.keys() - {row[:2] for row in ROWS}) == []


@pytest.mark.parametrize("row", KNOWN, ids=_named)
def test_a_person_of_the_world_gets_in_and_it_is_kept(world: World, enter: Enter, row: Row) -> None:
    how = VISITS[row[:2]]
    client = enter(getattr(world, how.owner) if how.owner else None)
    prepared = how.prepare(world, client) if how.prepare else {}
    event = "" if isinstance(row[2].event, NoEvent) or how.entry else row[2].event.value
    before = _entries(event)
    answer = visit(client, world, row, how, prepared)
    assert succeeded(answer) or (how.to_the_door and turned_away(answer)), (answer.status_code, answer.content[:2000])
    assert not event or _entries(event) > before


@pytest.mark.parametrize("row", GRANTED, ids=_named)
def test_exactly_the_right_is_enough(world: World, enter: Enter, holding: Hold, row: Row) -> None:
    how = VISITS[row[:2]]
    assert row[2].permission
    holding(rights := frozenset({row[2].permission}) | how.also)
    _give(world, how, rights)
    client = enter(world.probe)
    prepared = how.prepare(world, client) if how.prepare else {}
    answer = visit(client, world, row, how, prepared)
    assert succeeded(answer), (answer.status_code, answer.headers.get("Location"))


@pytest.mark.parametrize("row", BY_ROLE, ids=_named)
def test_exactly_the_right_of_the_role_is_enough(world: World, enter: Enter, holding: Hold, row: Row) -> None:
    assert row[2].permission
    holding(frozenset({row[2].permission}) | VISITS[row[:2]].also)
    client = enter(world.probe)
    how = VISITS[row[:2]]
    prepared = how.prepare(world, client) if how.prepare else {}
    assert succeeded(visit(client, world, row, how, prepared))


@pytest.mark.parametrize("row", ON_OBJECTS, ids=_named)
def test_all_rights_but_that_one_are_refused(world: World, enter: Enter, holding: Hold, row: Row) -> None:
    how = VISITS[row[:2]]
    prepared = how.prepare(world, enter(world.alice)) if how.prepare else {}
    assert row[2].permission
    holding(rights := EVERYTHING - {row[2].permission})
    _give(world, how, rights)
    answer = visit(enter(world.probe), world, row, how, prepared)
    # Without the right to see people, a person is not there.
    hidden = how.bound or (how.on == "person" and row[2].permission is Permission.PEOPLE_VIEW)
    assert answer.status_code == (404 if hidden else 403)


@pytest.mark.parametrize("row", BY_ROLE, ids=_named)
def test_a_role_without_the_right_is_refused(world: World, enter: Enter, holding: Hold, row: Row) -> None:
    how = VISITS[row[:2]]
    prepared = how.prepare(world, enter(world.alice)) if how.prepare else {}
    assert row[2].permission
    holding(EVERYTHING - {row[2].permission})
    assert visit(enter(world.probe), world, row, how, prepared).status_code == 403
    assert Entry.objects.filter(outcome="refused", actor_id=world.probe.id).exists()


@pytest.mark.parametrize("who", ["no right", "other agency"])
@pytest.mark.parametrize("row", ON_OBJECTS, ids=_named)
def test_without_a_grant_there_is_nothing_there(
    world: World, enter: Enter, holding: Hold, row: Row, who: str
) -> None:  # fmt: skip
    how = VISITS[row[:2]]
    prepared = how.prepare(world, enter(world.alice)) if how.prepare else {}
    holding(frozenset() if how.on == "person" and who == "no right" else EVERYTHING)
    stranger = world.probe if who == "no right" else world.lena
    answer = visit(enter(stranger), world, row, how, prepared)
    assert answer.status_code == 404
    assert Entry.objects.filter(outcome="refused", actor_id=stranger.id).exists()


@pytest.mark.parametrize("row", CLOSED, ids=_named)
def test_the_signed_out_are_sent_to_sign_in(world: World, enter: Enter, row: Row) -> None:
    how = VISITS[row[:2]]
    prepared = how.prepare(world, enter(world.alice)) if how.prepare else {}
    answer = visit(enter(None), world, row, how, prepared)
    assert turned_away(answer), answer.status_code
