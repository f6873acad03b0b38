"""Writing: what is where afterwards, and what a crash at each point leaves."""

import hashlib
import json
import os
import zlib

import pytest

from store.errors import Denied, Unavailable
from store.objects import ObjectStore, store
from tests.store.gate import Gate
from tests.vault.conftest import PART, SEGMENTS, fill, finish, fresh, new_id
from vault import places, reading, writing
from vault.errors import Corrupt, NotTheSame
from vault.models import VaultFile, VaultObject, VaultPart, VaultPiece
from verifier import streams


def test_the_wrapped_key_is_in_the_bucket_before_anything_else(obj: VaultObject, objects: ObjectStore) -> None:
    with objects.get(places.key_name(obj.id), obj.key_version_id) as stream:
        kept = json.loads(stream.read(9999))
    assert (kept["object"], kept["key_name"], kept["segments"]) == (str(obj.id), "riverton", SEGMENTS)


def test_an_object_is_created_once(obj: VaultObject) -> None:
    again = writing.create_object(obj.id, "riverton", segments=SEGMENTS)
    assert (again.key_version_id, bytes(again.wrapped_key)) == (obj.key_version_id, bytes(obj.wrapped_key))


def test_a_crash_before_the_key_object_is_mended_by_calling_again(db: str, ring: None, gate: Gate) -> None:
    number = new_id()
    gate.trouble("PUT", "key", "refuse", times=9)
    with pytest.raises(Unavailable):
        writing.create_object(number, "riverton")
    assert VaultObject.objects.get(pk=number).key_version_id == ""
    gate.troubles.clear()
    assert writing.create_object(number, "riverton").key_version_id


def test_beginning_is_idempotent(obj: VaultObject) -> None:
    file = writing.begin_data(obj)
    assert writing.begin_data(obj).s3_upload_id == file.s3_upload_id
    assert file.state == VaultFile.State.WRITING


def test_a_part_tells_the_hashes_of_its_plain_bytes(obj: VaultObject) -> None:
    plain = os.urandom(1000)
    part = writing.upload_part(writing.begin_data(obj), 2, plain)
    assert part.pk is None
    assert (bytes(part.sha256), part.crc32) == (hashlib.sha256(plain).digest(), zlib.crc32(plain))
    assert (part.offset, part.sealed_bytes) == (PART, streams.sealed_bytes(1000))


def test_no_plain_byte_reaches_the_bucket(obj: VaultObject) -> None:
    marker = b"MARKER-of-plain-text" * 50
    file = finish(fill(obj, marker))
    piece = writing.put_piece(file, 0, marker)
    facts = writing.put_facts(obj, {"name": marker.decode()})
    for key, version in [(file.s3_key, file.version_id), (piece.s3_key, piece.version_id),
                         (facts.s3_key, facts.version_id)]:  # fmt: skip
        with store().get(key, version) as stream:
            assert b"MARKER" not in stream.read(1 << 20)


def test_a_part_sent_again_replaces_the_first(obj: VaultObject) -> None:
    file = writing.begin_data(obj)
    writing.upload_part(file, 1, b"first try")
    writing.upload_part(file, 1, b"second try").save()
    assert b"".join(reading.read(finish(file))) == b"second try"


def test_a_crash_after_completion_finds_the_version_again(obj: VaultObject, content: bytes) -> None:
    file = fill(obj, content)
    version = writing.complete_data(file)
    assert writing.complete_data(fresh(file)) == version


def test_an_answer_lost_at_completion_finds_the_version(db: str, ring: None, gate: Gate, content: bytes) -> None:
    file = fill(writing.create_object(new_id(), "riverton", segments=SEGMENTS), content)
    gate.trouble("POST", "uploadId", "lose")
    version = writing.complete_data(file)
    assert [found.version_id for found in store().versions_of(file.s3_key)] == [version]


def test_a_stranger_under_the_key_is_not_taken_for_ours(obj: VaultObject, content: bytes, objects: ObjectStore) -> None:
    file = fill(obj, content)
    objects.put(file.s3_key, bytes(sum(part.sealed_bytes for part in VaultPart.objects.filter(file=file))))
    with pytest.raises(NotTheSame):
        writing.complete_data(file)


def test_a_piece_comes_back_once_and_goes(obj: VaultObject, objects: ObjectStore) -> None:
    file = writing.begin_data(obj)
    piece = writing.put_piece(file, PART + 5, b"what was left")
    piece.save()
    assert piece.part == 2
    assert writing.read_piece(VaultPiece.objects.get()) == b"what was left"
    writing.delete_piece(piece)
    writing.delete_piece(piece)
    assert (list(objects.versions(f"p/{obj.id}/")), VaultPiece.objects.count()) == ([], 0)


def test_a_piece_in_another_place_is_refused(obj: VaultObject) -> None:
    file = writing.begin_data(obj)
    one, other = writing.put_piece(file, 0, b"first"), writing.put_piece(file, 5, b"other")
    one.s3_key, one.version_id = other.s3_key, other.version_id
    with pytest.raises(Corrupt):
        writing.read_piece(one)


def test_facts_are_written_again_and_the_older_stay(obj: VaultObject, objects: ObjectStore) -> None:
    first = writing.put_facts(obj, {"sealed": False})
    second = writing.put_facts(obj, {"sealed": True}, hold=True)
    assert json.loads(b"".join(reading.read(fresh(second)))) == {"sealed": True}
    assert objects.held(second.s3_key, second.version_id)
    assert len(objects.versions_of(second.s3_key)) == 2
    assert first.pk == second.pk


def test_held_data_can_not_be_deleted(whole: VaultFile, objects: ObjectStore) -> None:
    writing.hold_data(whole)
    writing.hold_data(whole)
    with pytest.raises(Denied):
        objects.delete(whole.s3_key, whole.version_id)
    assert fresh(whole).held


def test_giving_up_leaves_nothing_in_the_bucket(obj: VaultObject, objects: ObjectStore) -> None:
    file = fill(obj, b"half")
    objects.begin(file.s3_key)  # what a crash in begin_data leaves
    writing.put_piece(file, 4, b"unnamed")
    writing.put_piece(file, 11, b"named").save()
    writing.abandon(file)
    writing.abandon(fresh(file))
    assert (list(objects.pending(file.s3_key)), list(objects.versions(f"p/{obj.id}/"))) == ([], [])
    assert fresh(file).state == VaultFile.State.GONE


def test_a_whole_file_is_not_given_up(whole: VaultFile) -> None:
    writing.abandon(whole)
    assert fresh(whole).state == VaultFile.State.WHOLE


def test_the_sweep_takes_only_pieces_that_no_row_names(obj: VaultObject) -> None:
    file = writing.begin_data(obj)
    writing.put_piece(file, 0, b"unnamed")
    named = writing.put_piece(file, 7, b"named")
    named.save()
    assert writing.sweep_pieces(file) == 1
    assert writing.read_piece(named) == b"named"


def test_a_derivative_made_again_replaces_the_first(obj: VaultObject, objects: ObjectStore) -> None:
    writing.put_derivative(obj, 1, [b"old"])
    file = writing.put_derivative(obj, 1, [b"ne", b"w"])
    assert b"".join(reading.read(fresh(file))) == b"new"
    assert len(objects.versions_of(file.s3_key)) == 1
