"""Merkle trees of RFC 9162: hashes of leaves and nodes, root, inclusion and consistency proofs."""

from collections.abc import Callable, Sequence
from hashlib import sha256

from verifier.errors import NotConsistent, NotInTree

EMPTY_ROOT = sha256(b"").digest()

Subtree = Callable[[int, int], bytes]


def leaf_hash(record: bytes) -> bytes:
    """SHA-256(0x00 ‖ leaf), RFC 9162 2.1.1."""
    return sha256(b"\x00" + record).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """SHA-256(0x01 ‖ left ‖ right), RFC 9162 2.1.1."""
    return sha256(b"\x01" + left + right).digest()


def root(leaves: Sequence[bytes]) -> bytes:
    """The tree head over leaf hashes."""
    return over(leaves)(0, len(leaves))


def inclusion_proof(index: int, size: int, subtree: Subtree) -> list[bytes]:
    """The audit path of leaf `index` in the tree of `size` leaves (RFC 9162 2.1.3.1), from the leaf upwards.

    `subtree(start, end)` gives the hash over leaf hashes start..end-1; a store answers it from its kept nodes
    (whole subtrees are aligned; the right edge may be ragged).
    """
    if not 0 <= index < size:
        raise NotInTree(leaf=index)
    path: list[bytes] = []
    start, end = 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            path.append(subtree(middle, end))
            end = middle
        else:
            path.append(subtree(start, middle))
            start = middle
    return path[::-1]


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], expected_root: bytes) -> None:
    """RFC 9162 2.1.3.2. `leaf` is a leaf hash. Raises NotInTree."""
    if not 0 <= index < size:
        raise NotInTree(leaf=index)
    position, last, found = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            raise NotInTree(leaf=index)
        if position & 1 or position == last:
            found = node_hash(sibling, found)
            while position and not position & 1:
                position, last = position >> 1, last >> 1
        else:
            found = node_hash(found, sibling)
        position, last = position >> 1, last >> 1
    if last or found != expected_root:
        raise NotInTree(leaf=index)


def consistency_proof(old: int, new: int, subtree: Subtree) -> list[bytes]:
    """That the tree of `new` leaves begins with the tree of `old` (RFC 9162 2.1.4.1). Empty when old is 0 or new."""
    if not 0 <= old <= new:
        raise NotConsistent
    path: list[bytes] = []
    start, end, whole = 0, new, True
    while 0 < old < end:
        middle = start + _split(end - start)
        if old <= middle:
            path.append(subtree(middle, end))
            end = middle
        else:
            path.append(subtree(start, middle))
            start, whole = middle, False
    if old and not whole:
        path.append(subtree(start, end))
    return path[::-1]


def verify_consistency(old: int, old_root: bytes, new: int, new_root: bytes, proof: Sequence[bytes]) -> None:
    """RFC 9162 2.1.4.2. Raises NotConsistent."""
    if old in (new, 0):
        expected = new_root if old == new else EMPTY_ROOT
        if proof or old_root != expected or not 0 <= old <= new:
            raise NotConsistent
        return
    path = [old_root, *proof] if old & (old - 1) == 0 else list(proof)
    if not path or not 0 < old < new:
        raise NotConsistent
    if _rebuilt(old, new, path) != (old_root, new_root):
        raise NotConsistent


def _rebuilt(old: int, new: int, path: Sequence[bytes]) -> tuple[bytes, bytes] | None:
    """Both roots from one path, or None when its length can't be right."""
    position, last = old - 1, new - 1
    while position & 1:
        position, last = position >> 1, last >> 1
    before = after = path[0]
    for sibling in path[1:]:
        if last == 0:
            return None
        if position & 1 or position == last:
            before, after = node_hash(sibling, before), node_hash(sibling, after)
            while position and not position & 1:
                position, last = position >> 1, last >> 1
        else:
            after = node_hash(after, sibling)
        position, last = position >> 1, last >> 1
    return None if last else (before, after)


def _split(size: int) -> int:
    """The largest power of two smaller than size."""
    return 1 << (size - 1).bit_length() - 1


def over(leaves: Sequence[bytes]) -> Subtree:
    """A `Subtree` over leaf hashes in memory."""
    kept: dict[tuple[int, int], bytes] = {}

    def subtree(start: int, end: int) -> bytes:
        if end == start:
            return EMPTY_ROOT
        if end - start == 1:
            return leaves[start]
        if (start, end) not in kept:
            middle = start + _split(end - start)
            kept[start, end] = node_hash(subtree(start, middle), subtree(middle, end))
        return kept[start, end]

    return subtree


def from_nodes(node: Callable[[int, int], bytes]) -> Subtree:
    """A `Subtree` over kept hashes of complete subtrees: `node(level, index)`, level 0 being leaf hashes."""

    def subtree(start: int, end: int) -> bytes:
        width = end - start
        if width == 0:
            return EMPTY_ROOT
        if width & (width - 1) == 0 and start % width == 0:
            level = width.bit_length() - 1
            return node(level, start >> level)
        middle = start + _split(width)
        return node_hash(subtree(start, middle), subtree(middle, end))

    return subtree
