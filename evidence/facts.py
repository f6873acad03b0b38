"""The facts object: what the bucket alone must say, so that every file comes back from it named and verified."""

from django.utils import timezone

from evidence import tus
from evidence.models import Filing, Item, Upload
from vault.models import VaultFile

FORMAT = "proofroom-facts-1"


def received(upload: Upload) -> dict[str, object]:
    """What is known of a file when its last byte is durable."""
    assert upload.file is not None
    item, file = upload.item, upload.file
    return {
        "format": FORMAT,
        "item": {"id": str(item.id), "number": item.number, "name": item.name, "agency": str(item.agency_id),
                 "added_by": str(item.added_by_id), "added_at": item.added_at.isoformat(), "cases": _cases(item)},
        "source": _source(upload),
        "file": _file(file),
        "written_at": timezone.now().isoformat(),
        "state": "received",
    }  # fmt: skip


def sealed(upload: Upload, sha256: str, crc32: int) -> dict[str, object]:
    """The same once everything was read back and compared."""
    assert upload.file is not None
    found = received(upload)
    found["state"] = "sealed"
    found["sealed"] = {"sha256": sha256, "crc32": f"{crc32:08x}", "version": upload.file.version_id,
                       "compared_with_source": bool(upload.source_sha256)}  # fmt: skip
    return found


def name_at_source(upload: Upload) -> bytes:
    """The name exactly as it came."""
    return tus.opened(upload.metadata.get("filename", ""))


def _cases(item: Item) -> list[dict[str, object]]:
    filings = Filing.objects.filter(item=item, ended_at=None).select_related("case").order_by("-home", "filed_at")
    return [{"id": str(f.case_id), "number": f.case.number, "title": f.case.title, "home": f.home} for f in filings]


def _source(upload: Upload) -> dict[str, object]:
    return {
        "name": name_at_source(upload).decode(errors="replace"),
        "said": upload.metadata,  # as it came, in base64: names that are no text survive
        "sha256": upload.source_sha256,
        "bytes": str(upload.source_bytes) if upload.source_bytes is not None else "",
        "path": upload.source_path,
        "modified": upload.source_modified.isoformat() if upload.source_modified else "",
    }


def _file(file: VaultFile) -> dict[str, object]:
    parts = list(file.parts.all())
    return {
        "key": file.s3_key,
        "bytes": str(sum(part.bytes for part in parts)),
        "segments": file.object.segments,
        "parts": [[part.bytes, bytes(part.sha256).hex(), f"{part.crc32:08x}"] for part in parts],
    }
