"""The log's Ed25519 key: made once, read by the sequencer alone, its public half handed out."""

import base64
import os
import stat
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings

from custody.errors import LedgerKeyExists, LedgerKeyMissing
from verifier import notes
from verifier.errors import KeyUnreadable

_PREFIX = "PRIVATE+KEY+"  # the form of golang.org/x/mod/sumdb/note, that other C2SP tools read too


@dataclass(frozen=True, slots=True)
class Signer:
    """A log's name and private key."""

    name: str
    private: Ed25519PrivateKey

    @property
    def public(self) -> notes.VerifierKey:
        """What others verify with."""
        return notes.VerifierKey.of(self.name, self.private)

    def sign(self, size: int, root: bytes) -> str:
        """A checkpoint as a signed note."""
        return notes.sign(notes.Checkpoint(self.name, size, root), self.private)


def create_key(key_path: Path, vkey_path: Path, name: str) -> notes.VerifierKey:
    """Make the key of a new log, mode 0600, and its verifier key, for everybody. Raises LedgerKeyExists."""
    private = Ed25519PrivateKey.generate()
    public = notes.VerifierKey.of(name, private)
    seed = base64.b64encode(notes.ED25519 + private.private_bytes_raw()).decode()
    try:
        _write(key_path, f"{_PREFIX}{name}+{public.id.hex()}+{seed}\n", 0o600)
    except FileExistsError as error:
        raise LedgerKeyExists(path=key_path) from error
    vkey_path.unlink(missing_ok=True)  # a crash between the two left none, or one of a key that is gone
    _write(vkey_path, f"{public}\n", 0o644)
    return public


def signer() -> Signer:
    """The installation's own. Raises LedgerKeyMissing."""
    return load(Path(settings.LEDGER_KEY))


def load(path: Path) -> Signer:
    """Read a key file. Raises LedgerKeyMissing when it isn't there, isn't ours alone, or isn't a key."""
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
        text = path.read_text("ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise LedgerKeyMissing(path=path, why=type(error).__name__) from error
    if mode & 0o077:
        raise LedgerKeyMissing(path=path, why=f"others can read it (mode {mode:04o}, not 0600)")
    name, _, rest = text.removeprefix(_PREFIX).partition("+")
    key_id, _, seed = rest.partition("+")
    try:
        raw = base64.b64decode(seed, validate=True)
        found = Signer(name, Ed25519PrivateKey.from_private_bytes(raw[1:]))
        if raw[:1] != notes.ED25519 or found.public.id.hex() != key_id:
            raise ValueError("another algorithm or key id")
    except (ValueError, KeyUnreadable) as error:
        raise LedgerKeyMissing(path=path, why="it is not an Ed25519 note key") from error
    return found


def verifier_key() -> notes.VerifierKey:
    """The log's public key as `/log/vkey` hands it out; no process but the sequencer reads the private one."""
    path = Path(settings.LEDGER_VKEY)
    try:
        return notes.VerifierKey.parse(path.read_text("ascii"))
    except (OSError, KeyUnreadable) as error:
        raise LedgerKeyMissing(path=path, why=type(error).__name__) from error


def _write(path: Path, text: str, mode: int) -> None:
    """Write a new file durably. Raises FileExistsError."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "w", encoding="ascii") as out:
        os.fchmod(out.fileno(), mode)  # the umask may have taken more
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
