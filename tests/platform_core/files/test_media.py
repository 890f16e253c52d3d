"""What is accepted, told from the content."""

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook

from platform_core.common.errors import DomainError
from platform_core.files.media import media_type_of
from platform_core.files.services import safe_name, store
from tests.factories.files import picture

FTYP = b"\x00\x00\x00\x20ftyp"
PARTS = {"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w:document/>"}


def archive(parts: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return stream.getvalue()


def workbook() -> bytes:
    stream = io.BytesIO()
    Workbook().save(stream)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("content", "suffix"),
    [
        (picture(form="JPEG"), ".jpg"),
        (picture(form="PNG"), ".png"),
        (picture(form="WEBP"), ".webp"),
        (picture(form="GIF"), ".gif"),
        (b"%PDF-1.7\n", ".pdf"),
        (archive(PARTS), ".docx"),
        (workbook(), ".xlsx"),
        (FTYP + b"isom", ".mp4"),
        (FTYP + b"M4A ", ".m4a"),
        (b"\x1a\x45\xdf\xa3\x9fB\x82\x84webm", ".webm"),
        (b"ID3\x04\x00", ".mp3"),
        (b"\xff\xfb\x90\x64\x00", ".mp3"),
        (b"OggS\x00\x02", ".ogg"),
        (b"RIFF\x24\x00\x00\x00WAVEfmt ", ".wav"),
    ],
)
def test_accepted_types_get_the_suffix_of_their_content(content, suffix):
    assert safe_name("evidence.exe", media_type_of(content)) == f"evidence{suffix}"


@pytest.mark.parametrize(
    "content",
    [
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"<!DOCTYPE html><script>alert(1)</script>",
        b"MZ\x90\x00\x03",
        b"\x7fELF\x02\x01",
        b"#!/bin/sh\nrm -rf /",
        b"plain text",
        b"RIFF\x24\x00\x00\x00AVI LIST",
        FTYP + b"heic",
        archive({"readme.txt": b"x"}),
        archive({**PARTS, "word/vbaProject.bin": b"x"}),
        b"PK\x03\x04 no archive at all",
    ],
)
def test_other_types_are_refused_whatever_they_are_called(content):
    with pytest.raises(DomainError) as caught:
        store(SimpleUploadedFile("photo.jpg", content, "image/jpeg"))
    assert caught.value.code == "file_type"


def test_archive_that_unpacks_to_too_much_is_refused():
    bomb = archive({**PARTS, "word/media/image1.bmp": b"\x00" * 30_000_000})
    assert len(bomb) < 100_000
    with pytest.raises(DomainError) as caught:
        media_type_of(bomb)
    assert caught.value.code == "file_bomb"


def test_archive_of_very_many_parts_is_refused():
    crowd = archive({**PARTS, **{f"word/{n}.xml": b"" for n in range(5001)}})
    with pytest.raises(DomainError) as caught:
        media_type_of(crowd)
    assert caught.value.code == "file_bomb"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd.jpg"),
        ("C:\\fakepath\\照片 1.JPG", "照片 1.jpg"),
        ("a\x00b\nc.jpg", "a_b_c.jpg"),
        ("gpj.\u202eexe.jpg", "gpj.exe.jpg"),
        ("...", "file.jpg"),
        ("", "file.jpg"),
        ("井盖" * 100 + ".jpeg", ("井盖" * 100)[:146] + ".jpg"),
    ],
)
def test_names_are_made_harmless(given, kept):
    assert safe_name(given, "image/jpeg") == kept
