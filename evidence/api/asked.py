"""What the API takes: the bodies and the words of a query, as the OpenAPI document shows them."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers as s

from evidence.cases import REASON_LIMIT, TITLE_LIMIT
from evidence.describing import DESCRIPTION_LIMIT, FLAGS, NAME_LIMIT, TAG_LIMIT
from evidence.listing import CASE_SORTS, ITEM_SORTS
from evidence.members import Level


def word(name: str, says: str, **more: Any) -> OpenApiParameter:
    """A word of the query."""
    return OpenApiParameter(name, OpenApiTypes.STR, description=says, **more)


CURSOR = word("cursor", "Where the page begins; taken from `next` of the page before.")
CASE_QUERY = [
    CURSOR, word("status", "Open or closed ones only.", enum=["open", "closed"]),
    word("mine", "1: only cases that the person is a member of."), word("number", "Exactly this case number."),
    word("q", "Words in number or title."),
    word("sort", f"One of {', '.join(CASE_SORTS)}; with a minus, descending."),
]  # fmt: skip
ITEM_QUERY = [
    CURSOR, word("case", "Only items in this case: its id or number."),
    word("q", "Words or a number. Asking so is a search, which the ledger keeps."),
    word("number", "Exactly this number, or one that the item once had."),
    word("type", "video, audio, photo, document or other."), word("state", "A state, such as sealed."),
    word("tag", "A tag."), word("sort", f"One of {', '.join(ITEM_SORTS)}; with a minus, descending."),
]  # fmt: skip
CUSTODY_QUERY = [
    CURSOR, word("class", "Only events of this class of CJIS AU-2."), word("person", "Only what this person (id) did."),
]  # fmt: skip


class NewCase(s.Serializer[Any]):
    """A case to be opened."""

    title = s.CharField(max_length=TITLE_LIMIT)
    summary = s.CharField(required=False, allow_blank=True, default="")
    lead = s.UUIDField(required=False, allow_null=True, default=None, help_text="A person; else who opens it")
    unit = s.UUIDField(required=False, allow_null=True, default=None, help_text="Else the lead's")
    confidential = s.BooleanField(required=False, default=False)


class CaseChanges(s.Serializer[Any]):
    """What to change of a case."""

    title = s.CharField(max_length=TITLE_LIMIT, required=False)
    summary = s.CharField(required=False, allow_blank=True)
    lead = s.UUIDField(required=False)
    unit = s.UUIDField(required=False)
    confidential = s.BooleanField(required=False)


class Reason(s.Serializer[Any]):
    """Why."""

    reason = s.CharField(max_length=REASON_LIMIT)


class NewMember(s.Serializer[Any]):
    """A person and how much."""

    person = s.UUIDField()
    level = s.ChoiceField([level.value for level in Level])


class ItemChanges(s.Serializer[Any]):
    """What to change of an item."""

    name = s.CharField(max_length=NAME_LIMIT, required=False)
    description = s.CharField(max_length=DESCRIPTION_LIMIT, required=False, allow_blank=True)


class Flag(s.Serializer[Any]):
    """A flag to set or lift."""

    flag = s.ChoiceField(list(FLAGS))
    on = s.BooleanField()


class Tags(s.Serializer[Any]):
    """Tags to add."""

    tags = s.ListField(child=s.CharField(max_length=TAG_LIMIT), min_length=1, max_length=50)


class OneTag(s.Serializer[Any]):
    """A tag to remove."""

    tag = s.CharField(max_length=TAG_LIMIT)


class IntoCase(s.Serializer[Any]):
    """A case by id or number."""

    case = s.CharField(max_length=60, help_text="Its id or number")


class Moving(IntoCase):
    """Where to, and why."""

    reason = s.CharField(max_length=REASON_LIMIT)
