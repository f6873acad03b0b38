"""The format of sealed streams, against Tink itself."""

import io
import os
import tracemalloc
import zlib
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.vault.tinks import tink_primitive
from verifier import streams
from verifier.streams import FIRST_PLAIN, NEXT_PLAIN, SEGMENT_BYTES, Kind, NotAuthentic, Place

KEY = bytes(range(32))
HERE = Place(Kind.DATA, UUID(int=1), 0, 1)
EDGES = [0, 1, FIRST_PLAIN - 1, FIRST_PLAIN, FIRST_PLAIN + 1, FIRST_PLAIN + NEXT_PLAIN, FIRST_PLAIN + NEXT_PLAIN + 1]


class Kept(io.BytesIO):
    """Tink closes what it writes to."""

    def close(self) -> None:
        """Stay open."""


def opened(sealed: bytes | bytearray, place: Place = HERE, key: bytes = KEY) -> bytes:
    """The whole stream, opened by ours."""
    return b"".join(streams.open_stream(key, place, sealed))


@pytest.mark.parametrize("size", EDGES)
def test_tink_opens_what_we_sealed(size: int) -> None:
    plain = os.urandom(size)
    source = io.BytesIO(streams.seal(KEY, HERE, plain))
    assert tink_primitive(KEY).new_decrypting_stream(source, HERE.associated_data()).read() == plain


@pytest.mark.parametrize("size", EDGES)
def test_we_open_what_tink_sealed(size: int) -> None:
    plain, target = os.urandom(size), Kept()
    with tink_primitive(KEY).new_encrypting_stream(target, HERE.associated_data()) as stream:
        stream.write(plain)
    assert opened(target.getvalue()) == plain


@pytest.mark.parametrize("size", EDGES)
def test_the_sealed_length_is_arithmetic(size: int) -> None:
    assert len(streams.seal(KEY, HERE, bytes(size))) == streams.sealed_bytes(size)


def test_a_full_part_has_the_sizes_that_the_format_page_names() -> None:
    assert streams.plain_part_bytes(32) == 33_553_880
    assert streams.sealed_bytes(33_553_880) == 33_554_432


@pytest.mark.parametrize("elsewhere", [
    Place(Kind.FACTS, UUID(int=1), 0, 1), Place(Kind.DATA, UUID(int=2), 0, 1), Place(Kind.DATA, UUID(int=1), 1, 1),
    Place(Kind.DATA, UUID(int=1), 0, 2), Place(Kind.DATA, UUID(int=1), 0, 1, 5),
], ids=["another kind", "another object", "another file", "another part", "another offset"])  # fmt: skip
def test_it_opens_in_its_place_only(elsewhere: Place) -> None:
    with pytest.raises(NotAuthentic):
        opened(streams.seal(KEY, HERE, b"evidence"), elsewhere)


def test_it_opens_under_its_key_only() -> None:
    with pytest.raises(NotAuthentic):
        opened(streams.seal(KEY, HERE, b"evidence"), key=bytes(32))


@pytest.mark.parametrize("keep", [0, 39, 40, 50, SEGMENT_BYTES - 1, SEGMENT_BYTES, SEGMENT_BYTES + 1, -1])
def test_a_cut_stream_is_refused(keep: int) -> None:
    with pytest.raises(NotAuthentic):
        opened(streams.seal(KEY, HERE, bytes(FIRST_PLAIN + 100))[:keep])


def test_a_longer_stream_is_refused() -> None:
    with pytest.raises(NotAuthentic):
        opened(streams.seal(KEY, HERE, b"evidence") + b"\0")


@given(st.integers(min_value=0, max_value=2000))
@settings(max_examples=60, deadline=None)
def test_one_flipped_bit_anywhere_is_refused(at: int) -> None:
    sealed = streams.seal(KEY, HERE, bytes(300))
    sealed[at % len(sealed)] ^= 1 << (at % 8)
    with pytest.raises(NotAuthentic):
        opened(sealed)


def test_two_segments_in_each_others_place_are_refused() -> None:
    sealed = streams.seal(KEY, HERE, bytes(FIRST_PLAIN + 2 * NEXT_PLAIN + 1))
    second, third = sealed[SEGMENT_BYTES : 2 * SEGMENT_BYTES], sealed[2 * SEGMENT_BYTES : 3 * SEGMENT_BYTES]
    sealed[SEGMENT_BYTES : 3 * SEGMENT_BYTES] = third + second
    with pytest.raises(NotAuthentic, match="segment 1"):
        opened(sealed)


def test_sealing_a_part_holds_one_sealed_copy_and_no_more() -> None:
    plain = bytes(streams.plain_part_bytes())
    tracemalloc.start()
    try:
        streams.seal(KEY, HERE, plain)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < streams.sealed_bytes(len(plain)) + (1 << 20)


def test_sealing_twice_never_repeats_a_salt() -> None:
    assert len({bytes(streams.seal(KEY, HERE, b"")[:40]) for _ in range(100)}) == 100


@given(st.integers(min_value=0, max_value=33_553_880))
def test_every_byte_lies_in_the_segment_that_arithmetic_says(offset: int) -> None:
    segment = streams.segment_of(offset)
    first, after = streams.plain_span(segment, offset + 1)
    assert first <= offset < after
    assert segment == streams.segment_count(offset + 1) - 1


@given(st.binary(max_size=500), st.binary(max_size=500))
def test_crcs_of_two_runs_give_the_crc_of_both(first: bytes, second: bytes) -> None:
    combined = streams.combine_crc32(zlib.crc32(first), zlib.crc32(second), len(second))
    assert combined == zlib.crc32(first + second)


@pytest.mark.parametrize(("length", "segments"), [
    (0, 32), (300 * 10**9, 32), (301_984_920_000, 32), (301_984_920_001, 64), (10**12, 128), (None, 128),
])  # fmt: skip
def test_larger_files_get_larger_parts(length: int | None, segments: int) -> None:
    assert streams.segments_for(length) == segments
