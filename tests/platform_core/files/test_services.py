"""Keeping, attaching and handing out files."""

import pytest
from django.core.files.base import ContentFile
from django.db import transaction

from platform_core.common.errors import Conflict, DomainError
from platform_core.files import storage
from platform_core.files.models import Attachment, Blob
from platform_core.files.services import attach, of, store, wire
from tests.factories.accounts import UserFactory
from tests.factories.files import AttachmentFactory, picture, upload
from tests.factories.notices import NoticeFactory

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\n%%EOF"


def test_same_content_is_kept_once():
    first = store(upload(PDF, "a.pdf"))
    second = store(upload(PDF, "b.pdf"))
    assert first.blob_id == second.blob_id
    assert first.uid != second.uid
    assert storage.path_of(first.blob_id).read_bytes() == PDF
    assert Blob.objects.filter(pk=first.blob_id).count() == 1


def test_attachment_knows_its_uploader_and_content():
    user = UserFactory()
    made = store(upload(PDF, "报告.pdf"), by=user, purpose="report")
    assert (made.name, made.size, made.media_type) == (
        "报告.pdf",
        len(PDF),
        "application/pdf",
    )
    assert (made.uploaded_by, made.purpose) == (user, "report")
    assert wire(made) == {
        "name": "报告.pdf",
        "size": len(PDF),
        "media_type": "application/pdf",
        "sha256": made.blob_id,
    }


def test_size_of_a_picture_is_that_of_what_is_kept():
    made = store(ContentFile(picture() + b"\x00" * 5000, name="x.jpg"))
    assert made.size == storage.path_of(made.blob_id).stat().st_size < 5000


def test_empty_files_are_refused():
    with pytest.raises(DomainError) as caught:
        store(upload(b""))
    assert caught.value.code == "file_empty"


def test_large_files_are_refused_and_leave_nothing(settings):
    settings.FILE_MAX_BYTES = 1000
    with pytest.raises(DomainError) as caught:
        store(upload(PDF + b" " * 1000))
    assert caught.value.code == "file_size"
    assert not Attachment.objects.exists()


def test_attached_files_are_found_by_object_and_purpose(django_assert_num_queries):
    notice, other = NoticeFactory.create_batch(2)
    before, after, loose = AttachmentFactory.create_batch(3)
    attach([before], notice, purpose="report")
    attach([after], notice, purpose="handling")
    with django_assert_num_queries(1):
        found = [(a.pk, a.purpose, a.media_type) for a in of(notice)]
    assert found == [
        (before.pk, "report", "image/jpeg"),
        (after.pk, "handling", "image/jpeg"),
    ]
    assert list(of(notice, "handling")) == [after]
    assert not of(other).exists()
    assert loose.target_type == ""


def test_file_of_one_object_cannot_be_taken_by_another():
    mine, theirs = NoticeFactory.create_batch(2)
    attached, free = AttachmentFactory.create_batch(2)
    attach([attached], mine)
    with pytest.raises(Conflict), transaction.atomic():
        attach([attached, free], theirs)
    assert not of(theirs).exists()


def test_nothing_to_attach_is_no_query(django_assert_num_queries):
    notice = NoticeFactory()
    with django_assert_num_queries(0):
        attach([], notice)


def test_failed_write_leaves_no_half_file(tmp_path, monkeypatch, settings):
    settings.FILES_ROOT = tmp_path

    def full(_descriptor):
        raise OSError("disk full")

    monkeypatch.setattr(storage.os, "fsync", full)
    with pytest.raises(OSError, match="disk full"):
        storage.save(PDF)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
