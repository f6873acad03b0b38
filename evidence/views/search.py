"""The search page."""

from django.http import HttpResponse
from django.shortcuts import render

from accounts.http import SignedInRequest, may, route
from accounts.paging import page_of
from accounts.permissions import Permission as P
from evidence import search as searching
from evidence import spreadsheets
from verifier.events import Event


@route("search/export/", GET=may(P.ITEM_VIEW, Event.SEARCHED, objectless=True))
def search_csv(request: SignedInRequest) -> HttpResponse:
    """What the search found, as CSV."""
    found = searching.search(request.actor, request.GET.get("q", "")).select_related("added_by")
    return spreadsheets.items("search", found.order_by("-added_at", "-id")[: spreadsheets.ROWS_LIMIT])


@route("search", GET=may(P.ITEM_VIEW, Event.SEARCHED, objectless=True))
def search(request: SignedInRequest) -> HttpResponse:
    """Items and cases by words and numbers. Without words there is only the box, and nothing is written."""
    words = " ".join(request.GET.get("q", "").split())
    context: dict[str, object] = {"words": words}
    if words:
        found = searching.search(request.actor, words).select_related("added_by")
        rows, cursor = page_of(found, request.GET.get("cursor", ""), order=("-added_at", "-id"))
        cases = searching.cases_named(request.actor, words)[:5]
        context |= {"items": rows, "next_cursor": cursor, "cases": list(cases)}
    return render(request, "evidence/search.html", context)
