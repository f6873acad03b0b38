import pytest
from pymerkle import InmemoryTree

from custody import proofs, tree
from custody.errors import TreeDiffers
from custody.models import Leaf
from custody.sequencing import sequence
from verifier import merkle


@pytest.fixture
def leaves(write) -> list[Leaf]:
    for _ in range(21):
        write()
        sequence()
    return list(Leaf.objects.order_by("index"))


def test_they_prove_every_leaf_in_every_tree_as_another_library_does(leaves):
    other = InmemoryTree(algorithm="sha256")
    for size, leaf in enumerate(leaves, 1):
        other.append_entry(bytes(leaf.record))
        paths = proofs.inclusion(range(size), size)
        for index in range(size):
            theirs = other.prove_inclusion(index + 1, size).path
            assert [merkle.leaf_hash(bytes(leaves[index].record)), *paths[index]] == theirs


def test_the_signed_root_is_the_other_librarys_too(leaves):
    other = InmemoryTree(algorithm="sha256")
    for leaf in leaves:
        other.append_entry(bytes(leaf.record))

    newest = tree.newest()
    assert newest
    assert other.get_root() == bytes(newest.root)


def test_many_proofs_take_two_queries(leaves, django_assert_num_queries):
    with django_assert_num_queries(2):
        proofs.inclusion(range(21), 21)


def test_a_node_that_is_not_stored_is_named(leaves):
    with pytest.raises(TreeDiffers, match="level 9"):
        proofs.nodes([(9, 0)])
