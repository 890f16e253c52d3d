"""What a file is, told from its content; anything not on the list is refused."""

import io
import zipfile

from django.conf import settings
from django.utils.translation import gettext as _

from platform_core.common.errors import DomainError

IMAGES = {
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/webp": ".webp",
    "image/gif": ".gif",
}
DOCUMENTS = {
    "application/pdf": ".pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
}
RECORDINGS = {
    "video/mp4": ".mp4",
    "video/webm": ".webm",
    "audio/mp4": ".m4a",
    "audio/mpeg": ".mp3",
    "audio/ogg": ".ogg",
    "audio/wav": ".wav",
}
SUFFIXES = {**IMAGES, **DOCUMENTS, **RECORDINGS}
OFFICE_PARTS = {
    "word/document.xml": next(t for t, s in DOCUMENTS.items() if s == ".docx"),
    "xl/workbook.xml": next(t for t, s in DOCUMENTS.items() if s == ".xlsx"),
}
AUDIO_BRANDS = {b"M4A ", b"M4B "}
VIDEO_BRANDS = {b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42"} | {
    b"avc1",
    b"MSNV",
    b"M4V ",
    b"dash",
    b"3gp4",
    b"3gp5",
    b"3gp6",
}
SIGNATURES = (
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"GIF87a", "image/gif"),
    (0, b"GIF89a", "image/gif"),
    (8, b"WEBP", "image/webp"),
    (8, b"WAVE", "audio/wav"),
    (0, b"%PDF-", "application/pdf"),
    (0, b"OggS", "audio/ogg"),
    (0, b"ID3", "audio/mpeg"),
)
ZIP_ENTRIES = 5000
ZIP_RATIO = 200


def media_type_of(content: bytes) -> str:
    """The media type of a content that may be kept; DomainError for others."""
    found = _by_signature(content) or _by_container(content)
    if found is None:
        raise DomainError(_("Files of this type are not accepted."), code="file_type")
    return found


def shown_inline(media_type: str) -> bool:
    """Whether a browser may show it in place."""
    return media_type in IMAGES or media_type in RECORDINGS or "pdf" in media_type


def _by_signature(content: bytes) -> str | None:
    riff = content[:4] == b"RIFF"
    for offset, mark, media_type in SIGNATURES:
        if content[offset : offset + len(mark)] == mark and (offset == 0 or riff):
            return media_type
    return None


def _by_container(content: bytes) -> str | None:
    if content[4:8] == b"ftyp":
        return _brand(content[8:12])
    if content[:4] == b"\x1a\x45\xdf\xa3" and b"webm" in content[:64]:
        return "video/webm"
    if content[:4] == b"PK\x03\x04":
        return _office(content)
    if len(content) > 4 and content[0] == 0xFF and _is_mpeg_audio(content[1]):
        return "audio/mpeg"
    return None


def _brand(brand: bytes) -> str | None:
    if brand in AUDIO_BRANDS:
        return "audio/mp4"
    return "video/mp4" if brand in VIDEO_BRANDS else None


def _is_mpeg_audio(second: int) -> bool:
    """Frame synchronisation, MPEG 1 or 2, layer III."""
    return second & 0xE0 == 0xE0 and second & 0x18 != 0x08 and second & 0x06 == 0x02


def _office(content: bytes) -> str | None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return None
    _refuse_bomb(entries, len(content))
    names = {entry.filename for entry in entries}
    if "[Content_Types].xml" not in names or _has_macros(names):
        return None
    return next((kind for part, kind in OFFICE_PARTS.items() if part in names), None)


def _refuse_bomb(entries: list[zipfile.ZipInfo], size: int) -> None:
    unpacked = sum(entry.file_size for entry in entries)
    limit = min(settings.FILE_MAX_BYTES * 10, size * ZIP_RATIO)
    if len(entries) > ZIP_ENTRIES or unpacked > limit:
        raise DomainError(
            _("The file would unpack to far more than it may."), code="file_bomb"
        )


def _has_macros(names: set[str]) -> bool:
    return any(name.lower().endswith("vbaproject.bin") for name in names)
