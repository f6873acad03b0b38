"""The protocol: what tus 1.0.0 demands of a server, and what a client gets for a wrong request."""

import hashlib
import os
from base64 import b64encode

import pytest
from django.test import Client

from custody.actors import Actor
from evidence.models import Case, Upload
from tests.cast import bearer
from tests.evidence.sending import CHUNK, TUS, Sender, metadata
from verifier import streams

PART = streams.plain_part_bytes()


@pytest.fixture
def sender(alice: Actor, bucket: str) -> Sender:
    """Alice's browser."""
    return Sender.of(alice)


def test_it_says_what_it_offers(client: Client) -> None:
    answer = client.options("/api/v1/uploads/")
    assert answer.status_code == 204
    assert answer["Tus-Version"] == "1.0.0"
    assert set(answer["Tus-Extension"].split(",")) >= {"creation", "expiration", "checksum", "termination"}
    assert answer["Tus-Checksum-Algorithm"] == "sha256,sha1"


def test_creation_says_where_and_until_when(sender: Sender) -> None:
    answer = sender.begin(11)
    assert answer.status_code == 201
    assert answer["Location"].startswith("http://localhost/api/v1/uploads/")
    assert answer["Upload-Expires"].endswith("GMT")
    assert answer["Proofroom-Item"] == str(sender.item.id)
    assert len(answer["Proofroom-Credential"]) >= 43


def test_head_tells_offset_and_length(sender: Sender) -> None:
    sender.begin(11)
    sender.send(0, b"hello")
    answer = sender.head()
    assert (answer["Upload-Offset"], answer["Upload-Length"], answer["Cache-Control"]) == ("5", "11", "no-store")
    assert answer["Upload-Metadata"] == metadata(filename="camera 4.mp4")


def test_another_version_of_tus_is_refused(sender: Sender) -> None:
    sender.begin(11)
    answer = sender.client.head(sender.url, headers={**sender.headers(), "Tus-Resumable": "0.2.2"})
    assert (answer.status_code, answer["Tus-Version"]) == (412, "1.0.0")


def test_a_wrong_offset_is_a_conflict_that_tells_the_right_one(sender: Sender) -> None:
    sender.begin(11)
    sender.send(0, b"hello")
    answer = sender.send(3, b"lo worl")
    assert answer.status_code == 409
    assert "byte 5" in answer.json()["detail"]
    assert sender.upload.offset == 5


def test_more_than_announced_is_refused_and_nothing_kept(sender: Sender) -> None:
    sender.begin(3)
    assert sender.send(0, b"four").status_code == 413
    assert sender.upload.offset == 0


def test_another_content_type_is_refused(sender: Sender) -> None:
    sender.begin(3)
    answer = sender.client.patch(sender.url, b"abc", content_type="application/json", headers=sender.headers())
    assert answer.status_code == 415


@pytest.mark.parametrize(("algorithm", "bits"), [("sha1", hashlib.sha1), ("sha256", hashlib.sha256)])
def test_a_right_checksum_passes(sender: Sender, algorithm: str, bits: object) -> None:
    sender.begin(5)
    digest = b64encode(bits(b"hello").digest()).decode()  # type: ignore[operator]
    assert sender.send(0, b"hello", Upload_Checksum=f"{algorithm} {digest}").status_code == 204


def test_a_wrong_checksum_keeps_nothing(sender: Sender) -> None:
    sender.begin(5)
    wrong = b64encode(hashlib.sha256(b"other").digest()).decode()
    answer = sender.send(0, b"hello", Upload_Checksum=f"sha256 {wrong}")
    assert (answer.status_code, answer.json()["code"]) == (460, "upload-checksum")
    assert sender.head()["Upload-Offset"] == "0"
    assert sender.send(0, b"hello").status_code == 204


def test_an_unknown_algorithm_is_refused(sender: Sender) -> None:
    sender.begin(5)
    assert sender.send(0, b"hello", Upload_Checksum="md5 AAAA").status_code == 400


def test_a_checksummed_chunk_fits_in_a_part(sender: Sender) -> None:
    sender.begin(PART + 10)
    answer = sender.send(0, bytes(PART + 1), Upload_Checksum="sha1 AAAA")
    assert (answer.status_code, answer.json()["code"]) == (413, "upload-checksum-size")


def test_the_length_may_come_later(sender: Sender) -> None:
    sender.begin(None)
    assert sender.upload.file is not None
    assert sender.upload.file.object.segments == 128
    sender.send(0, b"hello")
    assert sender.head()["Upload-Defer-Length"] == "1"
    assert sender.send(5, b" you", Upload_Length="9").status_code == 204
    assert sender.upload.state == Upload.State.FINISHED


def test_a_late_length_alone_finishes(sender: Sender) -> None:
    sender.begin(None)
    sender.send(0, b"hello")
    assert sender.send(5, b"", Upload_Length="5").status_code == 204
    assert (sender.upload.state, sender.item.bytes) == (Upload.State.FINISHED, 5)


def test_a_late_length_below_what_is_here_is_refused(sender: Sender) -> None:
    sender.begin(None)
    sender.send(0, b"hello")
    assert sender.send(5, b"", Upload_Length="4").status_code == 413


@pytest.mark.parametrize("header", ["filename", "filename ***", "filename YQ==,filename YQ==", "ä YQ=="])
def test_metadata_that_is_none_is_refused(sender: Sender, header: str) -> None:
    answer = sender.client.post("/api/v1/uploads/", headers={**TUS, "Upload-Length": "1", "Upload-Metadata": header})
    assert answer.status_code == (201 if header == "filename" else 400)  # a key may have no value (tus 1.0.0)


@pytest.mark.parametrize("length", ["", "-1", "1e3", "99999999999999999999", "x"])
def test_a_length_that_is_none_is_refused(sender: Sender, length: str) -> None:
    answer = sender.client.post("/api/v1/uploads/", headers={**TUS, "Upload-Length": length})
    assert answer.status_code == 400


def test_more_than_s3_takes_is_told_at_once(sender: Sender) -> None:
    assert sender.begin(10**14).json()["code"] == "upload-too-large"


def test_termination_ends_it(sender: Sender) -> None:
    sender.begin(11)
    sender.send(0, b"hello")
    assert sender.client.delete(sender.url, headers=sender.headers()).status_code == 204
    assert (sender.upload.state, sender.item.state) == ("abandoned", "abandoned")
    assert sender.head().status_code == 410
    assert sender.send(5, b" world").status_code == 410


def test_the_credential_is_the_only_right(sender: Sender, alice: Actor) -> None:
    sender.begin(11)
    by_cookie = sender.client.patch(sender.url, b"a", content_type=CHUNK, headers={**TUS, "Upload-Offset": "0"})
    by_token = sender.client.head(sender.url, headers={**TUS, **bearer(alice)})
    sender.credential = "wrong"
    assert (by_cookie.status_code, by_token.status_code, sender.head().status_code) == (401, 401, 401)


def test_a_credential_is_for_its_own_upload(sender: Sender, alice: Actor) -> None:
    sender.begin(11)
    other = Sender.of(alice)
    other.begin(12)
    other.credential = sender.credential
    assert other.head().status_code == 401


def test_a_token_begins_too(client: Client, alice: Actor, case: Case, bucket: str) -> None:
    headers = {
        **TUS,
        **bearer(alice),
        "Upload-Length": "4",
        "Upload-Metadata": metadata(filename="a", case=case.number),
    }
    assert client.post("/api/v1/uploads/", headers=headers).status_code == 201


def test_a_retry_of_the_last_chunk_is_harmless(sender: Sender) -> None:
    sender.begin(5)
    assert sender.send(0, b"hello").status_code == 204
    assert sender.send(5, b"").status_code == 204
    assert sender.send(0, b"hello").status_code == 410


def test_bytes_of_random_sizes_come_together(sender: Sender, run_jobs: object) -> None:
    data, sizes, offset = os.urandom(300_000), [1, 70_000, 65_536, 3, 120_000, 44_460], 0
    sender.begin(len(data))
    for size in sizes:
        assert sender.send(offset, data[offset : offset + size]).status_code == 204
        offset += size
    run_jobs()  # type: ignore[operator]
    assert sender.item.sha256 == hashlib.sha256(data).hexdigest()
    assert sender.upload.file is not None
    assert not sender.upload.file.pieces.exists()
