import os
from hashlib import sha256

import pytest

from tests.client.server import CASE

CONTENT = os.urandom(450_000)
DIGEST = sha256(CONTENT).hexdigest()


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "cam 4.mp4"
    path.write_bytes(CONTENT)
    return path


def only(fake):
    (upload,) = fake.uploads.values()
    return upload


def test_it_uploads_a_file_and_prints_its_line(fake, run, file):
    code, lines = run("upload", file, "--case", CASE["number"], "--json")
    assert code == 0
    assert bytes(only(fake).data) == CONTENT
    assert lines == [{
        "path": str(file), "item": only(fake).item, "case": CASE["number"], "bytes": 450_000, "sha256": DIGEST,
        "number": "RPD-2026-00017-001", "state": "received",
    }]  # fmt: skip


def test_it_tells_the_server_where_the_file_was_and_its_hash(fake, run, file):
    run("upload", file, "--case", CASE["number"], "--json")
    said = only(fake).said
    assert (said["filename"], said["case"], said["source_hash"]) == ("cam 4.mp4", CASE["id"], "sha256")
    assert only(fake).source == {
        "sha256": DIGEST, "bytes": 450_000, "path": "cam 4.mp4", "modified": said["modified"]
    }  # fmt: skip


def test_it_tells_the_hash_before_the_last_byte(fake, run, file):
    run("upload", file, "--json")
    assert [how for how, _path, _size in fake.seen] == ["POST", "PATCH", "PATCH", "PATCH", "PATCH", "PATCH"]
    fake.uploads.clear()
    fake.answers.append(("PUT", 503, {"Retry-After": "0"}))
    run("upload", file, "--json")
    assert [how for how, _path, _size in fake.seen][6:] == ["POST"] + ["PATCH"] * 4 + ["PUT", "PATCH"]


def test_it_sends_requests_that_end_at_parts(fake, run, file):
    run("upload", file, "--json")
    assert [size for how, _path, size in fake.seen if how == "PATCH"] == [100_000] * 4 + [50_000]


def test_it_takes_folders_with_their_paths(fake, run, tmp_path):
    (tmp_path / "seized" / "phone" / "DCIM").mkdir(parents=True)
    (tmp_path / "seized" / "phone" / "DCIM" / "ä.jpg").write_bytes(b"one")
    (tmp_path / "seized" / "list.txt").write_bytes(b"two")
    code, lines = run("upload", tmp_path / "seized", "--json")
    assert (code, len(lines)) == (0, 2)
    assert {one.said["relative_path"] for one in fake.uploads.values()} == {
        "seized/list.txt",
        "seized/phone/DCIM/ä.jpg",
    }


def test_an_empty_file_is_uploaded_too(fake, run, tmp_path):
    (tmp_path / "empty").touch()
    code, lines = run("upload", tmp_path / "empty", "--json")
    assert (code, lines[0]["bytes"]) == (0, 0)
    assert only(fake).source["sha256"] == sha256(b"").hexdigest()


def test_a_name_of_odd_bytes_is_told_in_utf8(fake, run, tmp_path):
    path = tmp_path / os.fsdecode(b"caf\xe9.txt")
    path.write_bytes(b"x")
    assert run("upload", path, "--json")[0] == 0
    assert only(fake).said["filename"] == "caf\ufffd.txt"


def test_a_cut_connection_is_resumed_where_the_server_stands(fake, run, file):
    fake.cut_after = [30_000, 100]
    assert run("upload", file, "--json")[0] == 0
    assert bytes(only(fake).data) == CONTENT
    assert fake.sent() == 450_000


@pytest.mark.parametrize("status", [409, 423, 429, 500, 503])
def test_it_waits_out_what_will_pass(fake, run, file, status):
    fake.answers = [("PATCH", status, {"Retry-After": "0"})] * 3 + [("HEAD", 503, {})]
    assert run("upload", file, "--json")[0] == 0
    assert bytes(only(fake).data) == CONTENT


def test_it_gives_up_at_what_will_not_pass(fake, run, file):
    fake.answers = [("POST", 409, {})] * 20
    code, lines = run("upload", file, "--json")
    assert (code, lines[0]["state"], lines[0]["code"]) == (1, "failed", "told-409")


def test_a_refusal_is_told_with_the_servers_reason_and_the_rest_goes_on(fake, run, file, tmp_path):
    (tmp_path / "two.txt").write_bytes(b"two")
    fake.answers = [("POST", 403, {})]
    code, lines = run("upload", file, tmp_path / "two.txt", "--json", "--parallel", 1)
    assert code == 1
    assert [(one["state"], one.get("reason")) for one in lines] == [
        ("failed", "Refused: told-403."),
        ("received", None),
    ]


def test_a_later_run_resumes_what_an_earlier_one_left(fake, run, file):
    fake.answers = [("HEAD", 403, {})]
    fake.cut_after = [130_000 - 100_000]
    assert run("upload", file, "--case", CASE["number"], "--json")[0] == 1
    assert len(only(fake).data) == 30_000
    assert run("upload", file, "--case", CASE["number"], "--json")[0] == 0
    assert bytes(only(fake).data) == CONTENT
    assert only(fake).source["sha256"] == DIGEST
    assert fake.sent() == 450_000


def test_a_changed_file_is_not_taken_for_the_one_begun(fake, run, file):
    fake.answers = [("HEAD", 403, {})]
    fake.cut_after = [30_000]
    run("upload", file, "--json")
    os.utime(file, (1, 1))
    assert run("upload", file, "--json")[0] == 0
    assert len(fake.uploads) == 2


def test_another_case_is_another_upload(fake, run, file):
    fake.answers = [("HEAD", 403, {})]
    fake.cut_after = [30_000]
    run("upload", file, "--json")
    run("upload", file, "--case", CASE["number"], "--json")
    assert len(fake.uploads) == 2


def test_two_files_of_one_name_do_not_meet_in_one_upload(fake, run, tmp_path):
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "cam.mp4").write_bytes(folder.encode() * 1000)
        os.utime(tmp_path / folder / "cam.mp4", (1, 1))
    fake.answers = [("PATCH", 403, {}), ("PATCH", 403, {}), ("HEAD", 403, {}), ("HEAD", 403, {})]
    assert run("upload", tmp_path / "a", tmp_path / "b", "--json")[0] == 1
    assert run("upload", tmp_path / "a", tmp_path / "b", "--json")[0] == 0
    assert {bytes(one.data[:1]): one.said["relative_path"] for one in fake.uploads.values()} == {
        b"a": "a/cam.mp4", b"b": "b/cam.mp4"
    }  # fmt: skip


def test_a_credential_that_ended_is_renewed_once(fake, run, file):
    fake.answers = [("PATCH", 401, {})]
    assert run("upload", file, "--json")[0] == 0
    assert bytes(only(fake).data) == CONTENT


def test_it_waits_until_sealed_and_playable(fake, run, file):
    code, lines = run("upload", file, "--wait", "--json")
    assert (code, lines[0]["state"], lines[0]["processing"]) == (0, "sealed", "done")


def test_sealed_but_not_playable_has_its_own_exit_code(fake, run, file):
    fake.final = {"item_state": "sealed", "processing": "failed", "processing_reason": "No picture in it."}
    code, lines = run("upload", file, "--wait", "--json")
    assert (code, lines[0]["reason"]) == (3, "No picture in it.")


def test_quarantine_is_a_failure(fake, run, file):
    fake.final = {"item_state": "quarantined", "processing": "waiting", "reason": "The hash differs."}
    code, lines = run("upload", file, "--wait", "--json")
    assert (code, lines[0]["state"], lines[0]["reason"]) == (1, "quarantined", "The hash differs.")


def test_a_file_that_is_written_to_meanwhile_is_told(fake, run, file, monkeypatch):
    from proofroom_client.sources import Reading

    chunks = Reading.chunks

    def meddled(self, first, end):
        os.utime(file, (2, 2))
        return chunks(self, first, end)

    monkeypatch.setattr(Reading, "chunks", meddled)
    code, lines = run("upload", file, "--json")
    assert (code, lines[0]["code"]) == (1, "source-changed")


def test_an_unknown_case_is_told(fake, run, file, capsys):
    from proofroom_client.cli import main

    assert main(["upload", str(file), "--case", "RPD-1999-00001"]) == 1
    assert "There is no case RPD-1999-00001" in capsys.readouterr().err
    assert fake.uploads == {}


def test_what_is_no_file_is_told_and_the_rest_goes_on(fake, run, tmp_path):
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "folder" / "pipe")
    (tmp_path / "folder" / "two.txt").write_bytes(b"two")
    code, lines = run("upload", tmp_path / "folder", "--json")
    assert (code, [one["state"] for one in lines]) == (1, ["failed", "received"])


def test_the_token_goes_to_the_known_address_only(fake, run, file):
    """The server names `elsewhere.example` as Location; everything arrives here all the same."""
    assert run("upload", file, "--json")[0] == 0
