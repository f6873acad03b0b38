"""Which database role may do what. Whatever is not named here is denied; docs/custody.md tells why each needs it."""

from collections.abc import Iterator

from django.apps import apps
from django.db import connection, transaction
from django.db.models import Model

from custody import models

WEB, WORKER = "proofroom_web", "proofroom_worker"
SEQUENCER, ERASER = "proofroom_sequencer", "proofroom_eraser"
ROLES = (WEB, WORKER, SEQUENCER, ERASER)

_ADD = "SELECT, INSERT"
_ALL = "SELECT, INSERT, UPDATE, DELETE"

# The ledger, table by table: what the two that serve people may do, and what the sequencer may.
LEDGER: dict[type[Model], tuple[str, str]] = {
    models.Entry: (_ADD, "SELECT"),
    models.Subject: (_ADD, "SELECT"),
    models.Opening: (_ADD, ""),
    models.Waiting: ("SELECT", "SELECT, DELETE"),
    models.Leaf: ("SELECT", _ADD),
    models.LeafSubject: ("SELECT", _ADD),
    models.Node: ("SELECT", _ADD),
    models.Checkpoint: ("SELECT", _ADD),
    models.Repeat: (_ALL, ""),
}


def grant() -> None:
    """Take every privilege in the schema from the four roles and give what is written here. Runs as the owner."""
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in statements():
            cursor.execute(statement)


def statements() -> Iterator[str]:
    """The SQL, in order. Every name in it comes from the models and constants of this code."""
    everybody = ", ".join(ROLES)
    for kind in ("TABLES", "SEQUENCES", "FUNCTIONS"):
        yield f"REVOKE ALL ON ALL {kind} IN SCHEMA public FROM {everybody}"
    yield f"GRANT USAGE ON SCHEMA public TO {everybody}"
    for model in apps.get_models(include_auto_created=True):
        if model._meta.app_label != "custody":  # noqa: SLF001 - Django's documented API of models
            yield f"GRANT {_ALL} ON {_table(model)} TO {WEB}, {WORKER}"
    yield f"GRANT SELECT ON django_migrations TO {WEB}, {WORKER}"
    for model, (served, sequencing) in LEDGER.items():
        yield f"GRANT {served} ON {_table(model)} TO {WEB}, {WORKER}"
        if sequencing:
            yield f"GRANT {sequencing} ON {_table(model)} TO {SEQUENCER}"
    # Identity columns need no grant of their own; numbering from a sequence does, and may not set it back.
    yield f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {WEB}, {WORKER}"
    yield f"GRANT EXECUTE ON FUNCTION custody_erase(uuid, text, uuid) TO {ERASER}"


def _table(model: type[Model]) -> str:
    return connection.ops.quote_name(model._meta.db_table)  # noqa: SLF001 - Django's documented API of models
