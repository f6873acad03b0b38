"""Which of an entry's fields one reader may see: the rule of timelines and bundles alike.

A member (of the agency that owns what was touched, let in by the access rule) sees both sides. A partner or guest sees
the object side, and of actors their own agency's people by name. What an entry says of several items opens only to
those who may see all of them. docs/security-model.md tells it in words.
"""

from collections.abc import Iterable
from uuid import UUID

from custody.actors import Actor
from custody.models import Entry
from evidence import access
from verifier.layout import WithheldRule

_OWN_PEOPLE = frozenset({"actor_name", "actor_agency"})
_ITEM_ID = "subject_"  # of several items each id is a field of its own


class Reader:
    """One who reads entries about what an agency owns. The access rule has let them so far."""

    def __init__(self, actor: Actor, owner: UUID) -> None:
        self.actor, self.member = actor, actor.agency == owner

    def leaves_out(self, entry: Entry) -> bool:
        """Partners and guests don't see other people's refused attempts."""
        return not self.member and entry.outcome == "refused" and entry.actor_id != self.actor.id

    def seen(self, entries: Iterable[Entry]) -> set[UUID]:
        """The items among the entries' subjects that the reader may see."""
        return self.visible({one.object_id for entry in entries for one in entry.subjects.all() if one.kind == "item"})

    def visible(self, items: Iterable[UUID]) -> set[UUID]:
        """Those of the items that the reader may see."""
        return set(access.visible_items(self.actor).filter(id__in=items).values_list("id", flat=True))

    def closed(self, entry: Entry, seen: set[UUID]) -> dict[str, WithheldRule]:
        """The names of the fields that stay closed, each with the rule. `seen` are the items that the reader may see."""
        covered = all(one.object_id in seen for one in entry.subjects.all() if one.kind == "item")
        own = entry.actor_agency is not None and entry.actor_agency == self.actor.agency
        found = {}
        for one in entry.openings.all():
            if one.side == "actor":
                if not (self.member or (own and one.name in _OWN_PEOPLE)):
                    found[one.name] = WithheldRule.OTHER_AGENCY
            elif not (covered or (one.name.startswith(_ITEM_ID) and UUID(one.value) in seen)):
                found[one.name] = WithheldRule.NOT_COVERED
        return found

    def opened(self, entry: Entry, seen: set[UUID]) -> dict[str, str]:
        """The fields that the reader may see, by name."""
        closed = self.closed(entry, seen)
        return {one.name: one.value for one in entry.openings.all() if one.name not in closed}
