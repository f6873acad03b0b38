import base64

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from verifier import notes
from verifier.errors import CheckpointAltered, ForeignCheckpoint, KeyUnreadable, Malformed, WrongKey

PRIVATE = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
KEY = notes.VerifierKey.of("ledger.riverton.example", PRIVATE)
CHECKPOINT = notes.Checkpoint(KEY.name, 42, bytes(32))
NOTE = notes.sign(CHECKPOINT, PRIVATE)


def test_a_note_that_the_key_signed_gives_its_checkpoint():
    assert notes.verify(NOTE, KEY) == CHECKPOINT


def test_a_key_reads_back_from_its_text():
    assert notes.VerifierKey.parse(f"{KEY}\n") == KEY


def test_it_reads_the_example_key_of_the_go_programming_language():
    known = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
    assert str(notes.VerifierKey.parse(known)) == known


def test_it_verifies_the_example_note_of_the_go_programming_language():
    key = notes.VerifierKey.parse("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")
    signed = "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM="
    text = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
    raw = base64.b64decode(signed)
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    assert raw[:4] == key.id
    Ed25519PublicKey.from_public_bytes(key.public).verify(raw[4:], text.encode())


def test_signatures_of_witnesses_below_do_not_disturb():
    other = notes.VerifierKey("witness.example", bytes(32))
    cosigned = NOTE + notes.signature_line(other, b"\x04" * 72)
    assert notes.verify(cosigned, KEY) == CHECKPOINT


def test_it_refuses_another_logs_checkpoint():
    with pytest.raises(ForeignCheckpoint, match="lakeside"):
        notes.verify(notes.sign(notes.Checkpoint("lakeside.example", 1, bytes(32)), PRIVATE), KEY)


def test_it_refuses_the_wrong_key_of_the_same_name():
    stranger = notes.VerifierKey.of(KEY.name, Ed25519PrivateKey.generate())
    with pytest.raises(WrongKey):
        notes.verify(NOTE, stranger)


def test_it_refuses_a_text_that_was_not_signed():
    with pytest.raises(CheckpointAltered):
        notes.verify(NOTE.replace("\n42\n", "\n43\n"), KEY)


@pytest.mark.parametrize(
    "note",
    [
        "", "a\n1\n", NOTE[:-1], NOTE.replace("\n\n", "\n"), NOTE.replace("\u2014 ", "- "), NOTE.replace("42", "042"),
        NOTE.replace("42", "-1"), NOTE.replace("42", "9" * 400), NOTE.replace("AAAA", "AAA", 1), NOTE * 40,
        NOTE.replace("42", "\u0664\u0662"), "x" * 70_000 + NOTE,
    ],
)  # fmt: skip
def test_it_refuses_what_is_no_note(note):
    with pytest.raises((Malformed, ForeignCheckpoint)):
        notes.verify(note, KEY)


@pytest.mark.parametrize(
    "text",
    ["", "a+b+c", str(KEY).replace("ledger", "other"), str(KEY)[:-4], f"a b{KEY}", str(KEY).replace("+A", "+B", 1)],
)
def test_it_refuses_a_text_that_is_no_key(text):
    with pytest.raises(KeyUnreadable):
        notes.VerifierKey.parse(text)
