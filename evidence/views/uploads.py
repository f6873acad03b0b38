"""The page of a person's own uploads: what is under way, and what waits to be gone on with."""

from django.http import HttpResponse
from django.shortcuts import render

from accounts.http import SignedInRequest, may, no_event, route
from accounts.paging import page_of
from accounts.permissions import Permission as P
from evidence.models import Upload

_GOING = (Upload.State.OPENING, Upload.State.OPEN, Upload.State.COMPLETING)


@route("uploads/", GET=may(P.CASE_FILE, no_event("names of the person's own uploads"), objectless=True))
def uploads(request: SignedInRequest) -> HttpResponse:
    """The person's uploads that are not complete."""
    found = Upload.objects.filter(person=request.person, state__in=_GOING).select_related("item")
    rows, cursor = page_of(found, request.GET.get("cursor", ""), order=("-created_at", "-id"))
    return render(request, "evidence/uploads.html", {"uploads": rows, "next_cursor": cursor})
