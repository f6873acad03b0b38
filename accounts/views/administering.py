"""Pages of the administrator: people, their roles and accounts, the agency."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from accounts import agencies, directory, ownership, people, roles
from accounts.errors import NotAllowed
from accounts.forms import NewPersonForm, PersonForm, ReasonForm, RoleForm, ZoneForm
from accounts.http import SignedInRequest, may, no_event, route
from accounts.models import Agency
from accounts.paging import page_of
from accounts.permissions import Permission as P
from accounts.permissions import Role
from accounts.rights import person_for
from verifier.errors import ProofroomError
from verifier.events import Event

_FORM = no_event("a form")
_ASKS = no_event("says what will happen and asks")


def _agency(request: SignedInRequest) -> Agency:
    if request.person.agency is None:
        raise NotAllowed
    return request.person.agency


@route("admin-agency/", name="people", GET=may(P.PEOPLE_VIEW, no_event("names in a list"), objectless=True))
def people_list(request: SignedInRequest) -> HttpResponse:
    """The people of the agency."""
    asked = request.GET.dict()
    sort = asked.get("sort") if asked.get("sort") in directory.SORTS else "name"
    rows, cursor = page_of(
        directory.people_of(_agency(request), asked), asked.get("cursor", ""), order=directory.SORTS[str(sort)]
    )
    shown = {"people": directory.with_roles(rows), "next_cursor": cursor, "sort": sort, "asked": asked}
    return render(request, "accounts/people.html", shown)


@route(
    "admin-agency/people/new/", GET=may(P.PEOPLE_MANAGE, _FORM, step_up=True, objectless=True),
    POST=may(P.PEOPLE_MANAGE, Event.PERSON_ADDED, step_up=True, objectless=True),
)  # fmt: skip
def person_new(request: SignedInRequest) -> HttpResponse:
    """Add a person; the enrolment code is shown once, to be handed over."""
    agency = _agency(request)
    form = NewPersonForm(agency, request.POST or None)
    if form.is_valid():
        try:
            added, code = people.add(request.actor, agency, **form.cleaned_data)
        except ProofroomError as error:
            form.add_error("email", str(error))
        else:
            return render(request, "accounts/enrolment_code.html", {"who": added, "enrolment_code": code})
    return render(request, "accounts/person_new.html", {"form": form})


@route("admin-agency/people/<uuid:person_id>/", GET=may(P.PEOPLE_VIEW, Event.PEOPLE_VIEWED))
def person(request: SignedInRequest, person_id: UUID) -> HttpResponse:
    """One person: roles, state of the account, where signed in."""
    found = directory.look_at(request.actor, person_id)
    shown = {
        "who": found,
        "state": directory.state_of(found),
        "roles": ownership.held_roles(found),
        "sessions": ownership.live_sessions(found).count(),
        "own": found.id == request.person.id,
        "role_form": RoleForm(_agency(request)),
    }
    return render(request, "accounts/person.html", shown)


@route(
    "admin-agency/people/<uuid:person_id>/change/", GET=may(P.PEOPLE_MANAGE, _FORM),
    POST=may(P.PEOPLE_MANAGE, Event.PERSON_CHANGED),
)  # fmt: skip
def person_change(request: SignedInRequest, person_id: UUID) -> HttpResponse:
    """Change name, title, unit, zone."""
    found = person_for(request.actor, person_id, P.PEOPLE_MANAGE)
    told = {"name": found.name, "title": found.title, "unit": found.unit_id, "zone": found.zone}
    form = PersonForm(_agency(request), request.POST or None, initial=told)
    if form.is_valid():
        people.change(request.actor, person_id, **form.cleaned_data)
        messages.success(request, "Changed.")
        return redirect("person", person_id)
    return render(request, "accounts/person_change.html", {"form": form, "who": found})


def _asked(request: SignedInRequest, person_id: UUID, act: str, do: Callable[[], object]) -> HttpResponse:
    """On GET say what will happen and ask; on POST do it and go back to the person."""
    found = person_for(request.actor, person_id, P.PEOPLE_MANAGE)
    told = directory.ACTS[act]
    if request.method == "POST":
        do()
        messages.success(request, told.done.format(name=found.name))
        return redirect("person", person_id)
    return render(request, "accounts/person_act.html", {
        "who": found, "told": told, "heading": told.heading.format(name=found.name), "label": told.label,
        "danger": told.danger, "back": reverse("person", args=[person_id]), "form": ReasonForm(),
    })  # fmt: skip


@route(
    "admin-agency/people/<uuid:person_id>/disable/", GET=may(P.PEOPLE_MANAGE, _ASKS, step_up=True),
    POST=may(P.PEOPLE_MANAGE, Event.PERSON_DISABLED, step_up=True),
)  # fmt: skip
def person_disable(request: SignedInRequest, person_id: UUID) -> HttpResponse:
    """Close an account."""
    reason = " ".join(request.POST.get("reason", "").split())[:200]
    return _asked(request, person_id, "disable", lambda: people.disable(request.actor, person_id, reason))


@route(
    "admin-agency/people/<uuid:person_id>/enable/", GET=may(P.PEOPLE_MANAGE, _ASKS, step_up=True),
    POST=may(P.PEOPLE_MANAGE, Event.PERSON_ENABLED, step_up=True),
)  # fmt: skip
def person_enable(request: SignedInRequest, person_id: UUID) -> HttpResponse:
    """Open a closed account again."""
    return _asked(request, person_id, "enable", lambda: people.enable(request.actor, person_id))


@route(
    "admin-agency/people/<uuid:person_id>/unlock/", GET=may(P.PEOPLE_MANAGE, _ASKS),
    POST=may(P.PEOPLE_MANAGE, Event.PERSON_UNLOCKED),
)  # fmt: skip
def person_unlock(request: SignedInRequest, person_id: UUID) -> HttpResponse:
    """Release an account that failures have locked."""
    return _asked(request, person_id, "unlock", lambda: people.unlock(request.actor, person_id))


@route(
    "admin-agency/people/<uuid:person_id>/end-sessions/", GET=may(P.PEOPLE_MANAGE, _ASKS),
    POST=may(P.PEOPLE_MANAGE, Event.SIGNED_OUT),
)  # fmt: skip
def person_end_sessions(request: SignedInRequest, person_id: UUID) -> HttpResponse:
    """Sign a person out everywhere."""
    return _asked(request, person_id, "end-sessions", lambda: people.end_sessions(request.actor, person_id))


@route(
    "admin-agency/people/<uuid:person_id>/reset/", GET=may(P.PEOPLE_MANAGE, _ASKS, step_up=True),
    POST=may(P.PEOPLE_MANAGE, Event.PASSWORD_RESET, step_up=True),
)  # fmt: skip
def person_reset(request: SignedInRequest, person_id: UUID) -> HttpResponse:
    """Take password and authenticator away; a new enrolment code is shown once."""
    if request.method == "POST":
        found, code = people.reset_sign_in(request.actor, person_id)
        return render(request, "accounts/enrolment_code.html", {"who": found, "enrolment_code": code})
    return _asked(request, person_id, "reset", lambda: None)


@route(
    "admin-agency/people/<uuid:person_id>/roles/give/", GET=may(P.ROLES_MANAGE, _FORM, step_up=True),
    POST=may(P.ROLES_MANAGE, Event.ROLE_GIVEN, step_up=True),
)  # fmt: skip
def role_give(request: SignedInRequest, person_id: UUID) -> HttpResponse:
    """Give a role."""
    found = person_for(request.actor, person_id, P.ROLES_MANAGE)
    form = RoleForm(_agency(request), request.POST or None)
    if form.is_valid():
        try:
            roles.give(request.actor, found, Role(form.cleaned_data["role"]), form.cleaned_data["unit"])
        except NotAllowed:
            raise
        except ProofroomError as error:
            form.add_error("role", str(error))
        else:
            messages.success(request, f"{found.name} is now {form.cleaned_data['role']}.")
            return redirect("person", person_id)
    return render(request, "accounts/role_give.html", {"form": form, "who": found})


@route(
    "admin-agency/people/<uuid:person_id>/roles/<uuid:held_id>/take/", GET=may(P.ROLES_MANAGE, _ASKS, step_up=True),
    POST=may(P.ROLES_MANAGE, Event.ROLE_TAKEN, step_up=True),
)  # fmt: skip
def role_take(request: SignedInRequest, person_id: UUID, held_id: UUID) -> HttpResponse:
    """Take a role, and with it what it reached."""
    found = person_for(request.actor, person_id, P.ROLES_MANAGE)
    held = directory.role_held(found, held_id)
    if request.method == "POST":
        roles.take(request.actor, found, Role(held.role), held.unit)
        messages.success(request, f"{found.name} is no longer {held.role}.")
        return redirect("person", person_id)
    return render(request, "accounts/role_take.html", {
        "who": found, "held": held, "label": "Take the role", "danger": True,
        "back": reverse("person", args=[person_id]),
    })  # fmt: skip


@route(
    "admin-agency/agency/", GET=may(P.AGENCY_MANAGE, no_event("settings of the own agency"), objectless=True),
    POST=may(P.AGENCY_MANAGE, Event.AGENCY_CHANGED, objectless=True),
)  # fmt: skip
def agency_settings(request: SignedInRequest) -> HttpResponse:
    """The agency's name, zone and policies."""
    agency = _agency(request)
    form = ZoneForm(request.POST or None, initial={"zone": agency.zone})
    if form.is_valid():
        agencies.change_zone(request.actor, agency.id, form.cleaned_data["zone"])
        messages.success(request, "Times are shown in the new zone.")
        return redirect("agency_settings")
    return render(request, "accounts/agency.html", {"form": form, "agency": agency, "policy": directory.policy()})
