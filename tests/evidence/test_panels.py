"""Places that others fill."""

import pytest

from custody.actors import Actor
from evidence import panels
from evidence.models import Item


@pytest.fixture(autouse=True)
def empty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(panels, "_ITEM", {})
    monkeypatch.setattr(panels, "_HOME", {})


def test_panels_come_in_order_each_in_its_place(alice: Actor, item: Item) -> None:
    panels.register_item_panel("late", "late.html", lambda *_: {"n": 2}, 20)
    panels.register_item_panel("early", "early.html", lambda *_: {"n": 1}, 10)
    panels.register_item_panel("wide", "wide.html", lambda *_: {}, 5, place="main")
    rail = panels.item_panels(alice, item, frozenset(), "rail")
    assert [(one.template, one.context) for one in rail] == [("early.html", {"n": 1}), ("late.html", {"n": 2})]
    assert [one.name for one in panels.item_panels(alice, item, frozenset(), "main")] == ["wide"]


def test_a_panel_with_nothing_to_show_is_left_out(alice: Actor) -> None:
    panels.register_home_card("none", "none.html", lambda *_: None, 1)
    assert panels.home_cards(alice, frozenset()) == []
