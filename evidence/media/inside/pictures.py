"""Photographs: what they say of themselves, and a preview that holds pixels and nothing else."""

import io
from typing import Any

from PIL import ExifTags, Image, ImageCms, ImageOps

from .saying import Facts, Unreadable, captured, fact, place, text
from .sniff import Type
from .source import Source, Worker

LARGEST_PIXELS = 200_000_000  # the largest sensors of telephones; also told in evidence/media/probe.py
LARGEST_HEIF = 256 << 20  # its library reads the whole file into memory
PREVIEW, POSTER = 2048, 480  # pixels along the longer side
_TURNED = (5, 6, 7, 8)  # EXIF orientations that swap width and height

Image.MAX_IMAGE_PIXELS = None  # our own limit comes first and has its own sentence


def read(worker: Worker, type_: Type, facts: Facts) -> Image.Image:
    """Put what the picture says into `facts`, and return its pixels, upright. Raises Unreadable."""
    image = _opened(worker, type_)
    width, height = image.size
    source = f"{type_.format} header"
    if width * height > LARGEST_PIXELS:  # before anything that decodes: a PNG's EXIF may stand behind its pixels
        facts["width"], facts["height"] = fact(width, source), fact(height, source)
        raise Unreadable("too-large")
    try:
        exif = image.getexif()
    except (OSError, ValueError, SyntaxError, EOFError) as error:
        raise Unreadable("damaged") from error
    turned = exif.get(ExifTags.Base.Orientation, 1)
    shown = (height, width) if turned in _TURNED and type_.reader != "heif" else (width, height)
    facts["width"], facts["height"] = fact(shown[0], source), fact(shown[1], source)
    if turned in range(1, 9) and ExifTags.Base.Orientation in exif:
        facts["orientation"] = fact(turned, "EXIF Orientation")
    _describe(exif, facts)
    try:
        image.draft("RGB", (PREVIEW, PREVIEW))  # JPEG alone: decodes at a fraction of its size
        return _upright(image)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise Unreadable("damaged") from error


def _opened(worker: Worker, type_: Type) -> Image.Image:
    if type_.reader == "heif":
        import pillow_heif

        if worker.size > LARGEST_HEIF:
            raise Unreadable("too-large")
        pillow_heif.register_heif_opener(thumbnails=False)
    try:
        return Image.open(io.BufferedReader(Source(worker)), formats=[type_.format])
    except (OSError, ValueError, SyntaxError, EOFError) as error:
        raise Unreadable("damaged") from error


def _describe(exif: Image.Exif, facts: Facts) -> None:
    for name, tag in (("make", ExifTags.Base.Make), ("model", ExifTags.Base.Model)):
        if said := text(exif.get(tag, "")):
            facts[name] = fact(said, f"EXIF {tag.name}")
    inner = exif.get_ifd(ExifTags.IFD.Exif)
    moment = text(inner.get(ExifTags.Base.DateTimeOriginal, "")) + text(inner.get(ExifTags.Base.OffsetTimeOriginal, ""))
    if found := captured(moment, "local", "EXIF DateTimeOriginal"):
        facts["captured"] = found
    if found := _position(exif.get_ifd(ExifTags.IFD.GPSInfo)):
        facts["gps"] = found


def _position(gps: dict[int, Any]) -> dict[str, Any] | None:
    try:
        lat, lon = (_degrees(gps[tag]) for tag in (ExifTags.GPS.GPSLatitude, ExifTags.GPS.GPSLongitude))
        south = text(gps.get(ExifTags.GPS.GPSLatitudeRef, "N")) == "S"
        west = text(gps.get(ExifTags.GPS.GPSLongitudeRef, "E")) == "W"
        alt = float(gps[ExifTags.GPS.GPSAltitude]) if ExifTags.GPS.GPSAltitude in gps else None
        if alt is not None and gps.get(ExifTags.GPS.GPSAltitudeRef) in (1, b"\x01"):
            alt = -alt
        return place(-lat if south else lat, -lon if west else lon, alt, "EXIF GPS")
    except (KeyError, TypeError, ValueError, ZeroDivisionError, IndexError):
        return None


def _degrees(parts: Any) -> float:
    degrees, minutes, seconds = (float(part) for part in parts)
    return degrees + minutes / 60 + seconds / 3600


def _upright(image: Image.Image) -> Image.Image:
    """The first frame, at most as large as a preview, turned once as its orientation says, in sRGB."""
    profile = image.info.get("icc_profile")
    if image.mode.startswith("I;16"):
        image = image.point(lambda value: value / 256).convert("L")
    if image.mode in ("I", "F"):
        image = image.convert("L")
    if image.mode not in ("RGB", "RGBA", "L", "CMYK"):
        image = image.convert("RGBA" if "transparency" in image.info or "A" in image.mode else "RGB")
    turned = ImageOps.exif_transpose(image)
    turned.thumbnail((PREVIEW, PREVIEW), Image.Resampling.LANCZOS)
    return _in_srgb(turned, profile)


def _in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    wanted = "RGBA" if image.mode == "RGBA" else "RGB"
    if profile and image.mode in ("RGB", "RGBA", "CMYK"):
        try:
            given = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            srgb = ImageCms.createProfile("sRGB")
            made = ImageCms.profileToProfile(image, given, srgb, outputMode=wanted if image.mode != "CMYK" else "RGB")
        except (ImageCms.PyCMSError, OSError, ValueError):
            made = None
        if made is not None:
            return made
    return image.convert(wanted)


def encoded(image: Image.Image, longest: int) -> bytes:
    """A JPEG, or WebP where there is transparency, without any metadata."""
    small = image.copy()
    small.thumbnail((longest, longest), Image.Resampling.LANCZOS)
    bare = Image.new(small.mode, small.size)  # a new picture carries no EXIF, XMP, comment or profile along
    bare.paste(small)
    target = io.BytesIO()
    if bare.mode == "RGBA":
        bare.save(target, "WEBP", quality=85)
    else:
        bare.save(target, "JPEG", quality=85, optimize=True, progressive=True)
    return target.getvalue()
