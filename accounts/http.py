"""What every door passes: who asks, by which right, under which event; and how refusals are answered."""

import logging
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, get_resolver, path
from django.utils.functional import SimpleLazyObject
from rest_framework.views import APIView

from accounts import refusals, sessions, tokens
from accounts.actors import actor_of_session, actor_of_token, anonymous, origin_of
from accounts.answers import answer, csrf_failed, ours
from accounts.errors import Misfit, NotAllowed, NotVisible, SignInNeeded
from accounts.guarding import guard
from accounts.models import Person
from accounts.notices import unread_count
from accounts.people import zone_of
from accounts.rights import permissions_of
from accounts.rules import ActorRequest, NoEvent, Rule, SignedInRequest, anybody, may, no_event
from verifier.errors import ProofroomError

__all__ = [
    "ActorRequest", "NoEvent", "Rule", "SignedInRequest", "anybody", "csrf_failed", "may", "no_event", "route",
    "urls_of",
]  # fmt: skip

log = logging.getLogger("proofroom.doors")
_BEARER = "bearer "


class Undeclared(Exception):
    """A URL leads to a view that declares no permission and no event. Nothing starts with one."""


def route(url: str, *, name: str = "", **rules: Rule) -> Callable[[Any], Any]:
    """Declare a door: `@route("cases/<uuid:case_id>/", GET=may(Permission.CASE_VIEW, Event.CASE_VIEWED))`."""
    if not rules:
        raise Undeclared(url)

    def declare(view: Any) -> Any:
        view.route = (url, name or view.__name__, rules)
        return view

    return declare


def urls_of(*modules: ModuleType) -> list[URLPattern]:
    """The URL patterns of every door declared in the modules, in their order, each behind its guard."""
    found = []
    for module in modules:
        for view in vars(module).values():
            if "route" in getattr(view, "__dict__", {}) and view.__module__ == module.__name__:
                url, name, rules = view.route
                api = isinstance(view, type) and issubclass(view, APIView)
                found.append(path(url, guard(view.as_view() if api else view, rules, name, api=api), name=name))
    return found


def patterns(resolver: URLResolver | None = None, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every URL of the whole URLconf with the whole of its route."""
    resolver = resolver or get_resolver()
    for found in resolver.url_patterns:
        if isinstance(found, URLResolver):
            yield from patterns(found, prefix + str(found.pattern))
        else:
            yield prefix + str(found.pattern), found


def undeclared() -> list[str]:
    """URLs that lead to a view without a rule."""
    return [url for url, found in patterns() if not getattr(found.callback, "rules", None)]


class AccountsMiddleware:
    """Says who asks, closes every URL that does not declare its rule, and answers our errors in one place."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        if open_doors := undeclared():
            raise Undeclared(", ".join(open_doors))

    def __call__(self, request: Any) -> HttpResponse:
        try:
            self._identify(request)
        except Exception as error:
            if (known := ours(error)) is None:
                raise
            return settle(request, known)
        response = self.get_response(request)
        if request.new_session_secret is not None:
            sessions.put_cookie(response, request.new_session_secret)
        return response

    def _identify(self, request: Any) -> None:
        origin = origin_of(request)
        request.origin, request.rule, request.new_session_secret = origin, None, None
        request.person = request.signed_in_session = request.session_id = None
        request.actor = anonymous(origin)
        authorization = request.headers.get("Authorization", "")
        # With any Authorization header the cookie does not count: who sends one needs no CSRF token.
        if authorization:
            bearer = authorization.lower().startswith(_BEARER) and request.path.startswith("/api/")
            if bearer and (token := tokens.live(authorization[len(_BEARER) :].strip(), origin)):
                request.person, request.actor = token.person, actor_of_token(token, origin)
            return
        secret = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
        if secret and (session := sessions.live(secret)):
            request.signed_in_session, request.session_id = session, session.id
            request.person, request.actor = session.person, actor_of_session(session, origin)

    def process_view(self, request: Any, view: Any, args: object, kwargs: object) -> None:
        """The second fence: a view without a rule is never entered."""
        del args, kwargs
        if not getattr(view, "rules", None):
            raise Undeclared(request.path)
        rule = view.rules.get(request.method)
        # A page that a script follows by itself says so; a forgotten tab must not keep its session alive.
        automatic = (rule and rule.background) or "X-Automatic" in request.headers
        if request.signed_in_session is not None and not automatic:
            sessions.touch(request.signed_in_session)

    def process_exception(self, request: Any, error: Exception) -> HttpResponse | None:
        """Answer our own errors; what is not ours goes to Django's log and the page for a broken server."""
        known = ours(error)
        return settle(request, known) if known else None


def settle(request: Any, error: ProofroomError) -> HttpResponse:
    """Write the refusal, if it is one, and answer. Called for pages by the middleware, for the API by `rest`."""
    if isinstance(error, NotVisible | NotAllowed | Misfit):
        try:
            if isinstance(error, Misfit):
                refusals.write_misfit(request.actor, request.rule, error, request.resolver_match.kwargs)
            else:
                refusals.write(request.actor, request.rule, error)
        except DatabaseError:
            log.exception("a refusal could not be written")
            raise
    if isinstance(error, SignInNeeded) and request.COOKIES.get(settings.SESSION_COOKIE_NAME):
        request.new_session_secret = ""
    return answer(request, error)


def page_context(request: Any) -> dict[str, object]:
    """What every page's template knows. `may` is the set of permissions that the person's roles hold."""
    person: Person | None = getattr(request, "person", None)
    if person is None:
        return {"person": None, "demo": settings.DEMO, "may": frozenset(), "notice_count": 0, "zone": "UTC"}
    return {
        "person": person,
        "demo": settings.DEMO,
        "may": SimpleLazyObject(lambda: permissions_of(request.actor)),
        "notice_count": SimpleLazyObject(lambda: unread_count(person)),
        "zone": zone_of(person),
    }
