"""What must answer before the installation serves: database, object store, broker, the ledger's sequencer."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import DatabaseError, connection
from django.utils import timezone

from custody.entries import clock
from custody.models import Waiting
from jobs import bell
from store.objects import store

log = logging.getLogger("proofroom.readiness")
_CLOCKS_APART = timedelta(milliseconds=100)  # design: custody ledger, clocks
_LAG = timedelta(seconds=30)  # an entry that waits longer for its leaf means that nobody sequences


class Away(Exception):
    """Why something does not answer, for the operator."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. `wrong` is empty when it answers."""

    name: str
    wrong: str


def look() -> list[Finding]:
    """Ask each once. An answer that names a host or a key goes to the log, never to who asks."""
    return [Finding(name, _wrong(name, question)) for name, question in _QUESTIONS.items()]


def warnings() -> list[str]:
    """What is right for an evaluation only, said aloud."""
    found = []
    if settings.KEY_SERVICE == "local":
        found.append("The key service is the local key ring. It is for evaluation only.")
    if settings.EVALUATION:
        found.append(
            "The embedded services are for evaluation: their disks and backups are not encrypted by Proofroom."
        )
    else:
        found.append("Volume and backups of PostgreSQL must be encrypted; Proofroom can't see whether they are.")
    return [*found, *_clocks()]


def _clocks() -> list[str]:
    """Entries bear the database's time; one who compares them with this machine's logs must be able to rely on both."""
    try:
        before = timezone.now()
        there = clock()
        after = timezone.now()
    except DatabaseError:
        return []
    apart = max(before - there, there - after, timedelta(0))
    if apart <= _CLOCKS_APART:
        return []
    log.error("The clocks of this machine and of the database differ by %d ms", apart / timedelta(milliseconds=1))
    return [f"The clocks of this machine and of the database differ by {apart / timedelta(seconds=1):.1f} s."]


def _wrong(name: str, question: Callable[[], None]) -> str:
    try:
        question()
    except Away as away:
        return str(away)
    except Exception as error:  # noqa: BLE001 - whatever a library raises, it doesn't answer
        log.warning("%s does not answer: %s: %s", name, type(error).__name__, error)
        return "It does not answer."
    return ""


def _database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def _objects() -> None:
    store().check()


def _broker() -> None:
    if bell.unheard("default") is None:
        raise Away("It does not answer. Nothing is lost; work waits.")


def _sequencer() -> None:
    oldest = Waiting.objects.order_by("entry__at").values_list("entry__at", flat=True).first()
    if oldest and timezone.now() - oldest > _LAG:
        raise Away(f"Entries have waited {int((timezone.now() - oldest).total_seconds())} s for a signed tree.")


_QUESTIONS: dict[str, Callable[[], None]] = {
    "database": _database,
    "objects": _objects,
    "broker": _broker,
    "sequencer": _sequencer,
}
