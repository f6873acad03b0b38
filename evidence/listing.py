"""Lists of cases and items as people ask for them: filters, orders, facets. Everything goes through the access rule."""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Lower

from accounts.errors import NotVisible
from accounts.permissions import Permission
from custody.actors import Actor
from evidence import access, search
from evidence.models import Case, Filing, Grant, Item, ItemAlias, Tag

CASE_SORTS = {
    "number": "number", "title": "sort_title", "lead": "lead__name", "touched": "touched_at", "opened": "opened_at",
}  # fmt: skip
ITEM_SORTS = {
    "captured": "sort_captured", "added": "added_at", "name": "sort_name", "number": "number", "bytes": "bytes",
    "type": "kind", "state": "state",
}  # fmt: skip
SORT_CHOICES = [
    ("captured", "Captured, oldest first"), ("-captured", "Captured, newest first"), ("-added", "Added, newest first"),
    ("number", "Number"), ("name", "Name"), ("-bytes", "Size, largest first"), ("type", "Type"), ("state", "State"),
]  # fmt: skip
UNFINISHED = (Item.State.RECEIVING, Item.State.RECEIVED)
KINDS = {"video": "Video", "photo": "Photo", "audio": "Audio", "document": "Document", "other": "Other"}


@dataclass(frozen=True, slots=True)
class Facet:
    """One value that a list can be narrowed to, and how many there are."""

    value: str
    label: str
    count: int
    chosen: bool


def order_by(sorts: Mapping[str, str], asked: str, default: str) -> tuple[str, tuple[str, ...]]:
    """The sort that was asked for, if there is one like it, and its columns for the keyset, the last one unique."""
    sort = asked if asked.lstrip("-") in sorts and not asked.startswith("--") else default
    sign = "-" if sort.startswith("-") else ""
    return sort, (sign + sorts[sort.lstrip("-")], sign + "id")


def cases(actor: Actor, asked: Mapping[str, str]) -> QuerySet[Any]:
    """Visible cases, narrowed by `status` (open, closed), `mine`, `number` and `q`."""
    # A confidential item in a case that is not would be told by a count of all that is in it.
    there = Filing.objects.filter(case=OuterRef("pk"), ended_at=None, item__in=access.visible_items(actor))
    count = there.order_by().values("case").annotate(n=Count("id")).values("n")
    found = (
        access.visible_cases(actor)
        .select_related("lead", "unit")
        .annotate(sort_title=Lower("title"), items=Coalesce(Subquery(count), 0))
    )
    if (status := asked.get("status", "")) in {"open", "closed"}:
        found = found.filter(closed_at__isnull=status == "open")
    if asked.get("mine"):
        found = found.filter(Exists(Grant.objects.filter(
            access.live(), on_case=OuterRef("pk"), to_person=actor.id, ground=Grant.Ground.MEMBERSHIP
        )))  # fmt: skip
    if number := asked.get("number", "").strip():
        found = found.filter(number__iexact=number)
    for word in asked.get("q", "").split()[: search.WORDS_LIMIT]:
        found = found.filter(Q(title__icontains=word) | Q(number__icontains=word))
    return found


def items_in(actor: Actor, case: Case) -> int:
    """How many items in the case the actor may see."""
    filed = Filing.objects.filter(case=case, ended_at=None).values("item")
    return access.visible_items(actor).filter(id__in=filed).count()


def items(actor: Actor, asked: Mapping[str, str], case: Case | None = None) -> QuerySet[Item]:
    """Visible items, of one case if it is given, narrowed by `number`, `type`, `state`, `tag` and `q`.

    Abandoned ones are left out unless they are asked for. Words make it a search, which is an entry.
    """
    words = asked.get("q", "").strip()
    found = _sortable(search.search(actor, words) if words else access.visible_items(actor))
    if case is not None:
        found = found.filter(id__in=Filing.objects.filter(case=case, ended_at=None).values("item"))
    if state := asked.get("state", ""):
        found = found.filter(state=state)
    else:
        found = found.exclude(state=Item.State.ABANDONED)
    if kind := asked.get("type", ""):
        found = found.filter(kind__in=["", "other"] if kind == "other" else [kind])
    if number := asked.get("number", "").strip():
        once = ItemAlias.objects.filter(number__iexact=number).values("item")
        found = found.filter(Q(number__iexact=number) | Q(id__in=once))
    if tag := asked.get("tag", ""):
        found = found.filter(id__in=Tag.objects.filter(word=tag.lower()).values("item"))
    return found


def case_named(actor: Actor, named: str) -> Case:
    """The visible case of this number or id, to narrow a list to. Raises NotVisible."""
    case_id = Case.objects.filter(number__iexact=named.strip()).values_list("id", flat=True).first()
    try:
        return access.case_for(actor, case_id or UUID(named.strip()), Permission.CASE_VIEW)
    except ValueError:
        raise NotVisible("case") from None


def uncategorised(actor: Actor) -> QuerySet[Item]:
    """Visible items of the own agency that are in no case, the abandoned ones left out."""
    filed = Filing.objects.filter(item=OuterRef("pk"), ended_at=None)
    found = _sortable(access.visible_items(actor)).filter(~Exists(filed), agency=actor.agency)
    return found.exclude(state=Item.State.ABANDONED)


def facets(actor: Actor, case: Case, asked: Mapping[str, str]) -> dict[str, list[Facet]]:
    """Counts of a case's visible items by type, state and tag. Bounded by the case."""
    filed = Filing.objects.filter(case=case, ended_at=None).values("item")
    visible = access.visible_items(actor).filter(id__in=filed)
    current = visible.exclude(state=Item.State.ABANDONED)
    kinds: dict[str, int] = {}
    for row in current.values("kind").annotate(n=Count("id")):
        kinds[row["kind"] or "other"] = kinds.get(row["kind"] or "other", 0) + row["n"]
    states = visible.values_list("state").annotate(n=Count("id")).order_by("state")
    tags = Tag.objects.filter(item__in=current).values_list("word").annotate(n=Count("id")).order_by("-n", "word")[:20]
    chosen = {name: asked.get(name, "") for name in ("type", "state", "tag")}
    return {
        "type": [Facet(k, KINDS[k], kinds[k], chosen["type"] == k) for k in KINDS if k in kinds],
        "state": [Facet(s, Item.State(s).label, n, chosen["state"] == s) for s, n in states],
        "tag": [Facet(word, word, n, chosen["tag"] == word) for word, n in tags],
    }


def unfinished(found: QuerySet[Item]) -> bool:
    """Whether anything in the list will still change by itself: a page follows it then."""
    waits = Q(state__in=UNFINISHED) | Q(state=Item.State.SEALED, processing__in=["waiting", "running"])
    return found.filter(waits).exists()


def told(actor: Actor, found: QuerySet[Item]) -> QuerySet[Any]:
    """With what one item tells beside its own row: `seen_filings` (in cases that the actor sees), tags, its people."""
    seen = Filing.objects.filter(ended_at=None, case__in=access.visible_cases(actor))
    filings = Prefetch("filings", seen.select_related("case").order_by("-home", "filed_at"), to_attr="seen_filings")
    confidential = Filing.objects.filter(item=OuterRef("pk"), ended_at=None, case__confidential=True)
    with_flag = found.annotate(in_confidential=Exists(confidential))
    return with_flag.select_related("added_by").prefetch_related(filings, "tags")


def version(rows: list[Item]) -> str:
    """A short text that changes when what a list shows of these items does."""
    shown = [(str(i.id), i.number, i.name, i.state, i.processing, i.processing_percent, i.kind, i.bytes) for i in rows]
    return sha256(repr(shown).encode()).hexdigest()[:16]


def _sortable(found: QuerySet[Item]) -> QuerySet[Any]:
    return found.select_related("added_by").annotate(
        sort_captured=Coalesce(F("captured_at"), F("added_at")), sort_name=Lower("name")
    )
