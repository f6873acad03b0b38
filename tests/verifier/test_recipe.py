import io
import json
import shutil
import zipfile
from pathlib import Path

import pytest

from tests.samples.bundles import build
from tests.verifier.ledger import Log
from verifier.errors import FileAltered, FileUncovered, FileUnknown, KeyUnreadable, VerificationFailed, WrongKey
from verifier.events import Event
from verifier.notes import VerifierKey
from verifier.recipe import verify

SAMPLES = build.HERE
KEY = VerifierKey.parse((SAMPLES / "log.vkey").read_text())
FILE = SAMPLES / "cam4.mp4"


def members(raw: bytes) -> list[tuple[str, bytes]]:
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        return [(info.filename, archive.read(info)) for info in archive.infolist()]


@pytest.fixture(scope="module")
def built():
    with pytest.warns(UserWarning, match="Duplicate name"):
        return build.build()


def test_the_committed_samples_are_those_that_the_script_builds(built):
    assert {path.name for path in SAMPLES.iterdir() if path.suffix not in (".py", "") and path.is_file()} == set(built)
    for name, raw in built.items():
        kept = (SAMPLES / name).read_bytes()
        # How deflate packs differs between versions of zlib; what it packs doesn't.
        assert (members(kept) == members(raw)) if name.endswith(".zip") else (kept == raw), name


@pytest.mark.parametrize("name", build.DAMAGED)
def test_it_refuses_each_damaged_bundle_by_name(name):
    with pytest.raises(VerificationFailed) as refusal:
        verify(SAMPLES / f"{name}.zip", KEY)
    assert refusal.value.code == build.DAMAGED[name][1]


def test_it_verifies_a_whole_bundle_and_says_as_of_when():
    proven = verify(SAMPLES / "good.zip", KEY)
    assert [one.leaf for one in proven.entries] == [1, 2, 4, 5, 6, 8, 9]
    assert proven.leaf_only == 1
    assert proven.as_of == proven.entries[-1].entry.at
    assert "complete as of 2026-11-02 08:35:33 UTC" in proven.statements()[2]


def test_an_older_whole_bundle_verifies_as_of_its_own_time():
    assert "complete as of 2026-11-02 08:33:05 UTC" in verify(SAMPLES / "older.zip", KEY).statements()[2]


def test_without_a_file_it_says_that_none_was_checked():
    assert "The file itself was not checked." in verify(SAMPLES / "good.zip", KEY).cautions()


def test_the_sealed_file_is_recognised():
    proven = verify(SAMPLES / "good.zip", KEY, [FILE])
    assert [one.item for one in proven.files] == ["RPD-2026-00017-001 cam4.mp4"]
    assert "The file itself was not checked." not in proven.cautions()


def test_a_file_inside_the_bundle_is_checked_as_well():
    assert [one.file for one in verify(SAMPLES / "with-file.zip", KEY).files] == ["files/cam4.mp4"]


def test_it_refuses_a_file_with_one_byte_flipped():
    with pytest.raises(FileAltered, match="cam4-flipped"):
        verify(SAMPLES / "good.zip", KEY, [SAMPLES / "cam4-flipped.mp4"])


def test_it_refuses_the_wrong_key():
    with pytest.raises(WrongKey):
        verify(SAMPLES / "good.zip", VerifierKey.parse((SAMPLES / "another.vkey").read_text()))


def test_a_key_from_the_bundle_proves_integrity_not_origin():
    assert "The key came with the bundle: integrity, not origin." in verify(SAMPLES / "good.zip", None).cautions()


def test_it_names_what_was_withheld_by_whom_and_why():
    cautions = verify(SAMPLES / "good.zip", KEY).cautions()
    assert "Withheld by D. Marlowe, the actor is of another agency: 7 fields." in cautions


def test_a_folder_verifies_like_the_zip(tmp_path):
    shutil.unpack_archive(SAMPLES / "good.zip", tmp_path)
    assert verify(tmp_path, KEY) == verify(SAMPLES / "good.zip", KEY)


def written(tmp_path: Path, raw: bytes) -> Path:
    path = tmp_path / "bundle.zip"
    path.write_bytes(raw)
    return path


def test_entries_that_came_while_the_bundle_was_made_are_told(tmp_path):
    log, item = Log(), ("item", Log("other", "other").uuid())
    for _ in range(3):
        log.record(Event.ITEM_VIEWED, item)
    proven = verify(written(tmp_path, log.export(item, late=1)), log.key)
    assert (proven.leaf_only, proven.latecomers) == (1, 1)
    assert "Counted only, without content: 1 entry (1 written while the bundle was made)." in proven.cautions()


def test_one_bundle_may_be_about_several_subjects(tmp_path):
    log = Log()
    one, two = ("item", log.uuid()), ("item", log.uuid())
    log.record(Event.ITEM_VIEWED, one)
    log.record(Event.READING_OPENED, two, one, fields={"purpose": "list"})
    log.record(Event.ITEM_VIEWED, two)
    assert len(verify(written(tmp_path, log.export(one, two)), log.key).entries) == 4


def test_a_bundle_can_not_pass_for_one_about_less(tmp_path):
    log = Log()
    one, two = ("item", log.uuid()), ("item", log.uuid())
    log.record(Event.ITEM_VIEWED, one)
    log.record(Event.READING_OPENED, one, two)
    log.export(one, two)
    last = len(log.kept) - 1
    with pytest.raises(VerificationFailed) as refusal:
        verify(written(tmp_path, log.bundle([one], [0, 1, last], {0, 1, last}, [])), log.key)
    assert refusal.value.code == "counts-differ"


def test_an_export_can_not_end_the_chain_of_something_else(tmp_path):
    log = Log()
    item, case = ("item", log.uuid()), ("case", log.uuid())
    log.record(Event.ITEM_VIEWED, item, case)
    log.export(item, case)
    with pytest.raises(VerificationFailed) as refusal:
        verify(written(tmp_path, log.bundle([case], [0, 1], {0, 1}, [])), log.key)
    assert refusal.value.code == "tail-cut"


def test_a_chain_can_not_be_told_as_anothers(tmp_path):
    log = Log()
    item, other = ("item", log.uuid()), ("item", log.uuid())
    for subject in (item, other):
        log.record(Event.ITEM_VIEWED, subject)
    raw = log.export(item).replace(b"never", b"never")
    told = dict(members(raw))
    manifest = json.loads(told["bundle.json"])
    manifest["scope"] = [{"kind": "item", "id": str(other[1])}]
    told["bundle.json"] = json.dumps(manifest).encode()
    with pytest.raises(VerificationFailed) as refusal:
        verify(written(tmp_path, build._packed(told)), log.key)
    assert refusal.value.code == "entry-unconnected"


def test_a_file_needs_an_open_sealed_hash(tmp_path):
    log, item = Log(), ("item", Log("other", "other").uuid())
    log.record(Event.ITEM_VIEWED, item)
    with pytest.raises(FileUncovered):
        verify(written(tmp_path, log.export(item)), log.key, [FILE])


def test_a_file_that_is_none_of_several_is_told_as_unknown(tmp_path):
    log, case = Log(), ("case", Log("other", "other").uuid())
    for digest in ("aa", "bb"):
        log.record(Event.ITEM_SEALED, ("item", log.uuid()), case, fields={"sha256": digest})
    with pytest.raises(FileUnknown, match="none of the 2"):
        verify(written(tmp_path, log.export(case)), log.key, [FILE])


def test_a_bundle_without_a_readable_key_needs_one_from_outside(tmp_path):
    told = dict(members((SAMPLES / "good.zip").read_bytes()))
    told["bundle.json"] = json.dumps({**json.loads(told["bundle.json"]), "vkey": ""}).encode()
    with pytest.raises(KeyUnreadable):
        verify(written(tmp_path, build._packed(told)), None)


def test_thousands_of_entries_verify_in_seconds(tmp_path):
    log, item = Log(), ("item", Log("other", "other").uuid())
    for number in range(4000):
        log.record(Event.ITEM_VIEWED, item, fields={"name": f"cam{number}.mp4"})
    assert len(verify(written(tmp_path, log.export(item)), log.key).entries) == 4001
