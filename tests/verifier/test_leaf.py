import pytest

from verifier.errors import Malformed
from verifier.leaf import NO_PREVIOUS, LeafRecord, Link

DIGEST = bytes(range(32))


def test_its_bytes_are_those_of_the_format():
    raw = LeafRecord(5, DIGEST, (Link(1, None), Link(3, 2))).pack()
    assert raw.hex() == (
        "01" + "0000000000000005" + DIGEST.hex() + "0002"
        + "0000000000000001" + "ffffffffffffffff" + "0000000000000003" + "0000000000000002"
    )  # fmt: skip


def test_it_reads_back_what_it_packed():
    record = LeafRecord(2**40, DIGEST, tuple(Link(number, number) for number in range(2, 258)))
    assert LeafRecord.unpack(record.pack()) == record


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\x02" + LeafRecord(0, DIGEST, ()).pack()[1:],
        LeafRecord(0, DIGEST, ()).pack() + b"\x00",
        LeafRecord(0, DIGEST, (Link(1, None),)).pack()[:-1],
        LeafRecord(0, DIGEST, (Link(2, None),)).pack(),
        LeafRecord(0, DIGEST, (Link(1, 0),)).pack(),
        LeafRecord(0, DIGEST, (Link(0, 5),)).pack(),
        LeafRecord(0, DIGEST, tuple(Link(2, 1) for _ in range(257))).pack(),
    ],
)
def test_it_refuses_anything_but_one_whole_record(raw):
    with pytest.raises(Malformed):
        LeafRecord.unpack(raw)


def test_none_before_is_the_largest_number():
    assert NO_PREVIOUS == 2**64 - 1
