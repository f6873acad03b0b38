"""The tree as rows: its size, the hash of any aligned subtree, and growing it at its right edge."""

from collections.abc import Iterator

from django.db.models import Max

from custody.models import Checkpoint, Leaf, Node
from verifier import merkle


def size(using: str = "default") -> int:
    """How many leaves are stored."""
    found = Leaf.objects.using(using).aggregate(last=Max("index"))["last"]
    return 0 if found is None else found + 1


def node(level: int, index: int, using: str = "default") -> bytes:
    """The hash of one complete subtree. Raises DoesNotExist."""
    if level == 0:
        return bytes(Leaf.objects.using(using).values_list("digest", flat=True).get(index=index))
    return bytes(Node.objects.using(using).values_list("digest", flat=True).get(level=level, index=index))


def edge(count: int) -> Iterator[tuple[int, int]]:
    """The complete subtrees (level, index) that a tree of `count` leaves is made of, from the left."""
    start = 0
    for level in range(count.bit_length() - 1, -1, -1):
        if count >> level & 1:
            yield level, start >> level
            start += 1 << level


class Growing:
    """The right edge of the stored tree in memory, and what grows on it. `fresh` are the nodes to be stored."""

    def __init__(self, count: int, using: str = "default") -> None:
        self.size = count
        self._known = {place: node(*place, using=using) for place in edge(count)}
        self.fresh: dict[tuple[int, int], bytes] = {}

    def append(self, digest: bytes) -> None:
        """Add a leaf hash and every complete subtree that it finishes."""
        level, index = 0, self.size
        self._known[level, index] = digest
        while index & 1:
            digest = merkle.node_hash(self._known[level, index - 1], digest)
            level, index = level + 1, index >> 1
            self._known[level, index] = self.fresh[level, index] = digest
        self.size += 1

    def root(self) -> bytes:
        """The tree head over all leaves."""
        return merkle.from_nodes(lambda level, index: self._known[level, index])(0, self.size)


def newest(using: str = "default") -> Checkpoint | None:
    """The checkpoint of the largest tree that was signed."""
    return Checkpoint.objects.using(using).order_by("-size").first()
