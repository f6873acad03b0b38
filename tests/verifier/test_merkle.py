from hashlib import sha256

import pymerkle
import pytest

from verifier import merkle
from verifier.errors import NotConsistent, NotInTree

RECORDS = [bytes([number]) * 3 for number in range(35)]
LEAVES = [merkle.leaf_hash(one) for one in RECORDS]


def test_the_root_of_nothing_is_the_hash_of_nothing():
    assert merkle.root([]) == sha256(b"").digest()


@pytest.mark.parametrize("size", [1, 2, 3, 7, 8, 13, 32, 35])
def test_its_roots_are_those_of_another_implementation(size):
    other = pymerkle.InmemoryTree(algorithm="sha256")
    for record in RECORDS[:size]:
        other.append_entry(record)
    assert merkle.root(LEAVES[:size]) == other.get_root()


def test_every_leaf_of_every_tree_is_proven_to_be_in_it():
    for size in range(1, 36):
        root, subtree = merkle.root(LEAVES[:size]), merkle.over(LEAVES[:size])
        for index in range(size):
            proof = merkle.inclusion_proof(index, size, subtree)
            merkle.verify_inclusion(LEAVES[index], index, size, proof, root)


def test_every_tree_is_proven_to_begin_with_every_earlier_one():
    for new in range(36):
        for old in range(new + 1):
            proof = merkle.consistency_proof(old, new, merkle.over(LEAVES[:new]))
            merkle.verify_consistency(old, merkle.root(LEAVES[:old]), new, merkle.root(LEAVES[:new]), proof)


def test_kept_nodes_give_the_same_proofs_as_the_leaves():
    def node(level, index):
        return merkle.root(LEAVES[index << level : (index + 1) << level])

    for index in range(35):
        kept = merkle.inclusion_proof(index, 35, merkle.from_nodes(node))
        assert kept == merkle.inclusion_proof(index, 35, merkle.over(LEAVES))


@pytest.mark.parametrize("spoil", ["leaf", "index", "shorter", "longer", "swapped", "size", "outside", "below"])
def test_it_refuses_an_inclusion_that_is_not_exactly_right(spoil):
    leaf, index, size, root = LEAVES[11], 11, 35, merkle.root(LEAVES)
    proof = merkle.inclusion_proof(index, size, merkle.over(LEAVES))
    tried = {
        "leaf": (LEAVES[12], index, size, proof),
        "index": (leaf, 10, size, proof),
        "shorter": (leaf, index, size, proof[:-1]),
        "longer": (leaf, index, size, [*proof, LEAVES[0]]),
        "swapped": (leaf, index, size, [proof[1], proof[0], *proof[2:]]),
        "size": (leaf, index, 100, proof),
        "outside": (leaf, 35, size, proof),
        "below": (leaf, -1, size, proof),
    }
    with pytest.raises(NotInTree):
        merkle.verify_inclusion(*tried[spoil], root)


@pytest.mark.parametrize("old", [0, 1, 5, 8, 35])
def test_it_refuses_a_tree_that_forgot_or_changed_something(old):
    proof = merkle.consistency_proof(old, 35, merkle.over(LEAVES))
    other = merkle.root([*LEAVES[:-1], merkle.leaf_hash(b"forged")]) if old == 35 else b"\x00" * 32
    with pytest.raises(NotConsistent):
        merkle.verify_consistency(old, other, 35, merkle.root(LEAVES), proof)


@pytest.mark.parametrize("proof", [[], [LEAVES[0]], [LEAVES[0]] * 12])
def test_it_refuses_a_consistency_proof_of_the_wrong_length(proof):
    with pytest.raises(NotConsistent):
        merkle.verify_consistency(5, merkle.root(LEAVES[:5]), 35, merkle.root(LEAVES), proof)


def test_it_refuses_a_tree_that_shrank():
    with pytest.raises(NotConsistent):
        merkle.verify_consistency(35, merkle.root(LEAVES), 34, merkle.root(LEAVES[:34]), [])
