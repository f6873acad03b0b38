"""What cases, items and custody look like in JSON: the serializers that the OpenAPI document shows, and filling them."""

from typing import Any

from django.conf import settings
from django.urls import reverse
from rest_framework import serializers as s

from accounts.permissions import Permission
from evidence import describing, members, portrait
from evidence.models import Case, Grant, Item
from evidence.timelines import Line

HASH = "SHA-256 in hex, 64 digits; empty until it is known"


class Named(s.Serializer[Any]):
    """A person."""

    id = s.UUIDField()
    name = s.CharField()


class CaseShape(s.Serializer[Any]):
    """A case."""

    id = s.UUIDField()
    number = s.CharField(help_text="RPD-2026-00017")
    title = s.CharField()
    summary = s.CharField(allow_blank=True)
    status = s.ChoiceField(["open", "closed"])
    confidential = s.BooleanField()
    lead = Named()
    unit = s.CharField(allow_blank=True, help_text="Its name")
    items = s.IntegerField(help_text="How many of those in it the person sees")
    opened_at = s.DateTimeField()
    closed_at = s.DateTimeField(allow_null=True)
    touched_at = s.DateTimeField(help_text="Last activity")
    url = s.URLField()


class CasePage(s.Serializer[Any]):
    """A page of cases."""

    results = CaseShape(many=True)
    next = s.URLField(allow_null=True)


class FilingShape(s.Serializer[Any]):
    """A case that an item is in."""

    id = s.UUIDField(help_text="Of the case")
    number = s.CharField()
    title = s.CharField()
    home = s.BooleanField()


class ItemShape(s.Serializer[Any]):
    """An item. Before it is sealed only name, state and progress are told."""

    id = s.UUIDField()
    number = s.CharField(help_text="RPD-2026-00017-012, or RPD-2026-U-000123 without a case")
    name = s.CharField()
    description = s.CharField(allow_blank=True)
    state = s.ChoiceField(Item.State.choices)
    processing = s.ChoiceField(Item.Processing.choices)
    processing_percent = s.IntegerField()
    processing_reason = s.CharField(allow_blank=True)
    kind = s.CharField(allow_blank=True, help_text="video, audio, photo, document, other")
    mime = s.CharField(allow_blank=True, help_text="Decided by content")
    bytes = s.IntegerField()
    sha256 = s.CharField(allow_blank=True, help_text=HASH)
    source_sha256 = s.CharField(allow_blank=True, help_text=HASH)
    captured_at = s.CharField(
        allow_null=True, help_text="ISO 8601 as the source says it; without an offset where its clock has no zone"
    )
    captured_zone = s.CharField(allow_blank=True, help_text="local (a clock without a zone), offset, utc, or empty")
    added_at = s.DateTimeField()
    sealed_at = s.DateTimeField(allow_null=True)
    added_by = Named()
    cases = FilingShape(many=True)
    tags = s.ListField(child=s.CharField())
    flags = s.ListField(child=s.CharField())
    url = s.URLField()


class ItemPage(s.Serializer[Any]):
    """A page of items."""

    results = ItemShape(many=True)
    next = s.URLField(allow_null=True)


class MemberShape(s.Serializer[Any]):
    """Somebody who works on a case."""

    person = Named()
    level = s.ChoiceField([level.value for level in members.Level])
    since = s.DateTimeField()


class MemberList(s.Serializer[Any]):
    """All members of a case."""

    results = MemberShape(many=True)
    next = s.URLField(allow_null=True)


class FilingList(s.Serializer[Any]):
    """All cases that an item is in."""

    results = FilingShape(many=True)
    next = s.URLField(allow_null=True)


class TagList(s.Serializer[Any]):
    """All tags of an item."""

    results = s.ListField(child=s.CharField())
    next = s.URLField(allow_null=True)


class LineShape(s.Serializer[Any]):
    """One custody entry in plain words."""

    id = s.UUIDField()
    at = s.DateTimeField()
    event = s.CharField()
    audit_class = s.CharField(help_text="CJIS AU-2")
    outcome = s.ChoiceField(["success", "refused", "failed"])
    sentence = s.CharField()
    actor = s.UUIDField(allow_null=True)
    agency = s.CharField(allow_blank=True)
    address = s.CharField(allow_blank=True)
    leaf = s.IntegerField(allow_null=True, help_text="Its index in the ledger, once it is placed")
    count = s.IntegerField(help_text="How many equal entries this line stands for")


class LinePage(s.Serializer[Any]):
    """A page of a custody timeline, newest first."""

    results = LineShape(many=True)
    next = s.URLField(allow_null=True)


class MoveShape(s.Serializer[Any]):
    """Who would gain and who would lose access by a move, by name."""

    gain = s.ListField(child=s.CharField())
    lose = s.ListField(child=s.CharField())


def case(found: Any, items: int) -> dict[str, Any]:
    """A case; `items` is how many of those in it the reader sees."""
    return {
        "id": found.id, "number": found.number, "title": found.title, "summary": found.summary,
        "status": "closed" if found.closed_at else "open", "confidential": found.confidential,
        "lead": {"id": found.lead_id, "name": found.lead.name}, "unit": found.unit.name if found.unit else "",
        "items": items, "opened_at": found.opened_at, "closed_at": found.closed_at, "touched_at": found.touched_at,
        "url": _url("case", found),
    }  # fmt: skip


def item(found: Any, may: frozenset[Permission]) -> dict[str, Any]:
    """An item as `evidence.listing.told` fetched it. `may` is what the reader's roles or grants allow."""
    shown = describing.shows(found, may)
    captured_at, captured_zone = portrait.captured(found.facts) if shown else ("", "")
    return {
        "id": found.id, "number": found.number, "name": found.name, "state": found.state,
        "processing": found.processing, "processing_percent": found.processing_percent,
        "processing_reason": found.processing_reason, "bytes": found.bytes,
        "description": found.description if shown else "", "kind": found.kind if shown else "",
        "mime": found.mime if shown else "", "sha256": found.sha256 if shown else "",
        "source_sha256": found.source_sha256 if shown else "",
        "captured_at": captured_at or None, "captured_zone": captured_zone, "added_at": found.added_at,
        "sealed_at": found.sealed_at, "added_by": {"id": found.added_by_id, "name": found.added_by.name},
        "cases": [filing(one) for one in found.seen_filings],
        "tags": [tag.word for tag in found.tags.all()] if shown else [],
        "flags": describing.flags_of(found) if shown else [], "url": _url("item", found),
    }  # fmt: skip


def filing(found: Any) -> dict[str, Any]:
    """A case that an item is in."""
    return {"id": found.case_id, "number": found.case.number, "title": found.case.title, "home": found.home}


def member(grant: Grant) -> dict[str, Any]:
    """A membership."""
    person = {"id": grant.to_person_id, "name": grant.to_person.name if grant.to_person else ""}
    return {"person": person, "level": members.level_of(grant).value, "since": grant.starts_at}


def line(found: Line) -> dict[str, Any]:
    """A line of a timeline."""
    return {
        "id": found.id, "at": found.at, "event": found.event, "audit_class": found.audit_class,
        "outcome": found.outcome, "sentence": found.sentence, "actor": found.actor, "agency": found.who,
        "address": found.address, "leaf": found.leaf, "count": found.folded,
    }  # fmt: skip


def _url(name: str, found: Case | Item) -> str:
    return settings.ADDRESS + reverse(name, args=[found.id])
