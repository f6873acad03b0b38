"""Pages of items: one item and what may be done with it, the uncategorised, the quarantined."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from accounts.http import SignedInRequest, may, no_event, route
from accounts.paging import page_of
from accounts.permissions import Permission as P
from evidence import access, bundles, describing, filing, listing, quarantine, spreadsheets, timelines, touch
from evidence.forms import DescribeForm, FileForm, MoveForm, ReasonForm, TagForm, attempt
from evidence.views.frames import item_frame
from verifier.events import Event

_NAMES = no_event("names in a list that the person may see")
_FORM = no_event("a form")


@route("items/uncategorised/", GET=may(P.ITEM_VIEW, _NAMES, objectless=True))
def uncategorised(request: SignedInRequest) -> HttpResponse:
    """Items that are in no case yet."""
    sort, order = listing.order_by(listing.ITEM_SORTS, request.GET.get("sort", ""), "-added")
    found = listing.uncategorised(request.actor)
    rows, cursor = page_of(found, request.GET.get("cursor", ""), order=order)
    context = {"items": rows, "next_cursor": cursor, "sort": sort, "follow": listing.unfinished(found),
               "version": listing.version(rows)}  # fmt: skip
    return render(request, "evidence/uncategorised.html", context)


@route("items/uncategorised/export/", GET=may(P.ITEM_VIEW, _NAMES, objectless=True))
def uncategorised_csv(request: SignedInRequest) -> HttpResponse:
    """What the list shows, as CSV."""
    _sort, order = listing.order_by(listing.ITEM_SORTS, request.GET.get("sort", ""), "-added")
    rows = listing.uncategorised(request.actor).order_by(*order)[: spreadsheets.ROWS_LIMIT]
    return spreadsheets.items("uncategorised", rows)


@route("items/<uuid:item_id>/", GET=may(P.ITEM_VIEW, Event.ITEM_VIEWED))
def item(request: SignedInRequest, item_id: UUID) -> HttpResponse:
    """An item's page."""
    found = access.item_for(request.actor, item_id, P.ITEM_VIEW)
    touch.item(request.actor, found)
    context = item_frame(request.actor, found)
    if P.CUSTODY_VIEW in context["actions"]:
        context["page"] = timelines.glance(request.actor, found)
    return render(request, "evidence/item.html", context)


@route("items/<uuid:item_id>/describe/", POST=may(P.ITEM_DESCRIBE, Event.ITEM_DESCRIBED))
def item_describe(request: SignedInRequest, item_id: UUID) -> HttpResponse:
    """Change the name or the description."""
    form = DescribeForm(request.POST)
    if not attempt(form, lambda told: describing.describe(request.actor, item_id, **told)):
        found = access.item_for(request.actor, item_id, P.ITEM_DESCRIBE)
        return render(request, "evidence/item.html", item_frame(request.actor, found) | {"describe_form": form})
    messages.success(request, "Name and description are saved.")
    return redirect("item", item_id)


@route("items/<uuid:item_id>/tags/", POST=may(P.ITEM_DESCRIBE, Event.ITEM_TAGGED))
def item_tags(request: SignedInRequest, item_id: UUID) -> HttpResponse:
    """Put tags on, or take one off (`remove`)."""
    if word := request.POST.get("remove", ""):
        describing.remove_tag(request.actor, item_id, word)
        return redirect("item", item_id)
    form = TagForm(request.POST)
    if not attempt(form, lambda _told: describing.add_tags(request.actor, item_id, form.words())):
        found = access.item_for(request.actor, item_id, P.ITEM_DESCRIBE)
        return render(request, "evidence/item.html", item_frame(request.actor, found) | {"tag_form": form})
    return redirect("item", item_id)


@route("items/<uuid:item_id>/flags/", POST=may(P.ITEM_DESCRIBE, Event.ITEM_FLAGGED))
def item_flags(request: SignedInRequest, item_id: UUID) -> HttpResponse:
    """Set or lift a flag."""
    describing.flag(request.actor, item_id, request.POST.get("flag", ""), on=request.POST.get("on") == "1")
    return redirect("item", item_id)


@route("items/<uuid:item_id>/file/", GET=may(P.ITEM_MOVE, _FORM), POST=may(P.ITEM_MOVE, Event.ITEM_FILED))
def item_file(request: SignedInRequest, item_id: UUID) -> HttpResponse:
    """Put an item into one more case."""
    found = access.item_for(request.actor, item_id, P.ITEM_MOVE)
    form = FileForm(request.POST or None)
    if attempt(form, lambda told: filing.file(
        request.actor, item_id, filing.case_named(request.actor, told["case"]).id
    ), request):  # fmt: skip
        messages.success(request, f"It is in {form.cleaned_data['case']} now.")
        return redirect("item", item_id)
    context = {"item": found, "form": form, "fileable": filing.fileable(request.actor)[:200],
               "filings": found.filings.filter(ended_at=None).exists()}  # fmt: skip
    return render(request, "evidence/item_file.html", context)


@route("items/<uuid:item_id>/move/", GET=may(P.ITEM_MOVE, _FORM), POST=may(P.ITEM_MOVE, Event.ITEM_MOVED))
def item_move(request: SignedInRequest, item_id: UUID) -> HttpResponse:
    """Move an item to another case: choose it, see who gains and who loses access, confirm with a reason."""
    found = access.item_for(request.actor, item_id, P.ITEM_MOVE)
    context = {"item": found, "fileable": filing.fileable(request.actor)[:200]}
    form = MoveForm(request.POST or None)
    if attempt(form, lambda told: filing.move(
        request.actor, item_id, to=filing.case_named(request.actor, told["case"]).id, reason=told["reason"]
    ), request):  # fmt: skip
        found.refresh_from_db()
        messages.success(request, f"Moved. Its number is {found.number} now; the old one still finds it.")
        return redirect("item", item_id)
    number = request.POST.get("case") or request.GET.get("case", "")
    chosen = FileForm({"case": number}) if number else FileForm()
    seen = []
    if number and attempt(chosen, lambda told: seen.append(
        filing.before_move(request.actor, item_id, filing.case_named(request.actor, told["case"]).id)
    ), request):  # fmt: skip
        form = form if request.method == "POST" else MoveForm(initial={"case": number})
        return render(request, "evidence/item_move_confirm.html", context | {"form": form, "move": seen[0]})
    return render(request, "evidence/item_move.html", context | {"form": chosen})


@route(
    "items/<uuid:item_id>/cases/<uuid:case_id>/remove/", GET=may(P.ITEM_MOVE, _FORM),
    POST=may(P.ITEM_MOVE, Event.ITEM_UNFILED),
)  # fmt: skip
def item_unfile(request: SignedInRequest, item_id: UUID, case_id: UUID) -> HttpResponse:
    """Take an item out of a case that is not its home."""
    found = access.item_for(request.actor, item_id, P.ITEM_MOVE)
    case = access.case_for(request.actor, case_id, P.CASE_FILE)
    form = ReasonForm(request.POST or None)
    if attempt(form, lambda told: filing.unfile(request.actor, item_id, case_id, told["reason"])):
        messages.success(request, f"Taken out of {case.number}.")
        return redirect("item", item_id)
    return render(request, "evidence/item_unfile.html", {"item": found, "case": case, "form": form})


@route("items/<uuid:item_id>/custody/", GET=may(P.CUSTODY_VIEW, Event.CUSTODY_VIEWED))
def item_custody(request: SignedInRequest, item_id: UUID) -> HttpResponse:
    """Everything that happened to an item, as the reader may see it."""
    found, page = timelines.of_item(request.actor, item_id, request.GET.dict())
    context = {"item": found, "page": page, "asked": request.GET.dict(),
               "actions": access.actions_on_item(request.actor, found)}  # fmt: skip
    return render(request, "evidence/item_custody.html", context)


@route("items/<uuid:item_id>/custody/export/", GET=may(P.CUSTODY_VIEW, Event.CUSTODY_VIEWED))
def item_custody_csv(request: SignedInRequest, item_id: UUID) -> HttpResponse:
    """What the timeline shows, as CSV."""
    found, page = timelines.of_item(request.actor, item_id, request.GET.dict(), size=spreadsheets.ROWS_LIMIT)
    return spreadsheets.custody(f"{found.number}-custody", page.lines)


@route("items/<uuid:item_id>/bundle/", POST=may(P.CUSTODY_EXPORT, Event.CUSTODY_EXPORTED, step_up=True))
def item_bundle(request: SignedInRequest, item_id: UUID) -> HttpResponse:
    """The item's custody bundle, which `bin/proofroom verify` checks offline."""
    return bundles.answer(*bundles.of_item(request.actor, item_id))


@route("quarantine/", name="quarantine", GET=may(P.QUARANTINE_VIEW, _NAMES, objectless=True))
def quarantine_list(request: SignedInRequest) -> HttpResponse:
    """What waits for a custodian."""
    rows, cursor = page_of(
        quarantine.quarantined(request.actor), request.GET.get("cursor", ""), order=("-added_at", "-id")
    )
    return render(request, "evidence/quarantine.html", {"items": rows, "next_cursor": cursor})


@route(
    "items/<uuid:item_id>/quarantine/end/", GET=may(P.QUARANTINE_END, _FORM),
    POST=may(P.QUARANTINE_END, Event.QUARANTINE_ENDED),
)  # fmt: skip
def quarantine_end(request: SignedInRequest, item_id: UUID) -> HttpResponse:
    """End the quarantine of an item, with a reason."""
    found = access.item_for(request.actor, item_id, P.QUARANTINE_END)
    form = ReasonForm(request.POST or None)
    if attempt(form, lambda told: quarantine.end(request.actor, item_id, told["reason"])):
        messages.success(request, f"{found.number} is being sealed. The flag stays.")
        return redirect("item", item_id)
    return render(request, "evidence/quarantine_end.html", {"item": found, "form": form})
