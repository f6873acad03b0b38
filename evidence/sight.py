"""Which of an entry's fields one reader may see: the rule of timelines and bundles alike.

A member (of the agency that owns what was touched, let in by the access rule) sees both sides. A partner or guest sees
the object side, and of actors their own agency's people by name. What an entry says of several items opens only to
those who may see all of them, and a confidential case is named only to those who may see it.
docs/architecture.md tells it in words.
"""

from collections.abc import Iterable
from typing import NamedTuple
from uuid import UUID

from custody.actors import Actor
from custody.models import Entry
from evidence import access
from evidence.models import Case
from verifier.layout import WithheldRule

_OWN_PEOPLE = frozenset({"actor_name", "actor_agency"})
_ITEM_ID = "subject_"  # of several items each id is a field of its own
_OF_A_CASE = frozenset({"case_number", "title", "from_number", "to_number"})


class Scope(NamedTuple):
    """Of what entries are about: the items that the reader may see, and the confidential cases that it may not."""

    items: frozenset[UUID]
    hidden: frozenset[UUID]


class Reader:
    """One who reads entries about what an agency owns. The access rule has let them so far."""

    def __init__(self, actor: Actor, owner: UUID) -> None:
        self.actor, self.member = actor, actor.agency == owner

    def leaves_out(self, entry: Entry) -> bool:
        """Partners and guests don't see other people's refused attempts."""
        return not self.member and entry.outcome == "refused" and entry.actor_id != self.actor.id

    def scope(self, subjects: Iterable[tuple[str, UUID]]) -> Scope:
        """What the reader may see of these (kind, id)."""
        wanted: dict[str, set[UUID]] = {"item": set(), "case": set()}
        for kind, object_id in subjects:
            wanted.setdefault(kind, set()).add(object_id)
        items = access.visible_items(self.actor).filter(id__in=wanted["item"])
        hidden = Case.objects.filter(id__in=wanted["case"], confidential=True).exclude(
            id__in=access.visible_cases(self.actor).values("id")
        )
        return Scope(*(frozenset(found.values_list("id", flat=True)) for found in (items, hidden)))

    def closed(self, entry: Entry, scope: Scope) -> dict[str, WithheldRule]:
        """The names of the fields that stay closed, each with the rule."""
        subjects = entry.subjects.all()
        covered = all(one.object_id in scope.items for one in subjects if one.kind == "item")
        hides = any(one.object_id in scope.hidden for one in subjects)
        own = entry.actor_agency is not None and entry.actor_agency == self.actor.agency
        found = {}
        for one in entry.openings.all():
            if one.side == "actor":
                if not (self.member or (own and one.name in _OWN_PEOPLE)):
                    found[one.name] = WithheldRule.OTHER_AGENCY
            elif one.name.startswith(_ITEM_ID):
                if UUID(one.value) not in scope.items:
                    found[one.name] = WithheldRule.NOT_COVERED
            elif not covered or (hides and one.name in _OF_A_CASE):
                found[one.name] = WithheldRule.NOT_COVERED
        return found

    def opened(self, entry: Entry, scope: Scope) -> dict[str, str]:
        """The fields that the reader may see, by name."""
        closed = self.closed(entry, scope)
        return {one.name: one.value for one in entry.openings.all() if one.name not in closed}
