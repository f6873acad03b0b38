"""The first page of each kind of person."""

from django.http import HttpResponse
from django.shortcuts import render

from accounts.http import SignedInRequest, may, no_event, route
from accounts.permissions import Permission as P
from home.overview import overview


@route("", name="home", GET=may(P.OWN_ACTS, no_event("what waits for the person, by name"), objectless=True))
def home(request: SignedInRequest) -> HttpResponse:
    """What needs the person, the person's cases, uploads under way, notices."""
    return render(request, "home/home.html", overview(request.actor))
