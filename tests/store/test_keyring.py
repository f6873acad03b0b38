"""The key ring for evaluation."""

import logging
from pathlib import Path

import pytest

from store.errors import KeyRefused, KeysUnavailable
from store.keyring import LocalKeyring

FOR = {"object": "one"}


@pytest.fixture
def ring(tmp_path: Path) -> LocalKeyring:
    """A new ring."""
    return LocalKeyring.create(tmp_path / "keys" / "ring.json")


def test_what_it_wrapped_it_unwraps_also_after_a_restart(ring: LocalKeyring, tmp_path: Path) -> None:
    plain, wrapped = ring.generate("riverton", FOR)
    assert LocalKeyring(tmp_path / "keys" / "ring.json").unwrap("riverton", wrapped, FOR) == plain


def test_it_refuses_another_name_another_context_and_changed_bytes(ring: LocalKeyring) -> None:
    _, wrapped = ring.generate("riverton", FOR)
    changed = wrapped[:-1] + bytes([wrapped[-1] ^ 1])
    for name, given, context in [
        ("lakeside", wrapped, FOR), ("riverton", wrapped, {"object": "two"}), ("riverton", changed, FOR),
        ("riverton", b"", FOR), ("riverton", wrapped[:10], FOR),
    ]:  # fmt: skip
        with pytest.raises(KeyRefused):
            ring.unwrap(name, given, context)


def test_a_secret_does_not_open_as_a_data_key(ring: LocalKeyring) -> None:
    sealed = ring.seal_secret("riverton", b"seed", FOR)
    assert ring.open_secret("riverton", sealed, FOR) == b"seed"
    with pytest.raises(KeyRefused):
        ring.unwrap("riverton", sealed, FOR)


def test_only_its_owner_may_read_it(ring: LocalKeyring, tmp_path: Path) -> None:
    path = tmp_path / "keys" / "ring.json"
    assert path.stat().st_mode & 0o777 == 0o600
    path.chmod(0o644)
    with pytest.raises(KeysUnavailable):
        LocalKeyring(path)


def test_it_says_aloud_that_it_is_for_evaluation(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        LocalKeyring.create(tmp_path / "ring.json")
    assert "For evaluation only" in caplog.text
    assert "For evaluation only" in (tmp_path / "ring.json").read_text()


def test_it_never_replaces_a_ring(ring: LocalKeyring, tmp_path: Path) -> None:
    with pytest.raises(FileExistsError):
        LocalKeyring.create(tmp_path / "keys" / "ring.json")


def test_it_says_that_there_is_no_ring(tmp_path: Path) -> None:
    with pytest.raises(KeysUnavailable):
        LocalKeyring(tmp_path / "nothing.json")
