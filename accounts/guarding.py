"""The guard in front of every door: it enforces the rule that the door declares."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware
from django.utils import timezone
from django.utils.cache import add_never_cache_headers

from accounts.answers import is_api
from accounts.errors import (
    BadInput,
    FormExpired,
    MethodNotDeclared,
    NotAllowed,
    PasswordChangeNeeded,
    SignInNeeded,
    StepUpNeeded,
)
from accounts.models import SignedInSession
from accounts.rights import permissions_of
from accounts.rules import Rule

_SAFE = ("GET", "HEAD", "OPTIONS")
# While a password has to be changed, only these doors are open.
_OPEN_BEFORE_PASSWORD_CHANGE = frozenset({"password", "sign_out"})


class _CsrfCheck(CsrfViewMiddleware):
    """Django's check, asked by us: API views are exempt from the middleware because tokens need no check."""

    def _reject(self, request: HttpRequest, reason: str) -> Any:
        del request
        return reason


def _demand_csrf(request: Any) -> None:
    # A link on another site must not take evidence, and an entry, with the reader's cookie (W3C Fetch Metadata).
    if request.headers.get("Sec-Fetch-Site") in ("cross-site", "same-site"):
        raise FormExpired
    if request.method in _SAFE:
        return
    check = _CsrfCheck(lambda _: HttpResponse())
    check.process_request(request)
    if check.process_view(request, None, (), {}):  # type: ignore[arg-type]
        raise FormExpired


def rule_for(rules: Mapping[str, Rule], method: str) -> Rule:
    """The rule of a method; HEAD follows GET. Raises MethodNotDeclared."""
    rule = rules.get(method) or (rules.get("GET") if method == "HEAD" else None)
    if rule is None:
        raise MethodNotDeclared(method, sorted({*rules, *(["HEAD"] if "GET" in rules else [])}))
    return rule


def _demand_text(request: Any) -> None:
    # PostgreSQL has no NUL in texts. Forms and serializers refuse it; the words of a query meet no such check.
    if "%00" in request.META.get("QUERY_STRING", ""):
        raise BadInput("An address with a NUL in it can't be looked up.")


def _demand_fresh_factor(request: Any) -> None:
    session: SignedInSession | None = request.signed_in_session
    if session is None or session.factor_at < timezone.now() - timedelta(seconds=settings.STEP_UP_SECONDS):
        raise StepUpNeeded


def _password_is_due(request: Any) -> bool:
    person = request.person
    if request.signed_in_session is None:
        return False
    oldest = timezone.now() - timedelta(days=settings.PASSWORD_MAX_AGE_DAYS)
    return bool(person.must_change_password or (person.password_changed_at and person.password_changed_at < oldest))


def enforce(request: Any, rule: Rule, name: str) -> None:
    """Raise what stands against the request, in the order in which a person can mend it."""
    if rule.permission is None:
        return
    if request.person is None:
        raise SignInNeeded
    if name not in _OPEN_BEFORE_PASSWORD_CHANGE and _password_is_due(request):
        raise PasswordChangeNeeded
    if rule.objectless and rule.permission not in permissions_of(request.actor):
        raise NotAllowed
    if rule.step_up and not (rule.or_token and request.signed_in_session is None):
        _demand_fresh_factor(request)


def guard(view: Callable[..., Any], rules: Mapping[str, Rule], name: str, *, api: bool) -> Callable[..., Any]:
    """Wrap a door so that its rule is enforced before it is entered."""

    @wraps(view)
    def guarded(request: Any, *args: object, **kwargs: object) -> Any:
        request.rule = rule = rule_for(rules, request.method)
        _demand_text(request)
        if api and request.signed_in_session is not None:
            _demand_csrf(request)
        enforce(request, rule, name)
        response = view(request, *args, **kwargs)
        # Personal pages stay out of every cache; a door that sets its own header knows better.
        if request.person is not None and not response.has_header("Cache-Control"):
            add_never_cache_headers(response)
        return response

    guarded.rules = rules  # type: ignore[attr-defined]
    guarded.is_api = api  # type: ignore[attr-defined]
    guarded.csrf_exempt = api  # type: ignore[attr-defined]
    return guarded


__all__ = ["enforce", "guard", "is_api", "rule_for"]
