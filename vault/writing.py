"""Putting bytes into the vault: encrypted in memory, durable when a function returns.

Every outside write comes before the row that names it, so a crash in between leaves something unnamed, never a row
that names nothing. What each leaves, and who sweeps it, is told in docs/vault-format.md.
"""

import hashlib
import json
from base64 import b64encode
from collections.abc import Iterable
from uuid import UUID

from django.conf import settings
from django.db import transaction

from store.errors import Exists, TooShort
from store.errors import Missing as NotThere
from vault import places
from vault.datakeys import context_of, data_key, make
from vault.errors import NotTheSame
from vault.models import VaultFile, VaultObject, VaultPart, VaultPiece
from vault.opening import open_piece
from verifier import streams
from verifier.streams import Kind, Place

KEY_FORMAT = "proofroom-key-1"


def transfer_bytes(segments: int, length: int | None = None) -> int:
    """What one transfer holds at the most: a part's plain bytes and its sealed ones. For `buffers.pool().reserve`."""
    part = streams.plain_part_bytes(segments)
    plain = part if length is None else min(part, length)
    return plain + streams.sealed_bytes(plain)


def create_object(object_id: UUID, key_name: str, *, segments: int = streams.SEGMENTS_A_PART) -> VaultObject:
    """Make a data key, wrap it, write `o/<id>/key` durably, save the row with the key object's VersionId.

    Idempotent: called again for a row that a crash left without a key object, it finishes the work.
    """
    obj = VaultObject.objects.filter(pk=object_id).first()
    if obj is None:
        wrapped = make(object_id, key_name)
        obj = VaultObject.objects.create(
            id=object_id, key_name=key_name, wrapped_key=wrapped, bucket=settings.S3_BUCKET, segments=segments
        )
    if not obj.key_version_id:
        # A crash after this leaves one more version with the same wrapped key; erasure deletes every version.
        obj.key_version_id = places.store_of(obj).put(places.key_name(obj.id), _key_document(obj))
        obj.save(update_fields=["key_version_id"])
    return obj


def _key_document(obj: VaultObject) -> bytes:
    document = {
        "format": KEY_FORMAT,
        "object": str(obj.id),
        "key_name": obj.key_name,
        "context": context_of(obj.id),
        "segments": obj.segments,
        "wrapped": b64encode(bytes(obj.wrapped_key)).decode(),
    }
    return _canonical(document)


def begin_data(obj: VaultObject) -> VaultFile:
    """CreateMultipartUpload for `o/<id>/data`; the file's row is then `writing`. Idempotent while `opening`."""
    file, _ = VaultFile.objects.get_or_create(
        object=obj, kind=VaultFile.Kind.DATA, number=0, defaults={"s3_key": places.data_name(obj.id)}
    )
    if file.state == VaultFile.State.OPENING:
        # A crash after this leaves an empty multipart upload that no row names; `abandon` and the sweep find it.
        file.s3_upload_id = places.store_of(obj).begin(file.s3_key)
        file.state = VaultFile.State.WRITING
        file.save(update_fields=["s3_upload_id", "state"])
    return file


def upload_part(file: VaultFile, number: int, plain: bytes | bytearray | memoryview) -> VaultPart:
    """Encrypt one part and send it to S3. Returns an unsaved row; the caller saves it under its fence.

    `plain` is a full part (`streams.plain_part_bytes(segments)`) or the file's last, perhaps empty. Sending a number
    again replaces what was sent before, under a new salt. The caller holds `transfer_bytes` of the pool.
    """
    obj = file.object
    part, sealed = _sealed_part(file, number, plain)
    part.etag = places.store_of(obj).part(file.s3_key, file.s3_upload_id, number, sealed)
    return part


def _sealed_part(file: VaultFile, number: int, plain: bytes | bytearray | memoryview) -> tuple[VaultPart, bytearray]:
    obj, size = file.object, len(plain)
    sealed = streams.seal(data_key(obj), places.place_of(file, number), plain)
    part = VaultPart(
        file=file,
        number=number,
        offset=(number - 1) * streams.plain_part_bytes(obj.segments),
        bytes=size,
        sealed_bytes=len(sealed),
        header=bytes(sealed[: streams.HEADER_BYTES]),
        sha256=hashlib.sha256(plain).digest(),
        crc32=streams.crc32(plain),
    )
    return part, sealed


def put_piece(file: VaultFile, offset: int, plain: bytes | bytearray | memoryview) -> VaultPiece:
    """Encrypt what an interrupted PATCH left as its own object. Returns an unsaved row.

    `offset` is that of the first byte of `plain` in the file; which part it is of follows from it.
    """
    obj = file.object
    number = offset // streams.plain_part_bytes(obj.segments) + 1
    place = Place(Kind.PIECE, obj.id, file.number, number, offset)
    name = places.piece_name(obj.id, number, offset)
    version = places.store_of(obj).put(name, streams.seal(data_key(obj), place, plain))
    return VaultPiece(
        file=file,
        part=number,
        offset=offset,
        bytes=len(plain),
        s3_key=name,
        version_id=version,
        sha256=hashlib.sha256(plain).digest(),
    )


def read_piece(piece: VaultPiece) -> bytes:
    """Read a piece back, once, when its part is full. Raises Corrupt, Missing (vault.errors)."""
    return open_piece(piece)


def delete_piece(piece: VaultPiece) -> None:
    """Delete a piece's object by version, and its row when it has one. Idempotent."""
    places.store_of(piece.file.object).delete(piece.s3_key, piece.version_id)
    if piece.pk is not None:
        VaultPiece.objects.filter(pk=piece.pk).delete()


def complete_data(file: VaultFile) -> str:
    """CompleteMultipartUpload with the recorded ETags and `If-None-Match: *`; returns the VersionId. Saves nothing.

    Idempotent: after a crash between S3 and the database it finds the version by listing the key's versions, and takes
    it only when it has the recorded length and begins with the first part's header. Raises NotTheSame otherwise.
    """
    parts = list(file.parts.values_list("number", "etag"))
    outside = places.store_of(file.object)
    if file.version_id:
        return file.version_id
    try:
        return outside.complete(file.s3_key, file.s3_upload_id, parts)
    except (Exists, NotThere):
        return _completed_before(file)


def _completed_before(file: VaultFile) -> str:
    outside, parts = places.store_of(file.object), list(file.parts.all())
    sealed = sum(part.sealed_bytes for part in parts)
    for found in outside.versions_of(file.s3_key):
        if found.bytes != sealed:
            continue
        try:
            with outside.get(file.s3_key, found.version_id, 0, streams.HEADER_BYTES - 1) as stream:
                if stream.read(streams.HEADER_BYTES) == bytes(parts[0].header):
                    return found.version_id
        except (NotThere, TooShort):
            continue
    raise NotTheSame(file=file.s3_key)


def put_facts(obj: VaultObject, facts: dict[str, object], *, hold: bool = False) -> VaultFile:
    """Write `o/<id>/facts`, a new version each time; `hold` places a legal hold on it. Saves and returns the row.

    Numbers of 2**53 and more must come as text. The row names the newest version; older ones stay in the bucket.
    """
    file, _ = VaultFile.objects.get_or_create(
        object=obj, kind=VaultFile.Kind.FACTS, number=0, defaults={"s3_key": places.facts_name(obj.id)}
    )
    part, sealed = _sealed_part(file, 1, _canonical(facts))
    version = places.store_of(obj).put(file.s3_key, sealed, held=hold)
    return _save_whole(file, [part], version, held=hold)


def put_derivative(obj: VaultObject, number: int, chunks: Iterable[bytes]) -> VaultFile:
    """Write one derivative file under the set's data key, never locked. Saves and returns the row.

    Holds one part and its sealed copy. Called again for a number it replaces the file; the older version is deleted.
    """
    file, _ = VaultFile.objects.get_or_create(
        object=obj, kind=VaultFile.Kind.DERIVATIVE, number=number,
        defaults={"s3_key": places.derivative_name(obj.id, number)},
    )  # fmt: skip
    outside, older = places.store_of(obj), file.version_id
    upload, version, parts = "", "", []
    gathered = _parts_of(chunks, streams.plain_part_bytes(obj.segments))
    for index, (plain, more) in enumerate(gathered, start=1):
        part, sealed = _sealed_part(file, index, plain)
        if index == 1 and not more:
            version = outside.put(file.s3_key, sealed)
        else:
            upload = upload or outside.begin(file.s3_key)
            part.etag = outside.part(file.s3_key, upload, index, sealed)
        parts.append(part)
    if upload:
        version = outside.complete(file.s3_key, upload, [(part.number, part.etag) for part in parts], only_new=False)
    file = _save_whole(file, parts, version, held=False)
    if older and older != version:
        outside.delete(file.s3_key, older)
    return file


def _parts_of(chunks: Iterable[bytes], size: int) -> Iterable[tuple[bytearray, bool]]:
    """Chunks put together to parts of `size`, each with whether another follows. No chunk at all is one empty part."""
    held = bytearray()
    for chunk in chunks:
        held += chunk
        while len(held) > size:  # exactly full may still be the last
            yield held[:size], True
            del held[:size]
    yield held, False


def _save_whole(file: VaultFile, parts: list[VaultPart], version: str, *, held: bool) -> VaultFile:
    with transaction.atomic():
        file.parts.all().delete()
        for part in parts:
            part.file = file
        VaultPart.objects.bulk_create(parts)
        file.state = VaultFile.State.WHOLE
        file.version_id, file.held = version, held
        file.bytes = sum(part.bytes for part in parts)
        file.sealed_bytes = sum(part.sealed_bytes for part in parts)
        file.sha256 = parts[0].sha256 if len(parts) == 1 else None
        file.save()
    return file


def hold_data(file: VaultFile) -> None:
    """Place a legal hold on the file's version. Idempotent."""
    places.store_of(file.object).hold(file.s3_key, file.version_id)
    file.held = True
    file.save(update_fields=["held"])


def abandon(file: VaultFile) -> None:
    """Abort the multipart upload and delete its pieces, named by a row or not. Idempotent.

    Leaves a file that is already whole alone.
    """
    if file.state == VaultFile.State.WHOLE:
        return
    obj = file.object
    outside = places.store_of(obj)
    for pending in outside.pending(file.s3_key):
        if pending.key == file.s3_key:
            outside.abort(file.s3_key, pending.upload_id)
    for found in list(outside.versions(f"p/{obj.id}/")):
        outside.delete(found.key, found.version_id)
    file.pieces.all().delete()
    file.state = VaultFile.State.GONE
    file.save(update_fields=["state"])


def sweep_pieces(file: VaultFile) -> int:
    """Delete piece objects that no row names: what a crash between S3 and the database left. Returns how many.

    Only for a file that nobody writes to at the moment: a piece is in S3 before its row is.
    """
    obj = file.object
    named = set(file.pieces.values_list("s3_key", "version_id"))
    outside, gone = places.store_of(obj), 0
    for found in list(outside.versions(f"p/{obj.id}/")):
        if (found.key, found.version_id) not in named:
            outside.delete(found.key, found.version_id)
            gone += 1
    return gone


def _canonical(document: dict[str, object]) -> bytes:
    return json.dumps(document, ensure_ascii=True, sort_keys=True, separators=(",", ":")).encode()
