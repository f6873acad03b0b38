"""The contract of the object store, on the real one."""

import pytest

from store.errors import Denied, Exists, Missing, TooShort
from store.objects import ObjectStore

PART = 5 << 20  # AWS: the least that a part but the last may have


def test_it_gives_back_a_version_whole_and_by_range(objects: ObjectStore, name: str) -> None:
    version = objects.put(name, b"0123456789")
    with objects.get(name, version) as whole, objects.get(name, version, 2, 4) as some:
        assert (whole.read(99), some.read(99)) == (b"0123456789", b"234")


def test_it_keeps_the_older_version(objects: ObjectStore, name: str) -> None:
    first, second = objects.put(name, b"first"), objects.put(name, b"second")
    with objects.get(name, first) as stream:
        assert stream.read(99) == b"first"
    assert {found.version_id for found in objects.versions_of(name)} == {first, second}


def test_it_makes_a_new_object_only_once(objects: ObjectStore, name: str) -> None:
    objects.put(name, b"first", only_new=True)
    with pytest.raises(Exists):
        objects.put(name, b"second", only_new=True)
    assert len(objects.versions_of(name)) == 1


def test_it_names_what_is_missing(objects: ObjectStore, name: str) -> None:
    version = objects.put(name, b"here")
    objects.delete(name, version)
    with pytest.raises(Missing, match=name):
        objects.get(name, version)


def test_it_says_that_a_version_ends_too_early(objects: ObjectStore, name: str) -> None:
    with pytest.raises(TooShort):
        objects.get(name, objects.put(name, b"here"), 100, 200)


def test_it_deletes_a_version_twice_without_complaint(objects: ObjectStore, name: str) -> None:
    version = objects.put(name, b"here")
    objects.delete(name, version)
    objects.delete(name, version)
    assert objects.versions_of(name) == []


def test_a_held_version_is_not_deleted(objects: ObjectStore, name: str) -> None:
    version = objects.put(name, b"evidence")
    objects.hold(name, version)
    with pytest.raises(Denied):
        objects.delete(name, version)
    assert objects.held(name, version)


def test_a_hold_lies_on_the_version_that_was_named_and_on_no_other(objects: ObjectStore, name: str) -> None:
    first, second = objects.put(name, b"first"), objects.put(name, b"second")
    objects.hold(name, first)
    assert (objects.held(name, first), objects.held(name, second)) == (True, False)


def test_a_released_version_goes(objects: ObjectStore, name: str) -> None:
    version = objects.put(name, b"evidence", held=True)
    objects.release(name, version)
    objects.delete(name, version)
    assert objects.versions_of(name) == []


def test_it_puts_parts_together_in_order(objects: ObjectStore, name: str) -> None:
    upload = objects.begin(name)
    second = objects.part(name, upload, 2, b"end")
    first = objects.part(name, upload, 1, bytes(PART))
    version = objects.complete(name, upload, [(1, first), (2, second)])
    with objects.get(name, version, PART, PART + 2) as stream:
        assert stream.read(99) == b"end"


def test_a_part_that_was_not_recorded_does_not_enter(objects: ObjectStore, name: str) -> None:
    upload = objects.begin(name)
    recorded = objects.part(name, upload, 1, b"mine")
    objects.part(name, upload, 2, b"of a zombie")
    assert objects.size(name, objects.complete(name, upload, [(1, recorded)])) == len(b"mine")


def test_it_completes_no_upload_over_a_version(objects: ObjectStore, name: str) -> None:
    upload = objects.begin(name)
    etag = objects.part(name, upload, 1, b"late")
    kept = objects.put(name, b"early")
    with pytest.raises(Exists):
        objects.complete(name, upload, [(1, etag)])
    assert [found.version_id for found in objects.versions_of(name)] == [kept]


def test_it_aborts_an_upload_twice_and_forgets_it(objects: ObjectStore, name: str) -> None:
    upload = objects.begin(name)
    objects.abort(name, upload)
    objects.abort(name, upload)
    assert list(objects.pending(name)) == []


def test_it_says_that_the_bucket_answers(objects: ObjectStore) -> None:
    objects.check()
    with pytest.raises(Missing):
        objects.in_bucket("no-such-bucket").check()
