from collections.abc import Mapping
from datetime import UTC, datetime
from uuid import UUID

import pytest

from verifier.entry import By, Entry, Subject, compose, parse
from verifier.events import TOLD, AuditClass, Event, audit_class, say

ONE, TWO, OURS, THEIRS = (UUID(int=number) for number in range(1, 5))
EVERY_FIELD = {
    name: name.upper()
    for name in [
        "name",
        "number",
        "title",
        "reason",
        "case_number",
        "from_number",
        "to_number",
        "person",
        "role",
        "tag",
        "words",
        "filename",
        "path",
        "sha256",
        "source_sha256",
        "purpose",
        "ranges",
        "reported",
        "outcome_text",
        "changed",
    ]
}


def told(event, fields: Mapping[str, str] | None = None, *, by=None, subjects=(), opened=None, **more):
    """The sentence of an entry with these fields, of which `opened` are open (by default all)."""
    entry = Entry(
        ONE, datetime(2026, 11, 2, tzinfo=UTC), event, by or By("person", TWO, OURS), OURS, subjects=subjects, **more
    )
    body, openings = compose(
        entry, object_fields=fields or {}, actor_fields={"actor_name": "D. Marlowe", "actor_agency": "Riverton Police"}
    )
    return say(parse(body), {o.name: o.value for o in openings if opened is None or o.name in opened})


def test_every_event_has_its_class_and_its_sentence():
    assert set(TOLD) == set(Event)
    assert {audit_class(event) for event in Event} == set(AuditClass)


@pytest.mark.parametrize("event", Event)
@pytest.mark.parametrize("outcome", ["success", "refused", "failed"])
def test_every_event_is_told_whatever_is_open(event, outcome):
    item = (Subject("item", ONE),)
    said = [
        told(event, EVERY_FIELD, outcome=outcome, subjects=item, numbers={"bytes": 5, "count": 2, "entries": 9}),
        told(event, EVERY_FIELD, outcome=outcome, subjects=item, opened=()),
        told(event, {}, outcome=outcome),
        told(event, {}, outcome=outcome, by=By("anonymous")),
        told(event, {}, outcome=outcome, by=By("job", TWO, OURS, ONE, "item.seal"), opened=()),
    ]
    for sentence in said:
        assert not set("{}[]|=\n") & set(sentence)
        assert "  " not in sentence
        assert sentence == sentence.strip()


@pytest.mark.parametrize(
    ("event", "fields", "sentence"),
    [
        (Event.UPLOAD_FINISHED, {"name": "cam4.mp4"}, "D. Marlowe uploaded cam4.mp4"),
        (
            Event.READING_CLOSED,
            {"name": "cam4.mp4", "purpose": "play", "ranges": "0:00–2:10", "reported": "0:00–1:20"},
            "D. Marlowe played cam4.mp4: sent 0:00–2:10; the player reported watching 0:00–1:20",
        ),
        (
            Event.ITEM_MOVED,
            {"name": "cam4.mp4", "from_number": "R-1", "to_number": "R-2", "reason": "Wrong incident number"},
            "D. Marlowe moved cam4.mp4 from R-1 to R-2: Wrong incident number",
        ),
        (Event.ITEM_SEALED, {"name": "a", "sha256": "12"}, "D. Marlowe sealed a, no hash from the source"),
        (
            Event.ITEM_SEALED,
            {"name": "a", "sha256": "12", "source_sha256": "12"},
            "D. Marlowe sealed a, the same as at the source",
        ),
        (Event.ITEM_TAGGED, {"name": "a", "tag": "red car"}, "D. Marlowe tagged a as red car"),
        (Event.ITEM_TAGGED, {"name": "a", "tag": "red", "changed": "removed"}, "D. Marlowe took the tag red off a"),
        (Event.SIGNED_OUT, {"person": "D. Marlowe", "reason": "signed out"}, "D. Marlowe signed out"),
        (
            Event.SIGNED_OUT,
            {"person": "R. Vale", "reason": "disabled"},
            "D. Marlowe ended a session of R. Vale: disabled",
        ),
        (Event.ROLE_GIVEN, {"person": "R. Vale", "role": "auditor"}, "D. Marlowe gave R. Vale the role auditor"),
    ],
)
def test_it_reads_like_this(event, fields, sentence):
    assert told(event, fields) == sentence


def test_a_closed_name_is_told_as_withheld():
    assert told(Event.UPLOAD_FINISHED, {"name": "x"}, opened=["actor_name"]) == (
        "D. Marlowe uploaded a name that was withheld"
    )


def test_an_unknown_actor_is_told_as_withheld():
    assert told(Event.SIGNED_OUT, opened=()) == "Someone whose name was withheld signed out"


def test_an_actor_of_another_agency_is_told_with_it():
    said = told(Event.ITEM_VIEWED, {"name": "a"}, by=By("person", TWO, THEIRS))
    assert said == "D. Marlowe of Riverton Police looked at a"


def test_a_machine_is_told_with_whom_it_works_for():
    said = told(Event.ITEM_SEALED, {"name": "a"}, by=By("job", TWO, OURS, ONE, "item.seal"))
    assert said.startswith("Proofroom sealing, for D. Marlowe, sealed a")


def test_the_code_of_a_refusal_is_told_in_words():
    said = told(Event.ITEM_VIEWED, {"reason": "not-found"}, outcome="refused")
    assert said == "D. Marlowe was not allowed to look at an item: no access to it"


def test_a_late_hash_says_whether_it_is_the_same():
    assert told(Event.SOURCE_HASH_LATE, {"name": "a"}).endswith("after it was sealed: it is the same")
    assert told(Event.SOURCE_HASH_LATE, {"name": "a"}, outcome="failed").endswith("sealed: it is another")


def test_nobody_locks_an_account_unless_by_failing():
    said = told(Event.PERSON_LOCKED, {"person": "R. Vale"}, by=By("anonymous"))
    assert said == "Somebody unknown failed to sign in too often, which locked the account of R. Vale"


def test_a_refusal_says_what_was_tried_and_why_not():
    fields = {"name": "cam4.mp4", "purpose": "download", "reason": "no access"}
    assert told(Event.READING_OPENED, fields, outcome="refused") == (
        "D. Marlowe was not allowed to download cam4.mp4: no access"
    )


def test_several_items_are_counted_and_none_is_named():
    several = (Subject("item", ONE), Subject("item", TWO))
    said = told(Event.READING_OPENED, {"name": "a", "purpose": "list"}, subjects=several)
    assert said == "D. Marlowe opened the pictures of 2 items"


def test_an_event_of_a_later_version_is_told_by_its_name():
    assert told("item.teleported") == "D. Marlowe did something that has no sentence here (item.teleported)"


def test_no_name_can_break_the_line_or_turn_it_around():
    said = told(Event.UPLOAD_FINISHED, {"name": "a\r\n\x1b[2Jb\u202egpj.exe{name}[x]"})
    assert said == "D. Marlowe uploaded a\ufffd\ufffd\ufffd[2Jb\ufffdgpj.exe{name}[x]"
