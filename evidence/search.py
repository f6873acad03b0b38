"""Finding items by words and numbers: one document an item, updated in the transaction that changes what it says.

Words are cut here and not by PostgreSQL's parser, which would take a file's name for a host and a number for a date.
"""

import re
import unicodedata
from collections.abc import Iterable
from typing import Any
from uuid import UUID, uuid5

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.search import SearchQuery, SearchVectorField
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Func, Prefetch, Q, QuerySet, TextField, Value
from django.db.models.expressions import Combinable
from django.db.models.sql.compiler import SQLCompiler

from custody.actors import Actor
from custody.recording import Subject
from evidence import access, touch
from evidence.models import Case, Filing, Item, SearchDocument
from verifier.events import Event

WORDS_LIMIT, LEXEME_LIMIT, DOCUMENT_LIMIT = 12, 100, 2000
_NUMBER = re.compile(r"[a-z0-9]+-\d{4}-[a-z0-9-]+")  # RPD-2026-00017, and whatever begins like it
_SEARCHES = UUID("0197f0f4-0b5e-7000-8000-5ea2c4000000")  # a name space of our own for words searched for
_WORD = re.compile(r"[^\W_]+")
_CAMERA = ("make", "model", "camera_make", "camera_model", "camera")


class _Lexemes(SearchQuery):
    """A query of ready lexemes: `to_tsquery` would send them through the parser and cut the numbers apart."""

    def __init__(self, lexemes: str) -> None:
        self.lexemes = lexemes
        super().__init__(lexemes, search_type="raw")

    def as_sql(
        self,
        compiler: SQLCompiler,  # noqa: ARG002 - as above
        connection: BaseDatabaseWrapper,  # noqa: ARG002 - as above
        function: str | None = None,  # noqa: ARG002 - as above
        template: str | None = None,  # noqa: ARG002 - as above
        arg_joiner: str | None = None,  # noqa: ARG002 - as above
        **extra_context: Any,  # noqa: ARG002 - as above
    ) -> tuple[str, tuple[str | int, ...]]:
        """A cast, which reads quoted lexemes as they are."""
        return "%s::tsquery", [self.lexemes]  # type: ignore[return-value]  # Django adds lists, the stubs say tuple


def index(item: Item) -> None:
    """Write the item's document anew. Needs the transaction of the change."""
    index_items(Item.objects.filter(id=item.id))


def index_case(case: Case) -> None:
    """Write the documents of all items in the case anew: its number or title changed."""
    index_items(Item.objects.filter(filings__case=case, filings__ended_at=None))


def index_items(items: QuerySet[Item]) -> None:
    """Write the documents of these items anew."""
    filings = Prefetch("filings", Filing.objects.filter(ended_at=None).select_related("case"))
    # In one order for everybody, so that two who write the same documents wait for each other and never for ever.
    found = items.order_by("id").select_related("added_by").prefetch_related(filings, "aliases", "tags")
    documents = [SearchDocument(item=item, words=_vector(_lexemes(_texts(item)))) for item in found]
    SearchDocument.objects.bulk_create(
        documents, batch_size=200, update_conflicts=True, unique_fields=["item"], update_fields=["words"]
    )


def clear(item: Item) -> None:
    """Leave nothing to find. For disposition."""
    SearchDocument.objects.filter(item=item).delete()


def matching(items: QuerySet[Item], words: str) -> QuerySet[Item]:
    """Those of the items that hold every word, each as the beginning of one of theirs; a number as it is written."""
    query = _query(words)
    if not query:
        return items.none()
    return items.filter(document__words=_Lexemes(query))


def search(actor: Actor, words: str) -> QuerySet[Item]:
    """What the actor may see and the words find, as a query still to be ordered and cut.

    Writes the entry: one for the same words of a session in ten minutes, however many pages are turned.
    """
    tidied = " ".join(words.split())[:400]
    touch.once(
        actor, Event.SEARCHED, owner=actor.agency, subjects=[Subject("person", actor.id)] if actor.id else [],
        fields={"words": tidied}, thing=uuid5(_SEARCHES, tidied.casefold()),
    )  # fmt: skip
    return matching(access.visible_items(actor), tidied)


def cases_named(actor: Actor, words: str) -> QuerySet[Case]:
    """The visible cases whose number begins so or whose title holds every word."""
    titled = Q()
    for word in words.split()[:WORDS_LIMIT]:
        titled &= Q(title__icontains=word)
    if not titled:
        return Case.objects.none()
    return access.visible_cases(actor).filter(Q(number__istartswith=words.strip()) | titled).order_by("-touched_at")


def _texts(item: Item) -> Iterable[str]:
    yield from (item.number, item.name, item.description, item.added_by.name, item.kind)
    yield from (alias.number for alias in item.aliases.all())
    yield from (tag.word for tag in item.tags.all())
    for filing in item.filings.all():
        # Whoever sees the item by another case must not learn by searching that it is in a confidential one.
        if not filing.case.confidential:
            yield from (filing.case.number, filing.case.title)
    for name in _CAMERA:
        fact = item.facts.get(name)
        yield str(fact.get("value", "") if isinstance(fact, dict) else fact or "")


def _folded(text: str) -> str:
    """Without case and accents, so that `muller` finds Müller."""
    parts = unicodedata.normalize("NFKD", text)
    return "".join(part for part in parts if not unicodedata.combining(part)).casefold()


def _lexemes(texts: Iterable[str]) -> list[str]:
    found: dict[str, None] = {}
    for text in map(_folded, texts):
        for word in (*_WORD.findall(text), *_NUMBER.findall(text)):
            found[word[:LEXEME_LIMIT]] = None
            if len(found) >= DOCUMENT_LIMIT:
                break
    return list(found)


def _vector(lexemes: list[str]) -> Combinable:
    words = Value(lexemes, output_field=ArrayField(TextField()))
    return Func(words, function="array_to_tsvector", output_field=SearchVectorField())


def _query(words: str) -> str:
    wanted: list[str] = []
    for word in _folded(words).split():
        wanted += [word] if _NUMBER.fullmatch(word) else _WORD.findall(word)
    # Only letters, digits and hyphens come this far, so nothing needs escaping inside the quotes.
    return " & ".join(f"'{word[:LEXEME_LIMIT]}':*" for word in wanted[:WORDS_LIMIT])
