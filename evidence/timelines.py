"""What happened to an item or a case, as one reader may see it: which entries, which openings, in which words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from accounts.models import Person
from accounts.paging import page_of
from accounts.permissions import Permission
from custody.actors import Actor
from custody.models import Checkpoint, Entry, Subject
from evidence import access, touch
from evidence.models import Case, Item
from evidence.sight import Reader, Scope
from verifier import entry as form
from verifier.events import AuditClass, Event, audit_class, say

PAGE, GLANCE = 50, 8
_LIST = "list"
CLASSES = (
    AuditClass.ACCESS, AuditClass.CREATE, AuditClass.CHANGE, AuditClass.REMOVE, AuditClass.PERMISSION,
    AuditClass.LEDGER,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a timeline. `leaf` is None until the sequencer has placed the entry.

    Neighbours that are `alike` become one line, and `folded` counts them.
    """

    id: UUID
    at: datetime
    event: str
    audit_class: str
    outcome: str
    sentence: str
    actor: UUID | None
    who: str
    address: str
    leaf: int | None
    alike: str
    folded: int = 1

    @property
    def refused(self) -> bool:
        """Whether it was an attempt."""
        return self.outcome == "refused"


@dataclass(frozen=True, slots=True)
class Page:
    """Lines, newest first, the cursor of the next page ("" at the end), and whom the lines can be narrowed to."""

    lines: list[Line]
    cursor: str
    people: list[Person]
    classes: tuple[AuditClass, ...] = CLASSES


@dataclass(frozen=True, slots=True)
class Seal:
    """The entry that sealed an item: its place in the ledger, and the size of a checkpoint that covers it."""

    at: datetime
    leaf: int | None
    checkpoint: int | None


def of_item(actor: Actor, item_id: UUID, asked: Mapping[str, str], *, size: int = PAGE) -> tuple[Item, Page]:
    """An item's timeline, narrowed by `class`, `person`, at `cursor`. Looking is an entry, once in ten minutes."""
    item = access.item_for(actor, item_id, Permission.CUSTODY_VIEW)
    touch.item(actor, item, Event.CUSTODY_VIEWED)
    return item, _page(Reader(actor, item.agency_id), "item", item.id, asked, size)


def of_case(actor: Actor, case_id: UUID, asked: Mapping[str, str], *, size: int = PAGE) -> tuple[Case, Page]:
    """A case's timeline. Entries about items in it that the reader may not see are told without names."""
    case = access.case_for(actor, case_id, Permission.CUSTODY_VIEW)
    touch.case(actor, case, Event.CUSTODY_VIEWED)
    return case, _page(Reader(actor, case.agency_id), "case", case.id, asked, size)


def glance(actor: Actor, item: Item) -> Page:
    """The newest lines for the item's own page, whose opening is the entry. The caller has fetched the item."""
    return _page(Reader(actor, item.agency_id), "item", item.id, {}, GLANCE)


def seal_of(item: Item) -> Seal | None:
    """The sealing entry's proof, if the item is sealed."""
    entry = (
        Entry.objects.filter(event=Event.ITEM_SEALED, subjects__kind="item", subjects__object_id=item.id)
        .select_related("leaf").order_by("-at").first()
    )  # fmt: skip
    if entry is None:
        return None
    leaf = entry.leaf.index if hasattr(entry, "leaf") else None
    covers = None if leaf is None else Checkpoint.objects.filter(size__gt=leaf).order_by("size").first()
    return Seal(entry.at, leaf, covers.size if covers else None)


def _page(reader: Reader, kind: str, object_id: UUID, asked: Mapping[str, str], size: int) -> Page:
    subjects = Subject.objects.filter(kind=kind, object_id=object_id)
    narrowed = subjects
    if (chosen := asked.get("class", "")) in set(AuditClass):
        events = [event.value for event in Event if audit_class(event) == chosen]
        narrowed = narrowed.filter(entry__event__in=events)
    if person := _uuid(asked.get("person", "")):
        narrowed = narrowed.filter(entry__actor_id=person)
    fetched = narrowed.select_related("entry", "entry__leaf").prefetch_related("entry__openings", "entry__subjects")
    rows, cursor = page_of(fetched, asked.get("cursor", ""), order=("-at", "-entry_id"), size=size)
    entries = [row.entry for row in rows if not reader.leaves_out(row.entry)]
    scope = reader.scope((one.kind, one.object_id) for entry in entries for one in entry.subjects.all())
    lines = [_line(reader, entry, scope) for entry in entries]
    return Page(list(_folded(line for line in lines if line is not None)), cursor, _people(reader, subjects))


def _line(reader: Reader, entry: Entry, scope: Scope) -> Line | None:
    opened = reader.opened(entry, scope)
    if entry.event == Event.READING_CLOSED and opened.get("purpose") == _LIST:
        return None  # a grid's pictures: its opening says it all
    sentence = say(form.parse(bytes(entry.body)), opened)
    # A grid that fills asks for its pictures again and again: looking at it is one line, however many it had grown to.
    grid = entry.event == Event.READING_OPENED and opened.get("purpose") == _LIST
    return Line(
        id=entry.id, at=entry.at, event=entry.event, audit_class=_class(entry.event), outcome=entry.outcome,
        sentence=sentence, alike=f"{_LIST} {entry.actor_id}" if grid else sentence, actor=entry.actor_id if reader.member else None,
        who=opened.get("actor_agency", ""), address=opened.get("claimed") or opened.get("peer", ""),
        leaf=entry.leaf.index if hasattr(entry, "leaf") else None,
    )  # fmt: skip


def _folded(lines: Iterable[Line]) -> Iterable[Line]:
    """Neighbours that are alike become one line, the newest, that counts them."""
    kept: Line | None = None
    for line in lines:
        if kept and (kept.alike, kept.address, kept.outcome) == (line.alike, line.address, line.outcome):
            kept = replace(kept, folded=kept.folded + 1)
            continue
        if kept:
            yield kept
        kept = line
    if kept:
        yield kept


def _people(reader: Reader, subjects: QuerySet[Subject]) -> list[Person]:
    ids = subjects.exclude(entry__actor_id=None).values("entry__actor_id")
    people = Person.objects.filter(id__in=ids)
    if not reader.member:
        people = people.filter(agency=reader.actor.agency)
    return list(people.order_by("name")[:100])


def _class(event: str) -> str:
    return audit_class(Event(event)).value if event in set(Event) else ""


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
