"""Putting bytes into the vault: encrypted in memory, durable when a function returns."""

from collections.abc import Iterable
from uuid import UUID

from vault.models import VaultFile, VaultObject, VaultPart, VaultPiece


def create_object(object_id: UUID, key_name: str, *, segments: int = 32) -> VaultObject:
    """Make a data key, wrap it, write `o/<id>/key` durably, save the row with the key object's VersionId.

    Idempotent: called again for a row that a crash left without a key object, it finishes the work.
    """
    raise NotImplementedError


def begin_data(obj: VaultObject) -> VaultFile:
    """CreateMultipartUpload for `o/<id>/data`; the file's row is then `writing`. Idempotent while `opening`."""
    raise NotImplementedError


def upload_part(file: VaultFile, number: int, plain: bytes) -> VaultPart:
    """Encrypt one part and send it to S3. Returns an unsaved row; the caller saves it under its fence."""
    raise NotImplementedError


def put_piece(file: VaultFile, offset: int, plain: bytes) -> VaultPiece:
    """Encrypt what an interrupted PATCH left as its own object. Returns an unsaved row."""
    raise NotImplementedError


def read_piece(piece: VaultPiece) -> bytes:
    """Read a piece back, once, when its part is full."""
    raise NotImplementedError


def delete_piece(piece: VaultPiece) -> None:
    """Delete a piece's object by version. Idempotent."""
    raise NotImplementedError


def complete_data(file: VaultFile) -> str:
    """CompleteMultipartUpload with the recorded ETags and `If-None-Match: *`; returns the VersionId. Saves nothing.

    Idempotent: after a crash between S3 and the database it finds the version by listing the key's versions.
    """
    raise NotImplementedError


def put_facts(obj: VaultObject, facts: dict[str, object], *, hold: bool = False) -> VaultFile:
    """Write `o/<id>/facts`, a new version each time; `hold` places a legal hold on it. Saves and returns the row."""
    raise NotImplementedError


def put_derivative(obj: VaultObject, number: int, chunks: Iterable[bytes]) -> VaultFile:
    """Write one derivative file under the set's data key, never locked. Saves and returns the row."""
    raise NotImplementedError


def hold_data(file: VaultFile) -> None:
    """Place a legal hold on the file's version. Idempotent."""
    raise NotImplementedError


def abandon(file: VaultFile) -> None:
    """Abort the multipart upload and delete its pieces. Idempotent."""
    raise NotImplementedError
