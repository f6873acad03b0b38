"""Exporting the custody bundle of one item: what a stranger verifies offline with the log's key."""

from uuid import UUID

from django.http import HttpResponse

from custody.actors import Actor


def of_item(actor: Actor, item_id: UUID) -> tuple[str, bytes]:
    """The file's name and its bytes."""
    raise NotImplementedError


def answer(name: str, raw: bytes) -> HttpResponse:
    """The bundle as an attachment."""
    return HttpResponse(raw, content_type="application/zip", headers={
        "Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff",
    })  # fmt: skip
