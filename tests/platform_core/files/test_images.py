"""Pictures are drawn anew."""

import io
import struct
import zlib
from datetime import UTC, datetime

import pytest
from PIL import ExifTags, Image, PngImagePlugin

from platform_core.common.errors import DomainError
from platform_core.files.images import Taken, clean, thumbnail
from tests.factories.files import picture


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


def with_notes(offset: str = "", **gps) -> bytes:
    """A lying picture with a time and the position of Qingdao's town hall."""
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    exif[ExifTags.Base.Make] = "Camera"
    details = exif.get_ifd(ExifTags.IFD.Exif)
    details[ExifTags.Base.DateTimeOriginal] = "2026:11:20 09:30:00"
    if offset:
        details[ExifTags.Base.OffsetTimeOriginal] = offset
    place = exif.get_ifd(ExifTags.IFD.GPSInfo)
    place[ExifTags.GPS.GPSLatitudeRef] = gps.get("north", "N")
    place[ExifTags.GPS.GPSLatitude] = gps.get("lat", (36.0, 4.0, 1.596))
    place[ExifTags.GPS.GPSLongitudeRef] = gps.get("east", "E")
    place[ExifTags.GPS.GPSLongitude] = (120.0, 22.0, 57.504)
    return picture(size=(60, 20), exif=exif)


def claiming(side: int) -> bytes:
    """A small PNG that says in its head that it is `side` pixels square."""
    content = picture(form="PNG")
    head = b"IHDR" + struct.pack(">II", side, side) + content[24:29]
    return content[:12] + head + struct.pack(">I", zlib.crc32(head)) + content[33:]


def test_position_and_time_are_read_and_then_gone():
    content, taken = clean(with_notes(), "image/jpeg")
    assert (taken.lon, taken.lat) == pytest.approx((120.38264, 36.06711), abs=1e-6)
    assert taken.at == datetime(2026, 11, 20, 1, 30, tzinfo=UTC)
    kept = opened(content)
    assert not kept.getexif()
    assert b"Exif" not in content
    assert kept.size == (20, 60)  # upright


def test_time_zone_of_the_camera_is_used():
    _, taken = clean(with_notes(offset="+09:00"), "image/jpeg")
    assert taken.at == datetime(2026, 11, 20, 0, 30, tzinfo=UTC)


def test_south_and_west_are_negative_and_nonsense_is_left_out():
    _, taken = clean(with_notes(north="S", east="W"), "image/jpeg")
    assert (taken.lon, taken.lat) == pytest.approx((-120.38264, -36.06711), abs=1e-6)
    _, taken = clean(with_notes(lat=(136.0, 0.0, 0.0)), "image/jpeg")
    assert (taken.lon, taken.lat) == (None, None)
    assert taken.at is not None


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "GIF"])
def test_nothing_but_the_picture_is_kept(form):
    secret = "secret-note"
    options = {"comment": secret} if form in {"JPEG", "GIF"} else {}
    if form == "PNG":
        options["pnginfo"] = PngImagePlugin.PngInfo()
        options["pnginfo"].add_text("Comment", secret)
    if form == "WEBP":
        options["xmp"] = secret.encode()
    original = picture(form=form, **options)
    original += b"<script>" + secret.encode()
    assert secret.encode() in original
    content, taken = clean(original, f"image/{form.lower()}")
    assert secret.encode() not in content
    assert taken == Taken()
    assert opened(content).size == (64, 48)


def test_transparency_and_animation_survive():
    stream = io.BytesIO()
    Image.new("RGBA", (10, 10), (255, 0, 0, 0)).save(stream, "PNG")
    content, _ = clean(stream.getvalue(), "image/png")
    assert opened(content).getpixel((0, 0))[3] == 0
    frames = [Image.new("RGB", (10, 10), colour) for colour in ("red", "green", "blue")]
    stream = io.BytesIO()
    frames[0].save(stream, "GIF", save_all=True, append_images=frames[1:])
    content, _ = clean(stream.getvalue(), "image/gif")
    assert opened(content).n_frames == 3


def test_very_many_frames_are_refused():
    frames = [Image.new("L", (2, 2), n % 256) for n in range(302)]
    stream = io.BytesIO()
    frames[0].save(stream, "GIF", save_all=True, append_images=frames[1:])
    with pytest.raises(DomainError) as caught:
        clean(stream.getvalue(), "image/gif")
    assert caught.value.code == "file_pixels"


def test_picture_of_print_colours_becomes_readable_in_a_browser():
    stream = io.BytesIO()
    Image.new("CMYK", (10, 10)).save(stream, "JPEG")
    content, _ = clean(stream.getvalue(), "image/jpeg")
    assert opened(content).mode == "RGB"


def test_bomb_is_refused_before_it_is_unpacked(settings):
    for side in (9_000, 12_000, 20_000, 60_000):
        with pytest.raises(DomainError) as caught:
            clean(claiming(side), "image/png")
        assert caught.value.code == "file_pixels"
    settings.FILE_MAX_PIXELS = 100
    with pytest.raises(DomainError):
        clean(picture(), "image/jpeg")


@pytest.mark.parametrize(
    "content", [picture()[:200], b"\xff\xd8\xff\xe0 no picture", picture(form="PNG")]
)
def test_broken_or_disguised_pictures_are_refused(content):
    with pytest.raises(DomainError) as caught:
        clean(content, "image/jpeg")
    assert caught.value.code == "file_broken"


def test_thumbnail_is_a_small_jpeg_on_white():
    stream = io.BytesIO()
    Image.new("RGBA", (1000, 500), (0, 0, 0, 0)).save(stream, "PNG")
    small = opened(thumbnail(stream.getvalue()))
    assert (small.format, small.size) == ("JPEG", (320, 160))
    assert small.getpixel((5, 5)) == (255, 255, 255)
