"""One cell of the matrix: somebody visits a route, and what came of it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event as Flag
from threading import Thread
from typing import Any

from django.db import connections
from django.test import Client
from django.urls import reverse

from accounts.http import patterns
from accounts.rules import Rule
from custody import sequencing
from tests.matrix.visits import Visit
from tests.matrix.world import World

Row = tuple[str, str, Rule]


def rows() -> Iterator[Row]:
    """Every route and method of the whole URLconf with its declared rule."""
    for _url, found in patterns():
        for method, rule in getattr(found.callback, "rules", {}).items():
            yield str(found.name), method, rule


def visit(client: Client, world: World, row: Row, how: Visit, prepared: dict[str, Any] | None = None) -> Any:
    """Ask; the answer."""
    name, method, _rule = row
    url = reverse(name, kwargs=how.url(world) | (prepared or {}) if not _prepared_only(how) else prepared)
    headers, data = how.headers(world), how.data(world)
    with sequencer_running(world, when=how.sequenced):
        if method in ("GET", "HEAD", "OPTIONS"):
            answer = getattr(client, method.lower())(url, how.query(world), headers=headers)
        elif how.raw:
            answer = client.generic(method, url, b"1234567890" if method == "PATCH" else b"", how.raw, headers=headers)
        elif how.json:
            answer = getattr(client, method.lower())(url, data, content_type="application/json", headers=headers)
        else:
            answer = getattr(client, method.lower())(url, data, headers=headers)
        if answer.streaming:
            b"".join(answer.streaming_content)
        answer.close()
    return answer


def _prepared_only(how: Visit) -> bool:
    return how.bound


@contextmanager
def sequencer_running(world: World, *, when: bool) -> Iterator[None]:
    """The sequencer at work beside the visit, as it is in an installation."""
    stop = Flag()

    def work() -> None:
        while not stop.wait(0.05):
            sequencing.sequence()
        connections.close_all()

    thread = Thread(target=work)
    if when:
        sequencing.sequence()
        thread.start()
    try:
        yield
    finally:
        stop.set()
        if when:
            thread.join()


def succeeded(answer: Any) -> bool:
    """A real 2xx, or a redirect to a page that is not the sign-in, the confirmation or a form."""
    if answer.status_code in (302, 303):
        return not answer["Location"].startswith(("/sign-in", "/confirm", "/account/password"))
    return 200 <= answer.status_code < 300


def turned_away(answer: Any) -> bool:
    """What the signed-out get: the sign-in for pages, 401 for the API."""
    if answer.status_code == 302:
        return bool(answer["Location"].startswith("/sign-in"))
    return bool(answer.status_code == 401)


Browser = Callable[..., Client]
