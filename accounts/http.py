"""What every door passes: who asks, by which right, under which event; and how refusals are answered."""

from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path

from accounts.models import Person
from accounts.permissions import Permission
from custody.actors import Actor
from verifier.events import Event


class ActorRequest(HttpRequest):
    """Any request: the actor may be anonymous."""

    actor: Actor
    person: Person | None


class SignedInRequest(ActorRequest):
    """The type says that someone is signed in."""

    person: Person
    session_id: UUID | None


@dataclass(frozen=True)
class NoEvent:
    """A route that writes no entry, and why that is right."""

    why: str


@dataclass(frozen=True)
class Rule:
    """What one method of one route demands. `permission` None: open to the signed-out."""

    permission: Permission | None
    event: Event | NoEvent
    step_up: bool = False
    objectless: bool = False


def no_event(why: str) -> NoEvent:
    """Declare that a route touches nothing that the ledger keeps."""
    return NoEvent(why)


def may(permission: Permission, event: Event | NoEvent, *, step_up: bool = False, objectless: bool = False) -> Rule:
    """Signed in, and the role holds the permission.

    With `objectless` the role alone decides (403 without it); else the view's rule fetches and authorises its object.
    """
    return Rule(permission, event, step_up, objectless)


def anybody(event: Event | NoEvent) -> Rule:
    """Open to the signed-out."""
    return Rule(None, event)


def route(url: str, *, name: str = "", **rules: Rule) -> Callable[[Any], Any]:
    """Declare a door: `@route("cases/<uuid:case_id>/", GET=may(Permission.CASE_VIEW, Event.CASE_VIEWED))`."""

    def declare(view: Any) -> Any:
        view.route = (url, name or view.__name__, rules)
        return view

    return declare


def urls_of(*modules: ModuleType) -> list[URLPattern]:
    """The URL patterns of every door declared in the modules, in their order."""
    found = []
    for module in modules:
        for view in vars(module).values():
            if hasattr(view, "route") and view.__module__ == module.__name__:
                url, name, _rules = view.route
                found.append(path(url, view.as_view() if isinstance(view, type) else view, name=name))
    return found


class AccountsMiddleware:
    """Says who asks, and closes every URL that does not declare its rule."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)


def page_context(request: HttpRequest) -> dict[str, object]:
    """What every page's template knows."""
    return {}


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The answer to a form without its token."""
    return HttpResponse("This form has expired. Go back, reload the page and try again.", status=403)
