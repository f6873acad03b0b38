"""Inclusion proofs out of stored nodes, for many leaves with two queries."""

from collections.abc import Iterable, Sequence

from django.db import connection

from custody.errors import TreeDiffers
from custody.models import Leaf
from verifier import merkle

Place = tuple[int, int]  # level and index of a complete subtree


def inclusion(indexes: Sequence[int], size: int) -> dict[int, list[bytes]]:
    """For each leaf its audit path in the tree of `size` leaves, from the leaf upwards (RFC 9162 2.1.3.1)."""
    wanted: set[Place] = set()

    def note_down(level: int, index: int) -> bytes:
        wanted.add((level, index))
        return b""

    for index in indexes:
        merkle.inclusion_proof(index, size, merkle.from_nodes(note_down))
    known = nodes(wanted)
    subtree = merkle.from_nodes(lambda level, index: known[level, index])
    return {index: merkle.inclusion_proof(index, size, subtree) for index in indexes}


def nodes(places: Iterable[Place]) -> dict[Place, bytes]:
    """The hashes of complete subtrees. Raises TreeDiffers when one isn't stored."""
    wanted = set(places)
    leaves = [index for level, index in wanted if level == 0]
    higher = [place for place in wanted if place[0] > 0]
    rows = Leaf.objects.filter(index__in=leaves).values_list("index", "digest")
    found = {(0, index): bytes(digest) for index, digest in rows}
    with connection.cursor() as cursor:
        cursor.execute(
            'SELECT n.level, n."index", n.digest FROM unnest(%s::int[], %s::bigint[]) AS w(level, place)'
            ' JOIN custody_node n ON n.level = w.level AND n."index" = w.place',
            [[level for level, _ in higher], [index for _, index in higher]],
        )
        found |= {(level, index): bytes(digest) for level, index, digest in cursor.fetchall()}
    if missing := wanted - found.keys():
        level, index = min(missing)
        raise TreeDiffers(size="any", why=f"node {index} of level {level} is missing")
    return found
