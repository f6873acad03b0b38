"""The page of captured mail: letters of the demonstration, which no server sends."""

from django.http import HttpResponse
from django.shortcuts import render

from accounts.http import ActorRequest, anybody, no_event, route
from jobs.models import Mail


@route("demo/mail/", GET=anybody(no_event("letters of fictional people, in the demonstration only")))
def demo_mail(request: ActorRequest) -> HttpResponse:
    """The latest letters."""
    return render(request, "home/mailbox.html", {"letters": Mail.objects.order_by("-created_at")[:100]})
