"""Video and audio: what they say of themselves, whether a browser plays them as they are, and one frame."""

import io
import struct
from typing import Any

import av
from PIL import Image

from . import boxes
from .saying import Facts, Unreadable, captured, fact, first_of, place_of_iso6709, text
from .sniff import HEAD_BYTES, Type
from .source import Source, Worker

LARGEST_FRAME = 8192 * 8192
STREAMS = 64
FORMATS = "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpegts,mpeg,asf,flv,mp3,wav,flac,ogg,amr,aac,aiff"
FRAMES_TRIED = 200
ATTACHED_PICTURE = 0x400  # AV_DISPOSITION_ATTACHED_PIC: a cover, not a video
_EIGHT_BIT = {"yuv420p", "yuvj420p"}
_IN_MP4 = ({"h264", "av1", "vp9"}, {"aac", "mp3", "opus", "flac"})
_IN_WEBM = ({"vp8", "vp9", "av1"}, {"opus", "vorbis"})
_AUDIO_ALONE = {
    "mp3": ({"mp3"}, "audio/mpeg"),
    "mov": ({"aac", "mp3", "flac"}, "audio/mp4"),
    "wav": ({"pcm_s16le", "pcm_u8", "pcm_s24le", "pcm_f32le"}, "audio/wav"),
    "ogg": ({"opus", "vorbis", "flac"}, "audio/ogg"),
    "flac": ({"flac"}, "audio/flac"),
    "matroska": ({"opus", "vorbis"}, "audio/webm"),
}
# (a, b, c, d) of the display matrix, as signs: x' = ax + cy, y' = bx + dy, with y downwards.
_TURNS: dict[tuple[int, int, int, int], Image.Transpose | None] = {
    (1, 0, 0, 1): None,
    (0, 1, -1, 0): Image.Transpose.ROTATE_270,
    (-1, 0, 0, -1): Image.Transpose.ROTATE_180,
    (0, -1, 1, 0): Image.Transpose.ROTATE_90,
    (-1, 0, 0, 1): Image.Transpose.FLIP_LEFT_RIGHT,
    (1, 0, 0, -1): Image.Transpose.FLIP_TOP_BOTTOM,
    (0, 1, 1, 0): Image.Transpose.TRANSPOSE,
    (0, -1, -1, 0): Image.Transpose.TRANSVERSE,
}


def read(worker: Worker, type_: Type, facts: Facts) -> tuple[Type, Image.Image | None]:
    """Put what the file says into `facts`; return its type as its streams decide it, and a frame of its video.

    Raises Unreadable.
    """
    _made_by_header(worker, type_, facts)
    if type_.format == "mov" and boxes.look(worker)[0]:
        facts.setdefault("kind", fact("video", "MP4 boxes"))
        raise Unreadable("encrypted")
    try:
        with _container(worker, type_) as container:
            return _described(container, type_, facts)
    except (av.error.FFmpegError, ValueError, OSError, IndexError) as error:
        raise Unreadable("damaged") from error


def _container(worker: Worker, type_: Type) -> Any:
    # One demuxer and no other: playlists, concat lists and the like follow references.
    options = {"format_whitelist": FORMATS, "protocol_whitelist": ""}
    return av.open(io.BufferedReader(Source(worker), 1 << 16), format=type_.format, container_options=options,
                   metadata_errors="replace")  # fmt: skip


def _described(container: Any, type_: Type, facts: Facts) -> tuple[Type, Image.Image | None]:
    streams = list(container.streams)[:STREAMS]
    videos = [found for found in streams if found.type == "video" and not found.disposition.value & ATTACHED_PICTURE]
    audios = [found for found in streams if found.type == "audio"]
    if not videos and not audios:
        raise Unreadable("nothing-in-it")
    if container.duration:
        facts["duration"] = fact(round(container.duration / av.time_base, 3), "container")
    facts["streams"] = fact([_stream(found) for found in streams], "container")
    _metadata({key.lower(): value for key, value in container.metadata.items()}, facts)
    kind = "video" if videos else "audio"
    facts["kind"] = fact(kind, "streams")
    frame = _frame(container, videos[0], facts) if videos else None
    if playable := _playable(type_, videos, audios):
        facts["playable"] = fact(playable, "container and codecs")
    return Type(_mime(type_, kind), type_.reader, type_.format, kind), frame


def _stream(stream: Any) -> dict[str, Any]:
    context = stream.codec_context
    said: dict[str, Any] = {"type": str(stream.type), "codec": _codec(stream)}
    if stream.type == "video" and context is not None:
        said |= {"width": context.width, "height": context.height, "pixels": str(context.pix_fmt or "")}
        if rate := stream.average_rate:
            said["rate"] = round(float(rate), 3)
    if stream.type == "audio" and context is not None:
        said |= {"channels": context.channels, "sample_rate": context.sample_rate}
    return said


def _codec(stream: Any) -> str:
    context = stream.codec_context
    if context is None:
        return ""
    return str(context.codec.canonical_name)


def _mime(type_: Type, kind: str) -> str:
    if kind == "audio" and type_.mime.startswith("video/"):
        return {"mov": "audio/mp4", "matroska": "audio/webm" if type_.mime == "video/webm" else "audio/x-matroska",
                "asf": "audio/x-ms-wma"}.get(type_.format, type_.mime)  # fmt: skip
    if kind == "video" and type_.mime.startswith("audio/"):
        return "video/" + type_.mime.removeprefix("audio/")
    return type_.mime


def _playable(type_: Type, videos: list[Any], audios: list[Any]) -> str:
    """The media type under which browsers play the original as it is, or nothing."""
    heard = {_codec(found) for found in audios}
    if not videos:
        codecs, mime = _AUDIO_ALONE.get(type_.format, (set(), ""))
        return mime if heard <= codecs and type_.mime != "video/x-matroska" else ""
    seen, pixels = {_codec(found) for found in videos}, {str(found.codec_context.pix_fmt) for found in videos}
    if not pixels <= _EIGHT_BIT:
        return ""
    if type_.format == "mov" and seen <= _IN_MP4[0] and heard <= _IN_MP4[1]:
        return "video/mp4"
    if type_.mime == "video/webm" and seen <= _IN_WEBM[0] and heard <= _IN_WEBM[1]:
        return "video/webm"
    return ""


def _made_by_header(worker: Worker, type_: Type, facts: Facts) -> None:
    head = worker.at(0, HEAD_BYTES)
    if type_.format == "mov":
        moment, source = boxes.look(worker)[1], "QuickTime CreateDate"
    elif type_.format == "matroska":
        moment, source = boxes.matroska_made(head), "Matroska DateUTC"
    elif type_.format == "asf":
        moment, source = boxes.asf_made(head), "ASF CreationDate"
    else:
        return
    if found := captured(moment, "utc", source):
        facts["captured"] = found


def _metadata(said: dict[str, str], facts: Facts) -> None:
    name, moment = first_of(said, "com.apple.quicktime.creationdate")
    if found := captured(moment, "local", name):
        facts["captured"] = found
    for which in ("make", "model"):
        name, value = first_of(said, f"com.apple.quicktime.{which}", f"com.android.{which}", which)
        if value:
            facts[which] = fact(text(value), name)
    name, value = first_of(said, "com.apple.quicktime.location.iso6709", "location")
    if found := place_of_iso6709(value, name):
        facts["gps"] = found


def _frame(container: Any, stream: Any, facts: Facts) -> Image.Image | None:
    width, height = stream.codec_context.width, stream.codec_context.height
    if width * height > LARGEST_FRAME:
        raise Unreadable("too-large")
    first = _one_frame(container, stream)
    matrix, turn = (1, 0, 0, 1), None
    if first is not None:
        matrix = _matrix(first)
        turn = _TURNS.get(matrix)
    swapped = matrix[0] == 0
    wide, high = (height, width) if swapped else (width, height)
    facts["width"], facts["height"] = fact(wide, "video"), fact(high, "video")
    if first is not None:
        facts["rotation"] = fact(int(-first.rotation) % 360, "display matrix")
    later = _later_frame(container, stream) or first
    if later is None:
        return None
    shown: Image.Image = later.to_image()
    return shown if turn is None else shown.transpose(turn)


def _one_frame(container: Any, stream: Any) -> Any:
    for tried, packet in enumerate(container.demux(stream)):
        try:
            for frame in packet.decode():
                return frame
        except av.error.FFmpegError:
            pass
        if tried > FRAMES_TRIED:
            return None
    return None


def _later_frame(container: Any, stream: Any) -> Any:
    """A frame a little way in: the very first is often black."""
    if not container.duration:
        return None
    try:
        container.seek(min(container.duration // 10, 5 * av.time_base), backward=True, any_frame=False)
        return _one_frame(container, stream)
    except av.error.FFmpegError:
        return None


def _matrix(frame: Any) -> tuple[int, int, int, int]:
    for side in frame.side_data:
        if str(side.type).endswith("DISPLAYMATRIX"):
            values = struct.unpack("=9i", bytes(side)[:36])
            a, b, c, d = (round(values[at] / 65536) for at in (0, 1, 3, 4))
            sign = tuple((value > 0) - (value < 0) for value in (a, b, c, d))
            return sign if sign in _TURNS else (1, 0, 0, 1)
    return (1, 0, 0, 1)
