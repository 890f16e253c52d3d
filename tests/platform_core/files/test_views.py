"""Downloads and uploads over HTTP."""

import io

import pytest
from django.contrib.auth.models import AnonymousUser
from django.urls import reverse
from PIL import Image

from platform_core.files import storage
from platform_core.files.policies import may_read
from platform_core.files.services import attach
from tests.factories.accounts import UserFactory
from tests.factories.files import AttachmentFactory, picture, upload
from tests.factories.notices import NoticeFactory

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\n0123456789"


def url(attachment) -> str:
    return reverse("files:download", args=[attachment.uid])


def body(response) -> bytes:
    return b"".join(response.streaming_content)


@pytest.fixture
def owner():
    return UserFactory()


@pytest.fixture
def signed_in(client, owner):
    client.force_login(owner)
    return client


def test_picture_is_shown_in_place_and_never_sniffed(signed_in, owner):
    response = signed_in.get(url(AttachmentFactory(by=owner)))
    assert response.status_code == 200
    assert response["Content-Type"] == "image/jpeg"
    assert response["Content-Disposition"].startswith("inline")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert Image.open(io.BytesIO(body(response))).size == (64, 48)


def test_document_is_saved_under_its_name(signed_in, owner):
    stored = AttachmentFactory(by=owner, content=PDF, name="报告.pdf")
    stored.blob.media_type = "application/vnd.ms-excel"
    stored.blob.save()
    response = signed_in.get(url(stored))
    assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''")
    assert body(response) == PDF


def test_unchanged_file_is_not_sent_again(signed_in, owner):
    stored = AttachmentFactory(by=owner)
    first = signed_in.get(url(stored))
    body(first)
    etag = first["ETag"]
    assert stored.blob_id in etag
    again = signed_in.get(url(stored), headers={"If-None-Match": etag})
    assert again.status_code == 304
    thumb = signed_in.get(url(stored) + "?size=thumb", headers={"If-None-Match": etag})
    assert thumb.status_code == 200
    body(thumb)


def test_thumbnail_is_drawn_once(signed_in, owner):
    stored = AttachmentFactory(by=owner, content=picture(size=(900, 300)))
    first = body(signed_in.get(url(stored) + "?size=thumb"))
    assert Image.open(io.BytesIO(first)).size == (320, 107)
    cached = storage.path_of(stored.blob_id, "thumb.jpg")
    cached.write_bytes(b"kept")
    assert body(signed_in.get(url(stored) + "?size=thumb")) == b"kept"
    cached.unlink()


@pytest.mark.parametrize(
    ("asked", "status", "content"),
    [
        ("bytes=0-3", 206, b"%PDF"),
        ("bytes=9-", 206, b"0123456789"),
        ("bytes=-3", 206, b"789"),
        ("bytes=15-999", 206, b"6789"),
        ("bytes=-", 200, PDF),
        ("lines=1-2", 200, PDF),
    ],
)
def test_parts_of_a_recording(signed_in, owner, asked, status, content):
    stored = AttachmentFactory(by=owner, content=PDF, name="a.pdf")
    response = signed_in.get(url(stored), headers={"Range": asked})
    assert response.status_code == status
    assert body(response) == content
    assert int(response["Content-Length"]) == len(content)


def test_part_behind_the_end_is_refused(signed_in, owner):
    stored = AttachmentFactory(by=owner, content=PDF, name="a.pdf")
    response = signed_in.get(url(stored), headers={"Range": "bytes=99-"})
    assert response.status_code == 416
    assert response["Content-Range"] == f"bytes */{len(PDF)}"


def test_lost_content_is_not_found(signed_in, owner):
    stored = AttachmentFactory(by=owner, content=picture(size=(33, 21)))
    storage.path_of(stored.blob_id).unlink()
    assert signed_in.get(url(stored)).status_code == 404
    assert signed_in.get(url(stored) + "?size=thumb").status_code == 404


def test_only_uploader_and_readers_of_the_object_get_it(client, owner):
    reader, stranger = UserFactory.create_batch(2)
    stored = AttachmentFactory(by=owner)
    attach([stored], NoticeFactory(recipient=reader))
    seen = {}
    for name, user in (("owner", owner), ("reader", reader), ("stranger", stranger)):
        client.force_login(user)
        response = client.get(url(stored))
        seen[name] = response.status_code
        if response.status_code == 200:
            body(response)
        seen[f"{name} by API"] = client.get(f"/api/v1/files/{stored.uid}").status_code
    assert seen == {
        "owner": 200,
        "owner by API": 200,
        "reader": 200,
        "reader by API": 200,
        "stranger": 404,
        "stranger by API": 404,
    }


def test_loose_file_and_file_of_an_unscoped_object_are_private(client, owner):
    stranger = UserFactory()
    client.force_login(stranger)
    loose, bound = AttachmentFactory.create_batch(2, by=owner)
    attach([bound], loose.blob)
    assert client.get(url(loose)).status_code == 404
    assert client.get(url(bound)).status_code == 404


def test_policy_refuses_who_may_not_sign_in(owner):
    stored = AttachmentFactory(by=owner)
    assert may_read(owner, stored)
    assert may_read(UserFactory(is_superuser=True), stored)
    owner.is_active = False
    assert not may_read(owner, stored)
    assert not may_read(AnonymousUser(), stored)


def test_strangers_are_sent_to_sign_in(client):
    response = client.get(url(AttachmentFactory()))
    assert response.status_code == 302
    assert "/accounts/" in response["Location"]


def test_upload_by_api(signed_in, owner):
    response = signed_in.post(
        "/api/v1/files", {"file": upload(name="../a.jpg"), "purpose": "report"}
    )
    assert response.status_code == 201
    made = response.json()
    assert (made["name"], made["media_type"]) == ("a.jpg", "image/jpeg")
    assert body(signed_in.get(made["url"] + "?size=thumb"))
    listed = signed_in.get(f"/api/v1/files/{made['uid']}").json()
    assert listed["sha256"] == made["sha256"]


def test_refused_upload_says_why(signed_in):
    response = signed_in.post("/api/v1/files", {"file": upload(b"<svg/>", "a.jpg")})
    assert response.status_code == 400
    assert response.json()["code"] == "file_type"


def test_upload_needs_a_sign_in(client):
    response = client.post("/api/v1/files", {"file": upload()})
    assert response.status_code in {401, 403}
