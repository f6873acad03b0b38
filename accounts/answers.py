"""The one map from errors to answers: a page, or problem details (RFC 9457) for the API."""

import json
import logging
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import select_template
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from accounts.errors import (
    BadInput,
    DatabaseAway,
    FormExpired,
    MethodNotDeclared,
    NotVisible,
    PasswordChangeNeeded,
    SignInNeeded,
    StepUpNeeded,
)
from verifier.errors import ProofroomError

log = logging.getLogger("proofroom.doors")


class Broken(ProofroomError):
    """Something unexpected; the log says what."""

    code, status = "internal-error", 500
    says = "Something went wrong on our side. It was noted; try again in a moment."


class BadRequest(ProofroomError):
    """The request could not be understood."""

    code, status = "bad-request", 400
    says = "This request could not be understood."


def is_api(request: HttpRequest) -> bool:
    """Whether the caller wants problem details and status codes, not pages and redirects."""
    return request.path.startswith("/api/") or "application/json" in request.headers.get("Accept", "")


def _title(status: int) -> str:
    """The short name of a status; tus has one of its own, 460."""
    return HTTPStatus(status).phrase if status in set(HTTPStatus) else "Refused"


def problem_details(error: ProofroomError) -> HttpResponse:
    """RFC 9457: type, title, status, detail, and our stable code."""
    body: dict[str, object] = {
        "type": "about:blank",
        "title": _title(error.status),
        "status": error.status,
        "detail": str(error),
        "code": error.code,
    }
    if isinstance(error, BadInput) and error.fields:
        body["fields"] = error.fields
    response = HttpResponse(json.dumps(body), status=error.status, content_type="application/problem+json")
    return _with_headers(response, error)


def _with_headers(response: HttpResponse, error: ProofroomError) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    if isinstance(error, SignInNeeded):
        response["WWW-Authenticate"] = 'Bearer realm="Proofroom"'
    if isinstance(error, MethodNotDeclared):
        response["Allow"] = ", ".join(error.allowed)
    if seconds := getattr(error, "retry_after", None):
        response["Retry-After"] = str(seconds)
    return response


def _status_page(request: Any, error: ProofroomError) -> HttpResponse:
    if isinstance(error, DatabaseAway):
        request.person = None  # nobody can be looked up: the page is that of a stranger
    template = select_template([f"{error.status}.html", "error.html"])
    # The pages for these two have words of their own, which tell more than the error may.
    says = "" if isinstance(error, NotVisible | Broken) else str(error)
    context = {"says": says, "heading": _title(error.status), "status": error.status, "code": error.code}
    return _with_headers(HttpResponse(template.render(context, request), status=error.status), error)


def here(request: HttpRequest) -> str:
    """The page to come back to: this one, or for a form the page that it stood on."""
    if request.method in ("GET", "HEAD"):
        return request.get_full_path()
    referrer = request.headers.get("Referer", "")
    if url_has_allowed_host_and_scheme(referrer, allowed_hosts={request.get_host()}):
        return "/" + referrer.split("/", 3)[3] if referrer.count("/") >= 3 else "/"
    return "/"


def lead_to(request: HttpRequest, page: str) -> HttpResponse:
    """Redirect to a page that leads back here. HTMX is told to load it whole, since the frame changes too."""
    url = f"{reverse(page)}?{urlencode({'next': here(request)})}"
    if request.headers.get("HX-Request") == "true":
        response = HttpResponse()
        response["HX-Redirect"] = url
        return response
    return HttpResponseRedirect(url)


def answer(request: HttpRequest, error: ProofroomError) -> HttpResponse:
    """What the caller gets for an error of ours."""
    if is_api(request):
        return problem_details(error)
    if isinstance(error, SignInNeeded):
        return lead_to(request, "sign_in")
    if isinstance(error, StepUpNeeded):
        return lead_to(request, "step_up")
    if isinstance(error, PasswordChangeNeeded):
        return HttpResponseRedirect(reverse("password"))
    return _status_page(request, error)


def ours(error: Exception) -> ProofroomError | None:
    """The error as one of ours; None for the unexpected, which goes on to Django's log and a plain 500."""
    if isinstance(error, OperationalError | InterfaceError):
        log.error("the database is away", exc_info=error)
        return DatabaseAway()
    return error if isinstance(error, ProofroomError) else None


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The answer to a form without its token."""
    log.info("a form was refused: %s", reason)
    return answer(request, FormExpired())


def no_such_page(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The answer to an address that leads nowhere: the same as for an object that one may not see."""
    del exception
    return answer(request, NotVisible())


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The answer to what Django finds suspicious."""
    del request, exception
    return problem_details(BadRequest())


def broken(request: HttpRequest) -> HttpResponse:
    """The answer to an unexpected error, without its trace. Django has logged it by now."""
    try:
        return answer(request, Broken())
    except Exception:  # the page itself may be what is broken, or the database that it asks
        log.exception("the page for an error failed itself")
        return HttpResponse(str(Broken()), status=500, content_type="text/plain")
