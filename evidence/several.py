"""The same act on several items: all or none of them, each with its entry, the entries bound by one act."""

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from uuid_utils.compat import uuid7

from accounts.errors import BadInput
from custody.actors import Actor
from evidence import describing, filing

AT_ONCE = 500


def move(actor: Actor, item_ids: Sequence[UUID], *, to: UUID, reason: str) -> None:
    """Move them to another case. Raises as `filing.move` does."""
    act = uuid7()
    with transaction.atomic():
        for item_id in _some(item_ids):
            filing.move(actor, item_id, to=to, reason=reason, act=act)


def before_move(actor: Actor, item_ids: Sequence[UUID], to: UUID) -> filing.Move:
    """Who gains access to any of them, and who loses access to any."""
    moves = [filing.before_move(actor, item_id, to) for item_id in _some(item_ids)]
    gain, lose = ({name for one in moves for name in getattr(one, side)} for side in ("gain", "lose"))
    return filing.Move(moves[0].item, moves[0].case, moves[0].left, sorted(gain), sorted(lose))


def file(actor: Actor, item_ids: Sequence[UUID], case_id: UUID) -> None:
    """Put them into one more case. Raises as `filing.file` does."""
    act = uuid7()
    with transaction.atomic():
        for item_id in _some(item_ids):
            filing.file(actor, item_id, case_id, act=act)


def tag(actor: Actor, item_ids: Sequence[UUID], words: Sequence[str]) -> None:
    """Put tags on them. Raises as `describing.add_tags` does."""
    act = uuid7()
    with transaction.atomic():
        for item_id in _some(item_ids):
            describing.add_tags(actor, item_id, words, act=act)


def _some(item_ids: Sequence[UUID]) -> list[UUID]:
    """In one order for everybody, so that two who lock the same items wait for each other and never for ever."""
    if not 1 <= len(item_ids) <= AT_ONCE:
        raise BadInput(f"Choose between 1 and {AT_ONCE} items.")
    return sorted(set(item_ids))
