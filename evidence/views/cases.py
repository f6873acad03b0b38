"""Pages of cases: the list, a case and its tabs."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from accounts.http import SignedInRequest, may, no_event, route
from accounts.paging import page_of
from accounts.permissions import Permission as P
from evidence import access, cases, listing, members, spreadsheets, timelines, touch
from evidence.forms import CaseForm, MemberForm, ReasonForm, attempt
from evidence.views.frames import case_frame
from verifier.events import Event

_NAMES = no_event("names in a list that the person may see")
_FORM = no_event("a form")


@route("cases/", name="cases", GET=may(P.CASE_VIEW, _NAMES, objectless=True))
def case_list(request: SignedInRequest) -> HttpResponse:
    """The cases that the person may see."""
    asked = request.GET.dict()
    sort, order = listing.order_by(listing.CASE_SORTS, asked.get("sort", ""), "-touched")
    rows, cursor = page_of(listing.cases(request.actor, asked), asked.get("cursor", ""), order=order)
    return render(request, "evidence/cases.html", {"cases": rows, "next_cursor": cursor, "sort": sort, "asked": asked})


@route("cases/export/", GET=may(P.CASE_VIEW, _NAMES, objectless=True))
def cases_csv(request: SignedInRequest) -> HttpResponse:
    """What the list shows, as CSV."""
    asked = request.GET.dict()
    _sort, order = listing.order_by(listing.CASE_SORTS, asked.get("sort", ""), "-touched")
    rows = listing.cases(request.actor, asked).order_by(*order)[: spreadsheets.ROWS_LIMIT]
    heads = ["Number", "Title", "Lead", "Unit", "Opened (UTC)", "Closed (UTC)", "Items", "Last activity (UTC)"]
    return spreadsheets.answer("cases", heads, (
        [c.number, c.title, c.lead.name, c.unit or "", c.opened_at, c.closed_at, c.items, c.touched_at] for c in rows
    ))  # fmt: skip


@route(
    "cases/new/", GET=may(P.CASE_OPEN, _FORM, objectless=True),
    POST=may(P.CASE_OPEN, Event.CASE_OPENED, objectless=True),
)  # fmt: skip
def case_new(request: SignedInRequest) -> HttpResponse:
    """Open a case."""
    form = CaseForm(request.person.agency, request.POST or None, lead_label=f"{request.person.name} (you)")
    opened = []
    if attempt(form, lambda told: opened.append(cases.open_case(request.actor, **told))):
        messages.success(request, f"{opened[0].number} is open. Add evidence to it.")
        return redirect("case", opened[0].id)
    return render(request, "evidence/case_new.html", {"form": form})


@route("cases/<uuid:case_id>/", GET=may(P.CASE_VIEW, Event.CASE_VIEWED))
def case(request: SignedInRequest, case_id: UUID) -> HttpResponse:
    """The evidence of a case."""
    found = access.case_for(request.actor, case_id, P.CASE_VIEW)
    touch.case(request.actor, found)
    asked = request.GET.dict()
    sort, order = listing.order_by(listing.ITEM_SORTS, asked.get("sort", ""), "captured")
    items = listing.items(request.actor, asked, found)
    rows, cursor = page_of(items, asked.get("cursor", ""), order=order)
    context = case_frame(request.actor, found, "case") | {
        "items": rows, "next_cursor": cursor, "sort": sort, "asked": asked,
        "facets": listing.facets(request.actor, found, asked), "follow": listing.unfinished(items),
        "version": listing.version(rows), "sort_choices": listing.SORT_CHOICES,
        "narrowed": any(asked.get(name) for name in ("type", "state", "tag", "q")),
    }  # fmt: skip
    context["may_choose"] = bool({P.ITEM_DESCRIBE, P.ITEM_MOVE} & context["actions"])
    return render(request, "evidence/case.html", context)


@route("cases/<uuid:case_id>/export/", GET=may(P.CASE_VIEW, Event.CASE_VIEWED))
def case_csv(request: SignedInRequest, case_id: UUID) -> HttpResponse:
    """What the evidence tab shows, as CSV."""
    found = access.case_for(request.actor, case_id, P.CASE_VIEW)
    touch.case(request.actor, found)
    asked = request.GET.dict()
    _sort, order = listing.order_by(listing.ITEM_SORTS, asked.get("sort", ""), "captured")
    rows = listing.items(request.actor, asked, found).order_by(*order)[: spreadsheets.ROWS_LIMIT]
    return spreadsheets.items(found.number, rows)


@route("cases/<uuid:case_id>/activity/", GET=may(P.CUSTODY_VIEW, Event.CUSTODY_VIEWED))
def case_activity(request: SignedInRequest, case_id: UUID) -> HttpResponse:
    """Everything that happened in a case, as the reader may see it."""
    found, page = timelines.of_case(request.actor, case_id, request.GET.dict())
    context = case_frame(request.actor, found, "case_activity") | {"page": page, "asked": request.GET.dict()}
    return render(request, "evidence/case_activity.html", context)


@route("cases/<uuid:case_id>/activity/export/", GET=may(P.CUSTODY_VIEW, Event.CUSTODY_VIEWED))
def case_activity_csv(request: SignedInRequest, case_id: UUID) -> HttpResponse:
    """What the timeline shows, as CSV."""
    found, page = timelines.of_case(request.actor, case_id, request.GET.dict(), size=spreadsheets.ROWS_LIMIT)
    return spreadsheets.custody(f"{found.number}-custody", page.lines)


@route(
    "cases/<uuid:case_id>/people/", GET=may(P.CASE_VIEW, Event.CASE_VIEWED),
    POST=may(P.CASE_PEOPLE, Event.CASE_MEMBER_ADDED),
)  # fmt: skip
def case_people(request: SignedInRequest, case_id: UUID) -> HttpResponse:
    """Who works on a case; adding a person or changing a level."""
    found = access.case_for(request.actor, case_id, P.CASE_PEOPLE if request.method == "POST" else P.CASE_VIEW)
    form = MemberForm(request.POST or None)
    if attempt(form, lambda told: members.add_member(
        request.actor, case_id, told["person"], members.Level(told["level"])
    )):  # fmt: skip
        messages.success(request, "They have been told.")
        return redirect("case_people", case_id)
    touch.case(request.actor, found)
    context = case_frame(request.actor, found, "case_people") | {"form": form}
    words = request.GET.get("q", "").strip()
    if words and P.CASE_PEOPLE in context["actions"]:
        context |= {"words": words, "addable": list(members.addable(request.actor, case_id, words))}
    return render(request, "evidence/case_people.html", context)


@route(
    "cases/<uuid:case_id>/people/<uuid:person_id>/remove/", GET=may(P.CASE_PEOPLE, _FORM),
    POST=may(P.CASE_PEOPLE, Event.CASE_MEMBER_REMOVED),
)  # fmt: skip
def case_person_remove(request: SignedInRequest, case_id: UUID, person_id: UUID) -> HttpResponse:
    """Take a person off a case, after saying what that means."""
    found = access.case_for(request.actor, case_id, P.CASE_PEOPLE)
    if request.method == "POST":
        members.remove_member(request.actor, case_id, person_id)
        messages.success(request, "They have no access by this case any more.")
        return redirect("case_people", case_id)
    context = {"case": found, "member": members.member(found, person_id)}
    return render(request, "evidence/case_person_remove.html", context)


@route(
    "cases/<uuid:case_id>/details/", GET=may(P.CASE_VIEW, Event.CASE_VIEWED),
    POST=may(P.CASE_EDIT, Event.CASE_CHANGED),
)  # fmt: skip
def case_details(request: SignedInRequest, case_id: UUID) -> HttpResponse:
    """What a case says, and changing it."""
    found = access.case_for(request.actor, case_id, P.CASE_EDIT if request.method == "POST" else P.CASE_VIEW)
    said = {"title": found.title, "summary": found.summary, "lead": str(found.lead_id),
            "unit": str(found.unit_id or ""), "confidential": found.confidential}  # fmt: skip
    form = CaseForm(found.agency, request.POST or None, initial=said)
    if attempt(form, lambda told: cases.change(request.actor, case_id, cases.Changes(**told))):
        messages.success(request, "Changed.")
        return redirect("case_details", case_id)
    touch.case(request.actor, found)
    return render(
        request, "evidence/case_details.html", case_frame(request.actor, found, "case_details") | {"form": form}
    )


@route("cases/<uuid:case_id>/close/", GET=may(P.CASE_CLOSE, _FORM), POST=may(P.CASE_CLOSE, Event.CASE_CLOSED))
def case_close(request: SignedInRequest, case_id: UUID) -> HttpResponse:
    """Close a case."""
    found = access.case_for(request.actor, case_id, P.CASE_CLOSE)
    form = ReasonForm(request.POST or None)
    if attempt(form, lambda told: cases.close(request.actor, case_id, told["reason"])):
        messages.success(request, f"{found.number} is closed.")
        return redirect("case", case_id)
    return render(request, "evidence/case_close.html", {"case": found, "form": form})


@route("cases/<uuid:case_id>/reopen/", GET=may(P.CASE_CLOSE, _FORM), POST=may(P.CASE_CLOSE, Event.CASE_REOPENED))
def case_reopen(request: SignedInRequest, case_id: UUID) -> HttpResponse:
    """Open a closed case again."""
    found = access.case_for(request.actor, case_id, P.CASE_CLOSE)
    form = ReasonForm(request.POST or None)
    if attempt(form, lambda told: cases.reopen(request.actor, case_id, told["reason"])):
        messages.success(request, f"{found.number} is open again.")
        return redirect("case", case_id)
    return render(request, "evidence/case_reopen.html", {"case": found, "form": form})
