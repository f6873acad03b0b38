"""Watching counts as activity: a recording longer than half an hour does not sign its viewer out."""

from collections.abc import Callable
from datetime import timedelta

from django.test import Client

from accounts.models import SignedInSession
from custody.actors import Actor
from evidence.models import Item


def test_a_beacon_of_a_player_keeps_the_session_alive(
    alice: Actor, item: Item, browser: Callable[[Actor], Client]
) -> None:
    Item.objects.filter(id=item.id).update(mime="video/mp4", facts={"playable": {"value": "video/mp4"}})
    client = browser(alice)
    opened = client.post(f"/items/{item.id}/play/").json()
    session = SignedInSession.objects.latest("opened_at")
    before = session.seen_at - timedelta(minutes=20)
    SignedInSession.objects.update(seen_at=before)
    client.post(f"/readings/{opened['reading']}/beacon", {"watched": [[0, 20]]}, content_type="application/json")
    assert SignedInSession.objects.get(id=session.id).seen_at > before
