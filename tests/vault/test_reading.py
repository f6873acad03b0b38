"""Reading by range, and refusing what was changed in the store."""

import os

import pytest
from django.db import connections
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from store.objects import ObjectStore, store
from tests.store.gate import Gate
from tests.vault.conftest import PART, SEGMENTS, fill, finish, fresh, new_id, part_of
from vault import reading, writing
from vault.errors import Corrupt, Erased, Foreign, Missing, NotWhole
from vault.models import VaultFile, VaultObject
from verifier.streams import FIRST_PLAIN, NEXT_PLAIN

BOUNDARIES = [0, 1, FIRST_PLAIN, FIRST_PLAIN + NEXT_PLAIN, PART, PART + FIRST_PLAIN, 2 * PART, 2 * PART + 12_345]
Offsets = st.builds(lambda at, by: max(0, at + by), st.sampled_from(BOUNDARIES), st.integers(-2, 2))


def read(file: VaultFile, first: int = 0, last: int | None = None) -> bytes:
    """What the vault gives for a range."""
    return b"".join(reading.read(fresh(file), first, last))


def replaced(file: VaultFile, sealed: bytes) -> VaultFile:
    """The file, its row naming a version with these bytes: what somebody with the bucket's keys could do."""
    file.version_id = store().put(file.s3_key, sealed)
    file.save()
    return file


def sealed_of(file: VaultFile) -> bytearray:
    """What lies in the bucket."""
    with store().get(file.s3_key, file.version_id) as stream:
        return bytearray(stream.read(1 << 30))


def test_it_gives_back_every_byte(whole: VaultFile, content: bytes) -> None:
    assert read(whole) == content


def test_every_range_at_every_boundary_is_exact(whole: VaultFile, content: bytes) -> None:
    file = fresh(whole)

    @given(Offsets, Offsets)
    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
    def exact(one: int, other: int) -> None:
        first, last = min(one, other), max(one, other)
        assert b"".join(reading.read(file, first, last)) == content[first : last + 1]

    exact()


def test_a_range_within_one_part_is_one_request(whole: VaultFile, content: bytes, gate: Gate) -> None:
    first = PART + FIRST_PLAIN - 5
    assert read(whole, first, first + 9) == content[first : first + 10]
    asked = [span for method, path, span in gate.seen if method == "GET" and whole.s3_key in path]
    base = SEGMENTS << 20
    assert asked == [f"bytes={base}-{base + (2 << 20) - 1}"]


def test_an_empty_file_is_empty(obj: VaultObject) -> None:
    file = finish(fill(obj, b""))
    assert read(file) == b""
    assert [(number, b"".join(plain)) for number, plain in reading.read_parts(fresh(file))] == [(1, b"")]


def test_sealing_reads_part_by_part(whole: VaultFile, content: bytes) -> None:
    got = {number: b"".join(plain) for number, plain in reading.read_parts(fresh(whole))}
    assert got == {1: content[:PART], 2: content[PART : 2 * PART], 3: content[2 * PART :]}


def test_reading_holds_no_database_connection(whole: VaultFile, content: bytes) -> None:
    plain = reading.read(fresh(whole))
    connections["default"].close()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(connections["default"], "connect", lambda: pytest.fail("it asked the database"))
        assert b"".join(plain) == content


def test_a_flipped_byte_is_refused_and_nothing_of_its_segment_leaves(whole: VaultFile, content: bytes) -> None:
    sealed = sealed_of(whole)
    sealed[(SEGMENTS << 20) + (1 << 20) + 77] ^= 1
    chunks = reading.read(replaced(whole, bytes(sealed)))
    given: list[memoryview] = []
    with pytest.raises(Corrupt, match=r"Part 2 .*segment 1") as caught:
        given.extend(chunks)  # keeps those that came before the refusal
    assert b"".join(given) == content[: PART + FIRST_PLAIN]
    assert (caught.value.file, caught.value.version) == (whole.s3_key, whole.version_id)


def test_swapped_parts_are_refused_as_foreign(whole: VaultFile) -> None:
    sealed, size = sealed_of(whole), SEGMENTS << 20
    swapped = sealed[size : 2 * size] + sealed[:size] + sealed[2 * size :]
    with pytest.raises(Foreign, match="part 1"):
        read(replaced(whole, bytes(swapped)))


def test_a_part_with_a_row_that_was_forged_to_fit_is_refused(whole: VaultFile) -> None:
    sealed, size = sealed_of(whole), SEGMENTS << 20
    first, second = part_of(whole, 1), part_of(whole, 2)
    first.header, second.header = second.header, first.header
    first.save()
    second.save()
    with pytest.raises(Corrupt, match="Part 1"):
        read(replaced(whole, bytes(sealed[size : 2 * size] + sealed[:size] + sealed[2 * size :])))


def test_another_objects_bytes_are_refused(whole: VaultFile, content: bytes) -> None:
    other = finish(fill(writing.create_object(new_id(), "riverton", segments=SEGMENTS), content))
    with pytest.raises(Foreign):
        read(replaced(whole, bytes(sealed_of(other))))


def test_a_cut_file_is_refused(whole: VaultFile) -> None:
    with pytest.raises(Corrupt, match="Part 3"):
        read(replaced(whole, bytes(sealed_of(whole)[:-20])))
    with pytest.raises(Corrupt, match="Part 3"):
        read(replaced(whole, bytes(sealed_of(whole)[: 2 * (SEGMENTS << 20)])))


def test_a_version_that_somebody_deleted_is_missing(whole: VaultFile, objects: ObjectStore) -> None:
    objects.delete(whole.s3_key, whole.version_id)
    with pytest.raises(Missing, match="Somebody deleted it"):
        read(whole)


def test_a_file_that_is_not_whole_is_not_read(obj: VaultObject) -> None:
    with pytest.raises(NotWhole):
        reading.read(fill(obj, b"half"))


def test_an_erased_key_opens_nothing(whole: VaultFile) -> None:
    VaultObject.objects.update(erased_at="2026-01-01T00:00:00Z")
    with pytest.raises(Erased):
        read(whole)


def test_it_goes_on_where_the_connection_broke(whole: VaultFile, content: bytes, gate: Gate) -> None:
    gate.trouble("GET", whole.s3_key, "cut", times=2)
    assert read(whole) == content
    assert len([1 for method, path, _ in gate.seen if method == "GET" and whole.s3_key in path]) == 5


def test_a_derivative_reads_by_range_too(obj: VaultObject) -> None:
    content = os.urandom(PART + 7)
    file = writing.put_derivative(obj, 3, [content[:1000], content[1000:]])
    assert read(file, PART - 3, PART + 2) == content[PART - 3 : PART + 3]
