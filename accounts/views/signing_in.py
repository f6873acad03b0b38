"""Pages at the door: banner, password, code, enrolment, step-up, sign-out."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import segno
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import rotate_token
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache

from accounts import doorstep, enrolling, factors, sessions, signing_in
from accounts.errors import SignInFailed, WeakPassword, WrongCode
from accounts.forms import CodeForm, EnrolForm, FirstPasswordForm, SignInForm
from accounts.http import ActorRequest, SignedInRequest, anybody, may, no_event, route
from accounts.permissions import Permission as P
from verifier.events import Event

_FORM = no_event("a form, before anybody is known")


def next_of(request: HttpRequest) -> str:
    """The page of ours to go on to; never another site's."""
    asked = str(request.POST.get("next") or request.GET.get("next") or "/")
    return asked if url_has_allowed_host_and_scheme(asked, allowed_hosts=None) and asked.startswith("/") else "/"


def _page(request: HttpRequest, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    context = {"next": next_of(request), "banner": settings.BANNER, **context}
    return render(request, f"accounts/{template}.html", context, status=status)


@route("sign-in/", GET=anybody(_FORM), POST=anybody(Event.SIGNED_IN))
@never_cache
def sign_in(request: ActorRequest) -> HttpResponse:
    """The system-use banner until it is acknowledged (CJIS AC-8), then name and password."""
    if request.person is not None:
        return redirect(next_of(request))
    state = doorstep.read(request)
    if request.POST.get("acknowledged"):
        return _acknowledged(request)
    if not state.get("ack"):
        return _page(request, "banner", {})
    form = SignInForm(request.POST or None)
    if not form.is_valid():
        return _page(request, "sign_in", {"form": form})
    try:
        person = signing_in.check_password(form.cleaned_data["email"], form.cleaned_data["password"], request.origin)
    except SignInFailed as error:
        form = SignInForm(initial={"email": form.cleaned_data["email"]})
        return _page(request, "sign_in", {"form": form, "error": error}, error.status)
    answer = redirect_with_next("sign_in_factor", next_of(request))
    return doorstep.write(answer, doorstep.with_password(state, person))


def _acknowledged(request: HttpRequest) -> HttpResponse:
    enrols = next_of(request) == reverse("enrol")
    following = redirect("enrol") if enrols else _page(request, "sign_in", {"form": SignInForm()})
    return doorstep.write(following, {"ack": True})


def redirect_with_next(name: str, following: str) -> HttpResponse:
    """A redirect that remembers where the person wanted to go."""
    answer = redirect(name)
    if following != "/":
        answer["Location"] += "?" + urlencode({"next": following})
    return answer


@route("sign-in/factor/", GET=anybody(_FORM), POST=anybody(Event.SIGNED_IN))
@never_cache
def sign_in_factor(request: ActorRequest) -> HttpResponse:
    """The code of the authenticator app."""
    person = doorstep.person_of(doorstep.read(request))
    if person is None:
        return redirect_with_next("sign_in", next_of(request))
    form = CodeForm(request.POST or None)
    if not form.is_valid():
        return _page(request, "factor", {"form": form})
    try:
        _session, secret = signing_in.check_code(person, form.cleaned_data["code"], request.origin)
    except WrongCode as error:
        return _page(request, "factor", {"form": CodeForm(), "error": error}, error.status)
    except SignInFailed as error:
        return doorstep.write(
            _page(request, "sign_in", {"form": SignInForm(), "error": error}, error.status), {"ack": True}
        )
    request.new_session_secret = secret
    rotate_token(request)  # a token that somebody planted before the sign-in is worth nothing after it
    return doorstep.write(redirect(next_of(request)), {})


@route("sign-out/", POST=may(P.OWN_ACTS, Event.SIGNED_OUT, objectless=True))
def sign_out(request: SignedInRequest) -> HttpResponse:
    """End the session on the server, and empty what the browser kept."""
    if request.signed_in_session is not None:
        sessions.end(request.actor, request.signed_in_session)
    request.new_session_secret = ""
    answer = redirect("sign_in")
    # Never "cookies": they ignore ports, and another copy on this host would be signed out with us.
    answer["Clear-Site-Data"] = '"cache", "storage"'
    answer["Cache-Control"] = "no-store"
    return answer


@route(
    "confirm/", GET=may(P.OWN_ACTS, no_event("a form"), objectless=True),
    POST=may(P.OWN_ACTS, Event.FACTOR_CONFIRMED, objectless=True),
)  # fmt: skip
def step_up(request: SignedInRequest) -> HttpResponse:
    """The code once more, before a dangerous act."""
    form = CodeForm(request.POST or None)
    session = request.signed_in_session
    if not form.is_valid() or session is None:
        return _page(request, "step_up", {"form": form})
    try:
        signing_in.step_up(request.actor, session, form.cleaned_data["code"], request.origin)
    except WrongCode as error:
        return _page(request, "step_up", {"form": CodeForm(), "error": error}, error.status)
    messages.success(request, "Confirmed. Go on; you are not asked again for five minutes.")
    return redirect(next_of(request))


@route("enrol/", GET=anybody(_FORM), POST=anybody(no_event("opens the next form; password and factor write theirs")))
@never_cache
def enrol(request: ActorRequest) -> HttpResponse:
    """The code that an administrator handed over."""
    if not doorstep.read(request).get("ack"):
        return redirect_with_next("sign_in", reverse("enrol"))
    form = EnrolForm(request.POST or None)
    if not form.is_valid():
        return _page(request, "enrol", {"form": form})
    try:
        given = form.cleaned_data
        enrolment = signing_in.check_enrolment(given["email"], given["code"], request.origin)
    except SignInFailed as error:
        return _page(request, "enrol", {"form": form, "error": error}, error.status)
    return doorstep.write(redirect("enrol_password"), {"ack": True, "enrolment": str(enrolment.id)})


def _enrolment(request: HttpRequest) -> UUID:
    return UUID(doorstep.read(request).get("enrolment") or "00000000-0000-0000-0000-000000000000")


@route("enrol/password/", GET=anybody(_FORM), POST=anybody(Event.PASSWORD_CHANGED))
@never_cache
def enrol_password(request: ActorRequest) -> HttpResponse:
    """The first password."""
    enrolment = enrolling.going_on(_enrolment(request))
    form = FirstPasswordForm(request.POST or None)
    if form.is_valid():
        try:
            enrolling.set_password(enrolment, form.cleaned_data["new"], request.origin)
            return redirect("enrol_factor")
        except WeakPassword as error:
            form.add_error("new", str(error))
    return _page(request, "enrol_password", {"form": form, "who": enrolment.person})


@route("enrol/factor/", GET=anybody(_FORM), POST=anybody(Event.FACTOR_ENROLLED))
@never_cache
def enrol_factor(request: ActorRequest) -> HttpResponse:
    """The authenticator: a QR for another device, a link for this one. Its first code ends the enrolment."""
    enrolment = enrolling.going_on(_enrolment(request))
    if not enrolment.person.has_usable_password():
        return redirect("enrol_password")
    form, error = CodeForm(request.POST or None), None
    if form.is_valid():
        try:
            _session, secret = enrolling.finish(enrolment, form.cleaned_data["code"], request.origin)
        except WrongCode as wrong:
            error = wrong
        else:
            request.new_session_secret = secret
            rotate_token(request)
            return doorstep.write(redirect("home"), {})
    _device, seed = enrolling.authenticator(enrolment)
    link = factors.link_of(enrolment.person, seed)
    picture = segno.make(link, error="m").svg_data_uri(scale=5, border=3)
    return _page(
        request, "enrol_factor", {"form": CodeForm(), "error": error, "link": link, "picture": picture, "seed": seed},
        error.status if error else 200,
    )  # fmt: skip
