import json
from datetime import UTC, datetime
from uuid import UUID

import pytest

from verifier.canonical import canonical_bytes
from verifier.entry import MOST_BYTES, By, Entry, Subject, compose, parse
from verifier.errors import EntryTooLarge, Malformed, NotCanonical

ONE, TWO = UUID(int=1), UUID(int=2)


def an_entry(*subjects):
    return Entry(
        UUID(int=9), datetime(2026, 11, 2, 8, 30, tzinfo=UTC), "item.viewed", By("person", ONE), subjects=subjects
    )


def composed(*subjects, fields=None, actor=None):
    return compose(an_entry(*subjects), object_fields=fields or {}, actor_fields=actor or {"actor_name": "D. Marlowe"})


def test_it_reads_back_what_it_composed():
    body, openings = composed(Subject("item", ONE), Subject("case", TWO), fields={"name": "cam4.mp4"})
    found = parse(body)
    assert found.to_bytes() == body
    assert found.subjects == (Subject("item", ONE), Subject("case", TWO))
    assert {one.name: one.digest() for one in openings} == found.fields
    assert found.sides == {"name": "object", "actor_name": "actor"}


def test_no_name_stands_in_an_entry():
    body, _ = composed(Subject("item", ONE), fields={"name": "cam4.mp4"})
    assert b"cam4" not in body
    assert b"Marlowe" not in body


def test_the_id_of_one_item_stands_open_and_of_several_none():
    alone, _ = composed(Subject("item", ONE), Subject("case", TWO))
    several, openings = composed(Subject("item", ONE), Subject("item", TWO))
    assert str(ONE).encode() in alone
    assert str(TWO).encode() not in several
    assert {one.name: one.value for one in openings}["subject_1"] == str(TWO)


def test_the_salt_makes_equal_names_unequal():
    assert composed(fields={"name": "x"})[0] != composed(fields={"name": "x"})[0]


def test_what_is_opened_is_what_was_hashed_even_for_dirty_text():
    _, openings = composed(fields={"name": "a\x00\ud800"})
    assert openings[0].value == "a\ufffd\ufffd"


def test_256_items_fit_and_257_do_not():
    many = [Subject("item", UUID(int=number)) for number in range(257)]
    body, _ = composed(*many[:256], fields={"purpose": "sweep"}, actor=dict.fromkeys(("a", "b", "c", "d", "e"), "x"))
    assert len(body) <= MOST_BYTES
    with pytest.raises(EntryTooLarge):
        composed(*many)


def test_it_refuses_an_entry_over_32_kib():
    with pytest.raises(EntryTooLarge):
        composed(fields={f"f{number}": "" for number in range(500)})


def test_it_refuses_an_opening_over_32_kib():
    with pytest.raises(EntryTooLarge):
        composed(fields={"words": "x" * (MOST_BYTES + 1)})


@pytest.mark.parametrize("name", ["", "a b", "ü", "x" * 65, "1st", "subject-1"])
def test_it_refuses_a_name_that_is_no_identifier(name):
    with pytest.raises(NotCanonical):
        composed(fields={name: "x"})


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("version", 2), ("id", "not-an-id"), ("id", "{00000000-0000-0000-0000-000000000009}"), ("at", "yesterday"),
        ("outcome", "perhaps"), ("subjects", {}), ("subjects", [{"kind": "item"}]), ("fields", {"object": {}}),
        ("fields", {"object": {"name": "00"}, "actor": {}}), ("numbers", {"bytes": True}), ("duration_ms", -1),
        ("fields", {"object": {"x": "0" * 64}, "actor": {"x": "0" * 64}}), ("more", 1), ("actor", []),
    ],
)  # fmt: skip
def test_it_refuses_to_read_an_entry_of_another_form(key, value):
    body, _ = composed(Subject("item", ONE))
    told = json.loads(body)
    with pytest.raises(Malformed):
        parse(canonical_bytes({**told, key: value}))


def test_it_refuses_to_read_more_than_32_kib():
    with pytest.raises(Malformed):
        parse(b'"' + b"x" * MOST_BYTES + b'"')
