"""What a file is, by its content alone. A name or an extension is never asked."""

import struct
import zipfile
from dataclasses import dataclass
from io import BytesIO

HEAD_BYTES = 64 << 10
TAIL_LIMIT = 64 << 20  # a ZIP larger than this is not looked into


@dataclass(frozen=True)
class Type:
    """A media type, the reader that takes it (picture, heif, moving, none), and that reader's name for the format."""

    mime: str
    reader: str = "none"
    format: str = ""
    kind: str = ""

    def __post_init__(self) -> None:
        """Say video or audio by the media type, until the streams say better."""
        if not self.kind:
            major = self.mime.partition("/")[0]
            object.__setattr__(self, "kind", major if major in ("video", "audio") else "other")


UNKNOWN = Type("application/octet-stream")
_STARTS: list[tuple[bytes, Type]] = [
    (b"\xff\xd8\xff", Type("image/jpeg", "picture", "JPEG", "photo")),
    (b"\x89PNG\r\n\x1a\n", Type("image/png", "picture", "PNG", "photo")),
    (b"GIF87a", Type("image/gif", "picture", "GIF", "photo")),
    (b"GIF89a", Type("image/gif", "picture", "GIF", "photo")),
    (b"II*\0", Type("image/tiff", "picture", "TIFF", "photo")),
    (b"MM\0*", Type("image/tiff", "picture", "TIFF", "photo")),
    (b"BM", Type("image/bmp", "picture", "BMP", "photo")),
    (b"OggS", Type("audio/ogg", "moving", "ogg")),
    (b"fLaC", Type("audio/flac", "moving", "flac")),
    (b"#!AMR", Type("audio/amr", "moving", "amr")),
    (b"ID3", Type("audio/mpeg", "moving", "mp3")),
    (b"FLV\x01", Type("video/x-flv", "moving", "flv")),
    (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", Type("video/x-ms-asf", "moving", "asf")),
    (b"\0\0\x01\xba", Type("video/mpeg", "moving", "mpeg")),
    (b"%PDF-", Type("application/pdf", kind="document")),
    (b"{\\rtf", Type("application/rtf", kind="document")),
    (b"7z\xbc\xaf\x27\x1c", Type("application/x-7z-compressed")),
    (b"Rar!\x1a\x07", Type("application/vnd.rar")),
    (b"\x1f\x8b", Type("application/gzip")),
]
_RIFF = {
    b"WEBP": Type("image/webp", "picture", "WEBP", "photo"),
    b"WAVE": Type("audio/wav", "moving", "wav"),
    b"AVI ": Type("video/x-msvideo", "moving", "avi"),
}
_OFFICE = {
    "word/": Type("application/vnd.openxmlformats-officedocument.wordprocessingml.document", kind="document"),
    "xl/": Type("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", kind="document"),
    "ppt/": Type("application/vnd.openxmlformats-officedocument.presentationml.presentation", kind="document"),
}
_HEIF = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}
_OLE = [
    ("__properties_version1.0".encode("utf-16-le"), Type("application/vnd.ms-outlook", kind="document")),
    ("WordDocument".encode("utf-16-le"), Type("application/msword", kind="document")),
    ("Workbook".encode("utf-16-le"), Type("application/vnd.ms-excel", kind="document")),
    ("PowerPoint Document".encode("utf-16-le"), Type("application/vnd.ms-powerpoint", kind="document")),
]


def sniff(  # noqa: PLR0911 - one answer a kind of beginning
    head: bytes, whole: "bytes | None" = None
) -> Type:
    """Decide by the first 64 KiB; `whole` is given for small files, so that a ZIP's directory can be read."""
    if not head:
        return Type("application/x-empty")
    if head[:4] in (b"RIFF", b"RF64"):
        return _RIFF.get(head[8:12], UNKNOWN)
    if head[4:8] in (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot"):
        return _box(head)
    if head.startswith(b"\x1aE\xdf\xa3"):
        mime = "video/webm" if b"webm" in head[:64] else "video/x-matroska"
        return Type(mime, "moving", "matroska")
    if head.startswith(b"PK\x03\x04"):
        return _zip(whole)
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return next((found for mark, found in _OLE if mark in (whole or head)), Type("application/x-ole-storage"))
    for start, found in _STARTS:
        if head.startswith(start):
            return found
    return _without_magic(head)


def _box(head: bytes) -> Type:
    if head[4:8] != b"ftyp":
        return Type("video/quicktime", "moving", "mov")
    length = struct.unpack(">I", head[:4])[0]
    brand, compatible = head[8:12], head[16 : min(length, 512)]
    if brand in (b"avif", b"avis"):
        return Type("image/avif", "picture", "AVIF", "photo")
    if brand in _HEIF:
        found = b"avif" in compatible and b"heic" not in compatible
        return Type("image/avif", "picture", "AVIF", "photo") if found else Type("image/heic", "heif", "HEIF", "photo")
    mimes = {b"qt  ": "video/quicktime", b"M4A ": "audio/mp4", b"M4B ": "audio/mp4"}
    if brand[:3] in (b"3gp", b"3g2"):
        return Type("video/3gpp" if brand[:3] == b"3gp" else "video/3gpp2", "moving", "mov")
    return Type(mimes.get(brand, "video/mp4"), "moving", "mov")


def _zip(whole: "bytes | None") -> Type:
    if whole:
        try:
            names = zipfile.ZipFile(BytesIO(whole)).namelist()
        except (zipfile.BadZipFile, ValueError, OSError, struct.error):
            names = []
        if "[Content_Types].xml" in names:
            for folder, found in _OFFICE.items():
                if any(name.startswith(folder) for name in names):
                    return found
    return Type("application/zip")


def _without_magic(head: bytes) -> Type:
    for size, first in ((188, 0), (192, 4)):  # MPEG transport stream; with time codes, as camcorders write it
        if len(head) > first + 3 * size and all(head[first + step * size] == 0x47 for step in range(4)):
            return Type("video/mp2t", "moving", "mpegts")
    if len(head) > 3 and head[0] == 0xFF and head[1] & 0xF6 == 0xF0:
        return Type("audio/aac", "moving", "aac")
    if len(head) > 3 and head[0] == 0xFF and head[1] & 0xE6 == 0xE2:
        return Type("audio/mpeg", "moving", "mp3")
    if head[:4] == b"FORM" and head[8:12] in (b"AIFF", b"AIFC"):
        return Type("audio/aiff", "moving", "aiff")
    return _text(head)


def _text(head: bytes) -> Type:  # noqa: PLR0911 - one answer a kind of text
    try:
        text = head.decode("utf-8-sig").lstrip().lower()
    except UnicodeDecodeError as error:
        if error.start < len(head) - 4:
            return UNKNOWN
        text = head[: error.start].decode("utf-8-sig").lstrip().lower()
    if any(ord(letter) < 32 and letter not in "\t\n\r\f\x1b" for letter in text):
        return UNKNOWN
    if text.startswith(("<!doctype html", "<html")) or "<html" in text[:1024]:
        return Type("text/html", kind="document")
    if "<svg" in text[:4096] and text.startswith("<"):
        return Type("image/svg+xml", kind="document")
    if text.startswith("<?xml"):
        return Type("application/xml", kind="document")
    lines = [line.split(":", 1)[0] for line in text.split("\n\n", 1)[0].splitlines() if ":" in line]
    if {"from", "date"} <= set(lines) or {"received", "from"} <= set(lines):
        return Type("message/rfc822", kind="document")
    return Type("text/plain", kind="document")
