import stat

import pytest

from custody import signing
from custody.errors import LedgerKeyExists, LedgerKeyMissing
from verifier import merkle, notes

NAME = "ledger.riverton.example"


@pytest.fixture
def key(tmp_path):
    signing.create_key(tmp_path / "key", tmp_path / "vkey", NAME)
    return tmp_path / "key"


def test_the_key_is_read_by_its_owner_alone_and_the_vkey_by_all(key):
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert stat.S_IMODE(key.with_name("vkey").stat().st_mode) == 0o644


def test_what_it_signs_verifies_with_the_key_that_is_handed_out(key):
    note = signing.load(key).sign(0, merkle.EMPTY_ROOT)

    public = notes.VerifierKey.parse(key.with_name("vkey").read_text())
    assert notes.verify(note, public) == notes.Checkpoint(NAME, 0, merkle.EMPTY_ROOT)


def test_a_log_never_gets_a_second_key(key):
    before = key.read_text()

    with pytest.raises(LedgerKeyExists):
        signing.create_key(key, key.with_name("vkey"), NAME)
    assert key.read_text() == before


def test_a_key_that_others_can_read_is_not_used(key):
    key.chmod(0o640)

    with pytest.raises(LedgerKeyMissing, match="0600"):
        signing.load(key)


@pytest.mark.parametrize("text", ["", "hello", "PRIVATE+KEY+a+b+c", "PRIVATE+KEY+a+00000000+AQ=="])
def test_what_is_no_key_is_refused(key, text):
    key.write_text(text)

    with pytest.raises(LedgerKeyMissing):
        signing.load(key)


def test_a_key_under_another_name_is_refused(key):
    key.write_text(key.read_text().replace(NAME, "other.example"))

    with pytest.raises(LedgerKeyMissing):
        signing.load(key)


def test_a_missing_key_is_said_with_its_path(tmp_path):
    with pytest.raises(LedgerKeyMissing, match="nowhere"):
        signing.load(tmp_path / "nowhere")
