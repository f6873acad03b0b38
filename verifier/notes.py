"""C2SP signed notes with Ed25519 keys (algorithm 0x01), verifier keys, and the checkpoint text of C2SP tlog-checkpoint.

https://c2sp.org/signed-note, https://c2sp.org/tlog-checkpoint
"""

import base64
import binascii
import re
from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from verifier.errors import CheckpointAltered, ForeignCheckpoint, KeyUnreadable, Malformed, WrongKey

ED25519 = b"\x01"
MOST_NOTE_BYTES = 64 * 1024
MOST_SIGNATURES = 32
_NAME = re.compile(r"[^\s+\x00-\x20\x7f]{1,200}")
_SIZE = re.compile(r"0|[1-9][0-9]{0,15}")
_HASH_BYTES, _KEY_BYTES, _ID_BYTES = 32, 32, 4


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A log's public key as it is handed out: `<name>+<key id in hex>+<base64 of 0x01 and the key>`."""

    name: str
    public: bytes

    @property
    def id(self) -> bytes:
        """The first four bytes of SHA-256 over name, newline, algorithm, key."""
        return sha256(self.name.encode() + b"\n" + ED25519 + self.public).digest()[:_ID_BYTES]

    def __str__(self) -> str:
        return f"{self.name}+{self.id.hex()}+{base64.b64encode(ED25519 + self.public).decode()}"

    @classmethod
    def parse(cls, text: str) -> "VerifierKey":
        """Read a vkey. Raises KeyUnreadable."""
        name, _, rest = text.strip().partition("+")
        key_id, _, encoded = rest.partition("+")
        raw = _base64(encoded)
        if not _NAME.fullmatch(name) or raw is None or len(raw) != 1 + _KEY_BYTES or raw[:1] != ED25519:
            raise KeyUnreadable
        key = cls(name, raw[1:])
        if key.id.hex() != key_id.lower():
            raise KeyUnreadable
        return key

    @classmethod
    def of(cls, name: str, private: Ed25519PrivateKey) -> "VerifierKey":
        """The verifier key of a signing key."""
        if not _NAME.fullmatch(name):
            raise KeyUnreadable
        return cls(name, private.public_key().public_bytes_raw())


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A tree head: the log's name, how many leaves, the root over them."""

    origin: str
    size: int
    root: bytes

    def text(self) -> str:
        """The text that is signed."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"


def sign(checkpoint: Checkpoint, private: Ed25519PrivateKey) -> str:
    """The checkpoint as a signed note."""
    key = VerifierKey.of(checkpoint.origin, private)
    text = checkpoint.text()
    return f"{text}\n{signature_line(key, private.sign(text.encode()))}"


def signature_line(key: VerifierKey, signature: bytes) -> str:
    """One signature under a note, newline included."""
    return f"\u2014 {key.name} {base64.b64encode(key.id + signature).decode()}\n"


def verify(note: str, key: VerifierKey) -> Checkpoint:
    """The checkpoint that `key` signed.

    Raises Malformed when the note can't be read, ForeignCheckpoint when it is another log's, WrongKey when no
    signature is by this key, CheckpointAltered when the text isn't what was signed.
    """
    checkpoint, signatures = read(note)
    if checkpoint.origin != key.name:
        raise ForeignCheckpoint(origin=checkpoint.origin, name=key.name)
    ours = [raw[_ID_BYTES:] for name, raw in signatures if name == key.name and raw[:_ID_BYTES] == key.id]
    if not ours:
        raise WrongKey(name=key.name)
    text = note[: note.index("\n\n") + 1].encode()
    for signature in ours:
        try:
            Ed25519PublicKey.from_public_bytes(key.public).verify(signature, text)
        except InvalidSignature as error:
            raise CheckpointAltered from error
    return checkpoint


def read(note: str) -> tuple[Checkpoint, list[tuple[str, bytes]]]:
    """Take a note apart without believing it: the checkpoint, and each signature's key name and bytes."""
    text, gap, below = note.partition("\n\n")
    lines = below.split("\n")
    if len(note) > MOST_NOTE_BYTES or not gap or lines.pop() or not 0 < len(lines) <= MOST_SIGNATURES:
        raise Malformed(why="the checkpoint is not a signed note")
    return _checkpoint(text), [_signature(line) for line in lines]


def _checkpoint(text: str) -> Checkpoint:
    origin, *rest = text.split("\n")
    if len(rest) < 2 or not origin or not _SIZE.fullmatch(rest[0]):
        raise Malformed(why="the checkpoint's text has another form")
    root = _base64(rest[1])
    if root is None or len(root) != _HASH_BYTES:
        raise Malformed(why="the checkpoint's root is not a hash")
    return Checkpoint(origin, int(rest[0]), root)


def _signature(line: str) -> tuple[str, bytes]:
    mark, _, rest = line.partition(" ")
    name, _, encoded = rest.partition(" ")
    raw = _base64(encoded)
    if mark != "\u2014" or not _NAME.fullmatch(name) or raw is None or len(raw) <= _ID_BYTES:
        raise Malformed(why="a signature line of the checkpoint can't be read")
    return name, raw


def _base64(text: str) -> bytes | None:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
