"""Places on pages that others fill: panels of an item, cards of the home page. Registered in an app's `ready()`."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from accounts.permissions import Permission
from custody.actors import Actor
from evidence.models import Item

ItemContext = Callable[[Actor, Item, frozenset[Permission]], dict[str, Any] | None]
HomeContext = Callable[[Actor, frozenset[Permission]], dict[str, Any] | None]


@dataclass(frozen=True, slots=True)
class Panel:
    """A template, what it needs, and its place. The context function answers None where there is nothing to show."""

    name: str
    template: str
    context: Callable[..., dict[str, Any] | None]
    order: int
    place: str


@dataclass(frozen=True, slots=True)
class Filled:
    """A panel with its context, ready to be included."""

    name: str
    template: str
    context: dict[str, Any]


_ITEM: dict[str, Panel] = {}
_HOME: dict[str, Panel] = {}


def register_item_panel(name: str, template: str, context: ItemContext, order: int, *, place: str = "rail") -> None:
    """Put a panel on the item's page. `place` is `main`, under the viewer, or `rail`, beside it."""
    _ITEM[name] = Panel(name, template, context, order, place)


def register_home_card(name: str, template: str, context: HomeContext, order: int) -> None:
    """Put a card on the home page."""
    _HOME[name] = Panel(name, template, context, order, "main")


def item_panels(actor: Actor, item: Item, may: frozenset[Permission], place: str) -> list[Filled]:
    """The panels that have something to show about the item, in order."""
    return _filled((panel for panel in _ITEM.values() if panel.place == place), actor, item, may)


def home_cards(actor: Actor, may: frozenset[Permission]) -> list[Filled]:
    """The home page's cards for this person, in order."""
    return _filled(_HOME.values(), actor, may)


def _filled(panels: Any, *about: Any) -> list[Filled]:
    ordered = sorted(panels, key=lambda one: one.order)
    contexts = [(panel, panel.context(*about)) for panel in ordered]
    return [Filled(panel.name, panel.template, context) for panel, context in contexts if context is not None]
