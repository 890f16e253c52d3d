"""Images are drawn anew: nothing but the picture is kept."""

import io
import math
import warnings
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from PIL import ExifTags, Image, ImageOps, ImageSequence, UnidentifiedImageError

from platform_core.common.errors import DomainError

FORMATS = {
    "image/jpeg": "JPEG",
    "image/png": "PNG",
    "image/webp": "WEBP",
    "image/gif": "GIF",
}
QUALITY = 88
THUMBNAIL = (320, 320)
FRAMES = 300
BROKEN = (OSError, ValueError, SyntaxError, EOFError, TypeError, KeyError)
Picture = Image.Image


@dataclass(frozen=True)
class Taken:
    """When and where a picture was taken, as the camera noted it."""

    at: datetime | None = None
    lon: float | None = None
    lat: float | None = None


def clean(content: bytes, media_type: str) -> tuple[bytes, Taken]:
    """The picture alone, upright, and what its camera had noted."""
    try:
        with _open(content, FORMATS[media_type]) as picture:
            taken = read_taken(picture.getexif())
            return _redraw(picture), taken
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_large() from error
    except UnidentifiedImageError as error:
        raise _unreadable() from error
    except BROKEN as error:
        raise _unreadable() from error


def thumbnail(content: bytes) -> bytes:
    """A small JPEG of a picture that was cleaned before."""
    with _open(content, None) as picture:
        small = picture.convert("RGBA") if _has_alpha(picture) else picture
        small.thumbnail(THUMBNAIL)
        if small.mode == "RGBA":
            ground = Image.new("RGB", small.size, "white")
            ground.paste(small, mask=small.getchannel("A"))
            small = ground
        stream = io.BytesIO()
        small.convert("RGB").save(stream, "JPEG", quality=80)
        return stream.getvalue()


def read_taken(exif: Image.Exif) -> Taken:
    """Time and position out of the camera's notes; unreadable ones are left out."""
    details = exif.get_ifd(ExifTags.IFD.Exif)
    gps = exif.get_ifd(ExifTags.IFD.GPSInfo)
    lat = _degrees(gps, ExifTags.GPS.GPSLatitude, ExifTags.GPS.GPSLatitudeRef, 90)
    lon = _degrees(gps, ExifTags.GPS.GPSLongitude, ExifTags.GPS.GPSLongitudeRef, 180)
    moment = _moment(details)
    if lat is None or lon is None:
        return Taken(at=moment)
    return Taken(at=moment, lon=lon, lat=lat)


def _open(content: bytes, form: str | None) -> Picture:
    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        formats = [form] if form else list(FORMATS.values())
        picture = Image.open(io.BytesIO(content), formats=formats)
    frames = getattr(picture, "n_frames", 1)
    pixels = picture.width * picture.height * frames
    if pixels > settings.FILE_MAX_PIXELS or frames > FRAMES:
        raise _too_large()
    return picture


def _redraw(picture: Picture) -> bytes:
    stream = io.BytesIO()
    form = picture.format or "PNG"
    if getattr(picture, "n_frames", 1) > 1:
        frames = [_bare(frame) for frame in ImageSequence.Iterator(picture)]
        duration = picture.info.get("duration", 100)
        frames[0].save(
            stream,
            form,
            save_all=True,
            append_images=frames[1:],
            duration=duration,
            loop=0,
        )
        return stream.getvalue()
    upright = _bare(ImageOps.exif_transpose(picture))
    if form == "JPEG" and upright.mode not in {"RGB", "L"}:
        upright = upright.convert("RGB")
    upright.save(stream, form, quality=QUALITY)
    return stream.getvalue()


def _bare(picture: Picture) -> Picture:
    """The pixels without comments, profiles and camera notes."""
    bare = picture.copy()
    keep = {"transparency"} if picture.mode in {"P", "L", "RGB"} else set()
    bare.info = {key: value for key, value in picture.info.items() if key in keep}
    return bare


def _has_alpha(picture: Picture) -> bool:
    return picture.mode in {"RGBA", "LA", "PA"} or "transparency" in picture.info


def _degrees(
    gps: dict[int, Any], value_tag: int, sign_tag: int, limit: int
) -> float | None:
    try:
        degrees, minutes, seconds = (float(part) for part in gps[value_tag])
        value = degrees + minutes / 60 + seconds / 3600
        if str(gps.get(sign_tag, "")).strip("\x00 ").upper() in {"S", "W"}:
            value = -value
    except (KeyError, TypeError, ValueError, ZeroDivisionError):
        return None
    return round(value, 7) if math.isfinite(value) and abs(value) <= limit else None


def _moment(details: dict[int, Any]) -> datetime | None:
    try:
        text = str(details[ExifTags.Base.DateTimeOriginal]).strip("\x00 ")
        offset = str(details.get(ExifTags.Base.OffsetTimeOriginal, "")).strip("\x00 ")
        if offset:
            return datetime.strptime(text + offset, "%Y:%m:%d %H:%M:%S%z")
        zone = timezone.get_default_timezone()
        return datetime.strptime(text, "%Y:%m:%d %H:%M:%S").replace(tzinfo=zone)
    except (KeyError, ValueError):
        return None


def _too_large() -> DomainError:
    return DomainError(_("The picture has too many pixels."), code="file_pixels")


def _unreadable() -> DomainError:
    return DomainError(_("The picture cannot be read."), code="file_broken")
