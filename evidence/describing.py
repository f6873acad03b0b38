"""What people say about an item: its name, a description, tags and flags. None of it touches the file."""

from collections.abc import Iterable
from uuid import UUID

from django.db import transaction

from accounts.permissions import Permission
from custody.actors import Actor
from custody.recording import record
from evidence import access, search
from evidence.about import about
from evidence.errors import NeedsText, UnknownFlag
from evidence.models import Item, Tag
from evidence.standing import person_of
from verifier.events import Event

NAME_LIMIT, DESCRIPTION_LIMIT, TAG_LIMIT = 255, 10_000, 60
# Flags that people set. `held` belongs to retention, `malware` to the scanner.
FLAGS = {"confidential": "confidential", "do_not_disclose": "do not disclose", "sensitive": "sensitive"}
ALL_FLAGS = FLAGS | {"held": "on hold", "malware": "malware", "was_quarantined": "was in quarantine"}


def describe(actor: Actor, item_id: UUID, *, name: str | None = None, description: str | None = None) -> Item:
    """Change the name or the description; None leaves it. Nothing changed writes nothing.

    The name at the source stays in the ledger and in the vault's facts. Raises NotVisible, NotAllowed, NeedsText.
    """
    with transaction.atomic():
        item = access.item_for(actor, item_id, Permission.ITEM_DESCRIBE, lock=True)
        said = []
        if name is not None and (tidied := _text("The name", name, NAME_LIMIT)) != item.name:
            said.append(f"name from “{item.name}” to “{tidied}”")
            item.name = tidied
        if description is not None and (tidied := _body(description)) != item.description:
            said.append(f"description to “{tidied}”" if tidied else "description removed")
            item.description = tidied
        if said:
            item.save(update_fields=["name", "description"])
            _tell(actor, Event.ITEM_DESCRIBED, item, changed="; ".join(said)[:4000])
    return item


def add_tags(actor: Actor, item_id: UUID, words: Iterable[str], *, act: UUID | None = None) -> list[str]:
    """Put tags on the item; those that it has already change nothing. Returns all its tags."""
    with transaction.atomic():
        item = access.item_for(actor, item_id, Permission.ITEM_DESCRIBE, lock=True)
        had = set(tags_of(item))
        new = sorted({_tag(word) for word in words} - had)
        if new:
            Tag.objects.bulk_create(Tag(item=item, word=word, added_by_id=person_of(actor)) for word in new)
            _tell(actor, Event.ITEM_TAGGED, item, act, tag=", ".join(new))
        return tags_of(item)


def remove_tag(actor: Actor, item_id: UUID, word: str) -> list[str]:
    """Take a tag off the item; one that it hasn't changes nothing. Returns those that are left."""
    with transaction.atomic():
        item = access.item_for(actor, item_id, Permission.ITEM_DESCRIBE, lock=True)
        gone, _ = Tag.objects.filter(item=item, word=_tag(word)).delete()
        if gone:
            _tell(actor, Event.ITEM_TAGGED, item, tag=_tag(word), changed="removed")
        return tags_of(item)


def flag(actor: Actor, item_id: UUID, name: str, *, on: bool) -> Item:
    """Set or lift a flag. `confidential` takes the item out of the reach of grants on a unit, and back.

    Raises NotVisible, NotAllowed, UnknownFlag.
    """
    if name not in FLAGS:
        raise UnknownFlag(flag=name[:40])
    with transaction.atomic():
        item = access.item_for(actor, item_id, Permission.ITEM_DESCRIBE, lock=True)
        if getattr(item, name) != on:
            setattr(item, name, on)
            item.save(update_fields=[name])
            _tell(actor, Event.ITEM_FLAGGED, item, changed=f"{FLAGS[name]} {'set' if on else 'lifted'}")
    return item


def tags_of(item: Item) -> list[str]:
    """The item's tags in alphabetical order."""
    return list(Tag.objects.filter(item=item).order_by("word").values_list("word", flat=True))


def flags_of(item: Item) -> list[str]:
    """The names of the flags that are set; confidential also when a case of it is."""
    flags = [name for name in ALL_FLAGS if getattr(item, name)]
    inherited = item.in_confidential if hasattr(item, "in_confidential") else access.is_confidential(item)
    if "confidential" not in flags and inherited:
        flags.insert(0, "confidential")
    return flags


def shows(item: Item, may: frozenset[Permission]) -> bool:
    """Whether more than name, state and progress is shown: once sealed; in quarantine to who may look into it."""
    if item.state == Item.State.QUARANTINED:
        return Permission.QUARANTINE_VIEW in may
    return item.state == Item.State.SEALED


def _tell(actor: Actor, event: Event, item: Item, act: UUID | None = None, **fields: str) -> None:
    search.index(item)
    told = {"number": item.number, "name": item.name, **fields}
    record(actor, event, owner=item.agency_id, subjects=about(item), fields=told, act=act)


def _tag(word: str) -> str:
    return _text("A tag", word.replace(",", " "), TAG_LIMIT).lower()


def _text(what: str, text: str, limit: int) -> str:
    tidied = " ".join("".join(char for char in text if char.isprintable() or char.isspace()).split())
    if not 1 <= len(tidied) <= limit:
        raise NeedsText(what=what, limit=limit)
    return tidied


def _body(text: str) -> str:
    tidied = text.replace("\r\n", "\n").replace("\0", "").strip()
    if len(tidied) > DESCRIPTION_LIMIT:
        raise NeedsText(what="The description", limit=DESCRIPTION_LIMIT)
    return tidied
