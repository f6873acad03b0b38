from hashlib import sha256

import pytest

from verifier.canonical import canonical_bytes, clean, field_digest, parse
from verifier.errors import Malformed, NotCanonical


def test_it_writes_sorted_ascii_without_space():
    assert canonical_bytes({"b": "ü", "a": [1, None, True]}) == b'{"a":[1,null,true],"b":"\\u00fc"}'


def test_it_sorts_by_code_point_not_by_utf16():
    assert canonical_bytes({"\U0001f600": 1, "\uff5e": 2}).index(b"uff5e") < 5


def test_it_replaces_nul_and_lone_surrogates_before_hashing():
    assert clean("a\x00b\ud800c") == "a\ufffdb\ufffdc"
    assert canonical_bytes("\x00") == canonical_bytes("\ufffd")


@pytest.mark.parametrize("value", [1.5, float("nan"), 2**53, -(2**53), {1: 2}, b"raw", {"a": {"b": 0.1}}])
def test_it_refuses_what_json_readers_keep_differently(value):
    with pytest.raises(NotCanonical):
        canonical_bytes(value)


@pytest.mark.parametrize(
    "raw",
    [
        b'{"a":1,"a":2}', b"1.0", b"1e3", b"NaN", b"Infinity", b"-Infinity", b"9007199254740992", b"9" * 5000,
        b"{", b"\xff", b"", b"[" * 100_000,
    ],
)  # fmt: skip
def test_it_refuses_to_read_what_is_not_plain_json(raw):
    with pytest.raises(Malformed):
        parse(raw)


@pytest.mark.parametrize(
    "raw", [b'{"a": 1}', b'{"b":1,"a":2}', '"ü"'.encode(), b'"\\u00FC"', b'"\\u0000"', b'"\\ud800"', b"-0", b" 1"]
)
def test_it_refuses_another_spelling_of_the_same(raw):
    with pytest.raises(NotCanonical):
        parse(raw)


@pytest.mark.parametrize("value", [{"a": [1, "ü\n", None, {"b": False}]}, "\U0001f600", "\\u0000", -(2**53) + 1])
def test_it_reads_back_what_it_wrote(value):
    assert parse(canonical_bytes(value)) == value


def test_a_field_is_committed_with_salt_name_and_value():
    salt = bytes(range(16))
    told = b'["proofroom/field/v1","000102030405060708090a0b0c0d0e0f","name","cam4.mp4"]'
    assert field_digest(salt, "name", "cam4.mp4") == sha256(told).hexdigest()
