"""What one look at a file finds."""

import io
import wave
import zipfile
import zlib
from struct import pack

import pytest

from tests.media.conftest import Held, Look, picture, shown, video

RED_UPPER_LEFT = [["red", "blue"], ["blue", "blue"]]


@pytest.mark.parametrize(("form", "mime"), [
    ("JPEG", "image/jpeg"), ("PNG", "image/png"), ("WEBP", "image/webp"), ("GIF", "image/gif"), ("TIFF", "image/tiff"),
    ("BMP", "image/bmp"), ("AVIF", "image/avif"),
])  # fmt: skip
def test_a_picture_gets_a_preview_and_a_poster(look: Look, form: str, mime: str) -> None:
    found = look(picture(form))
    assert (found.mime, found.kind, found.reason) == (mime, "photo", "")
    assert (found.facts["width"]["value"], found.facts["height"]["value"]) == (60, 40)
    assert shown(found.preview) == shown(found.poster) == RED_UPPER_LEFT


def test_a_heic_gets_a_preview(look: Look) -> None:
    import pillow_heif

    pillow_heif.register_heif_opener()
    found = look(picture("HEIF", (64, 48)))
    assert (found.mime, shown(found.preview)) == ("image/heic", RED_UPPER_LEFT)


def test_a_large_picture_is_made_small(look: Look) -> None:
    from PIL import Image

    found = look(picture("JPEG", (5000, 2500)))
    assert Image.open(io.BytesIO(found.preview)).size == (2048, 1024)
    assert Image.open(io.BytesIO(found.poster)).size == (480, 240)


@pytest.mark.parametrize(("turn", "expected"), [
    (1, RED_UPPER_LEFT), (2, [["blue", "red"], ["blue", "blue"]]), (3, [["blue", "blue"], ["blue", "red"]]),
    (4, [["blue", "blue"], ["red", "blue"]]), (6, [["blue", "red"], ["blue", "blue"]]),
    (8, [["blue", "blue"], ["red", "blue"]]),
])  # fmt: skip
def test_it_is_turned_once_and_not_twice(look: Look, turn: int, expected: list[list[str]]) -> None:
    from PIL import Image

    exif = Image.Exif()
    exif[274] = turn
    found = look(picture("JPEG", exif=exif))
    assert shown(found.preview) == expected
    assert (found.facts["width"]["value"], found.facts["height"]["value"]) == ((40, 60) if turn > 4 else (60, 40))


def test_the_preview_says_nothing_of_the_place_and_the_camera(look: Look) -> None:
    from PIL import Image, ImageCms

    exif = Image.Exif()
    exif[271], exif[270] = "MARKER-MAKER", "MARKER-TEXT"
    exif.get_ifd(0x8825).update({1: "N", 2: (43.0, 28.0, 2.0), 3: "W", 4: (11.0, 53.0, 6.0)})
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    found = look(picture("JPEG", exif=exif, icc_profile=profile, comment=b"MARKER-COMMENT"))
    assert found.facts["make"]["value"] == "MARKER-MAKER"
    assert found.facts["gps"] == {
        "value": {"lat": 43.467222, "lon": -11.885}, "source": "EXIF GPS", "plausible": True
    }  # fmt: skip
    for made in (found.preview, found.poster):
        assert b"MARKER" not in made
        assert not set(Image.open(io.BytesIO(made)).info) & {"exif", "icc_profile", "comment", "xmp"}


@pytest.mark.parametrize(("original", "offset", "value", "zone"), [
    ("2020:03:01 10:11:12", None, "2020-03-01T10:11:12", "local"),
    ("2020:03:01 10:11:12", "-07:00", "2020-03-01T10:11:12-07:00", "offset"),
])  # fmt: skip
def test_it_says_what_kind_of_time_it_is(look: Look, original: str, offset: str | None, value: str, zone: str) -> None:
    from PIL import Image

    exif = Image.Exif()
    exif.get_ifd(0x8769).update({36867: original} | ({36881: offset} if offset else {}))
    assert look(picture("JPEG", exif=exif)).facts["captured"] == {
        "value": value, "source": "EXIF DateTimeOriginal", "zone": zone
    }  # fmt: skip


def test_a_clock_that_was_never_set_says_nothing(look: Look) -> None:
    from PIL import Image

    exif = Image.Exif()
    exif.get_ifd(0x8769).update({36867: "0000:00:00 00:00:00"})
    assert "captured" not in look(picture("JPEG", exif=exif)).facts


def test_a_place_that_can_not_be_is_kept_and_marked(look: Look) -> None:
    from PIL import Image

    exif = Image.Exif()
    exif.get_ifd(0x8825).update({1: "N", 2: (0.0, 0.0, 0.0), 3: "E", 4: (0.0, 0.0, 0.0)})
    assert look(picture("JPEG", exif=exif)).facts["gps"]["plausible"] is False


@pytest.mark.parametrize("mode", ["L", "P", "RGBA", "LA", "I;16", "1"])
def test_pictures_of_every_mode_come_out(look: Look, mode: str) -> None:
    found = look(picture("PNG", mode=mode) if mode not in ("LA", "I;16") else picture("TIFF", mode=mode))
    assert (found.reason, bool(found.preview)) == ("", True)


def test_a_picture_of_fifty_thousand_by_fifty_thousand_is_refused_quickly_and_with_a_reason(look: Look) -> None:
    found = look(huge_png(50_000, 50_000))
    assert found.reason.startswith("This picture is too large to preview: 50,000 × 50,000 pixels, and the limit is")
    assert (found.mime, found.kind, found.preview) == ("image/png", "photo", b"")


def test_a_picture_just_below_the_limit_is_shown(look: Look) -> None:
    found = look(huge_png(14_000, 14_000))
    assert (found.reason, bool(found.preview)) == ("", True)


def huge_png(width: int, height: int) -> bytes:
    """All black, one bit a pixel; made without ever holding it."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return pack(">I", len(body)) + name + body + pack(">I", zlib.crc32(name + body))

    packer, row = zlib.compressobj(1), bytes(1 + (width + 7) // 8)
    pixels = b"".join(packer.compress(row) for _ in range(height)) + packer.flush()
    head = chunk(b"IHDR", pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def test_a_cut_picture_fails_with_a_reason_and_keeps_what_it_said(look: Look) -> None:
    found = look(picture("JPEG", (2000, 2000), quality=100)[:5000])
    assert "This picture is damaged or incomplete" in found.reason
    assert found.facts["width"]["value"] == 2000


@pytest.mark.parametrize(("codec", "form", "mime", "playable"), [
    ("libx264", "mp4", "video/mp4", "video/mp4"), ("libx264", "mov", "video/quicktime", "video/mp4"),
    ("libvpx", "webm", "video/webm", "video/webm"), ("libvpx-vp9", "webm", "video/webm", "video/webm"),
    ("libx264", "matroska", "video/x-matroska", None), ("mpeg4", "mp4", "video/mp4", None),
    ("mpeg4", "avi", "video/x-msvideo", None), ("libx264", "mpegts", "video/mp2t", None), ("flv", "flv", "video/x-flv", None),
])  # fmt: skip
def test_a_video_tells_its_length_and_whether_browsers_play_it(
    look: Look, codec: str, form: str, mime: str, playable: str | None
) -> None:
    found = look(video(codec, form))
    assert (found.mime, found.kind, found.reason) == (mime, "video", "")
    assert found.facts["duration"]["value"] == pytest.approx(1, abs=0.2)
    assert (found.facts["width"]["value"], found.facts["height"]["value"]) == (64, 48)
    assert found.facts.get("playable", {}).get("value") == playable
    assert found.poster.startswith(b"\xff\xd8\xff")


def test_a_recording_tells_its_length(look: Look) -> None:
    target = io.BytesIO()
    with wave.open(target, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(bytes(16000))
    found = look(target.getvalue())
    assert (found.mime, found.kind, found.facts["playable"]["value"]) == ("audio/wav", "audio", "audio/wav")
    assert found.facts["duration"]["value"] == 1.0


def test_a_cut_video_fails_with_a_reason(look: Look) -> None:
    found = look(video("libx264")[:300])
    assert (found.kind, found.mime) == ("video", "video/mp4")
    assert "This video is damaged or incomplete" in found.reason


@pytest.mark.parametrize(("content", "mime"), [
    (b"#EXTM3U\n#EXTINF:1,\n/etc/passwd\n", "text/plain"),
    (b"ffconcat version 1.0\nfile /etc/passwd\n", "text/plain"),
    (b"v=0\no=- 0 0 IN IP4 127.0.0.1\nm=video 5004 RTP/AVP 96\n", "text/plain"),
    (b'<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011"/>', "application/xml"),
    (b"<!DOCTYPE html><script>alert(1)</script>", "text/html"),
    (b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', "image/svg+xml"),
    (b"%PDF-1.7\n/JS (app.alert(1))", "application/pdf"),
    (b"From: a@b\nDate: today\n\nHello", "message/rfc822"),
    ("Zeugnis über nichts\n".encode(), "text/plain"),
    (b"\0\1\2\3unknown", "application/octet-stream"),
    (b"", "application/x-empty"),
], ids=["playlist", "concat list", "session description", "manifest", "page", "drawing", "pdf", "letter", "text",
        "noise", "empty"])  # fmt: skip
def test_what_follows_references_or_runs_is_named_and_never_opened(look: Look, content: bytes, mime: str) -> None:
    found = look(content)
    assert (found.mime, found.reason, found.preview) == (mime, "", b"")


def test_an_office_document_is_known_by_what_is_in_it(look: Look) -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as file:
        file.writestr("[Content_Types].xml", "")
        file.writestr("word/document.xml", "")
    assert look(target.getvalue()).mime.endswith("wordprocessingml.document")


def test_a_long_video_is_not_read_whole() -> None:
    from evidence.media import probe

    held = Held(video("libx264", "mp4", size=(64, 48)) + bytes(64 << 20))
    assert probe.examine(held, lambda: None).kind == "video"
    assert held.asked < 8 << 20
