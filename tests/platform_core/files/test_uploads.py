"""Files in pieces: resumed, checked, pruned, nobody else's."""

import hashlib
import io
import random
from datetime import timedelta
from uuid import uuid4

import pytest
from knox.models import AuthToken
from PIL import Image
from rest_framework.test import APIClient

from platform_core.common import clock
from platform_core.files import storage, uploads
from platform_core.files.models import Attachment, PartialUpload
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db
URL = "/api/v1/files/uploads"


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.FILES_ROOT = tmp_path
    return tmp_path


def caller(user=None):
    client = APIClient()
    user = user or UserFactory()
    token = AuthToken.objects.create(user)[1]
    client.credentials(HTTP_AUTHORIZATION=f"Token {token}")
    return client


def photo(side=200) -> bytes:
    noise = random.Random(1).randbytes(side * side * 3)
    stream = io.BytesIO()
    Image.frombytes("RGB", (side, side), noise).save(stream, "JPEG", quality=95)
    return stream.getvalue()


def begin(client, content, **more):
    body = {
        "uid": str(uuid4()),
        "name": "现场.jpg",
        "size": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
        **more,
    }
    return body["uid"], client.post(URL, body, format="json")


def send(client, uid, offset, piece):
    return client.patch(
        f"{URL}/{uid}",
        data=piece,
        content_type="application/octet-stream",
        HTTP_UPLOAD_OFFSET=str(offset),
    )


def test_a_photo_arrives_in_pieces_and_is_kept_like_any_other(folder):
    client, content = caller(), photo()
    uid, answer = begin(client, content)
    assert (answer.status_code, answer.json()["received"]) == (200, 0)
    half = len(content) // 2
    assert send(client, uid, 0, content[:half]).json()["received"] == half
    assert client.get(f"{URL}/{uid}").json()["received"] == half
    whole = send(client, uid, half, content[half:]).json()
    kept = Attachment.objects.get(uid=whole["attachment"])
    assert kept.media_type == "image/jpeg"
    assert storage.path_of(kept.blob_id).exists()
    again = send(client, uid, half, content[half:])
    assert again.json()["attachment"] == whole["attachment"]
    assert Attachment.objects.count() == 1


def test_beginning_again_goes_on_where_it_stood():
    client, content = caller(), photo()
    uid, _first = begin(client, content)
    send(client, uid, 0, content[:100])
    _uid, answer = begin(client, content, uid=uid)
    assert answer.json()["received"] == 100
    assert PartialUpload.objects.count() == 1


@pytest.mark.parametrize("offset", [0, 50, 150])
def test_a_piece_at_the_wrong_place_says_where_to_go_on(offset):
    client, content = caller(), photo()
    uid, _answer = begin(client, content)
    send(client, uid, 0, content[:100])
    answer = send(client, uid, offset, content[offset : offset + 10])
    assert answer.status_code == 409
    assert "100" in answer.json()["message"]


def test_a_changed_byte_begins_anew():
    client, content = caller(), photo()
    uid, _answer = begin(client, content)
    spoilt = bytes([content[0] ^ 1]) + content[1:]
    answer = send(client, uid, 0, spoilt).json()
    assert (answer["received"], answer["attachment"]) == (0, None)
    assert send(client, uid, 0, content).json()["attachment"]


@pytest.mark.parametrize(
    "wrong", [{"size": 0}, {"size": 10**9}, {"sha256": "x"}, {"uid": "1"}, {"name": ""}]
)
def test_what_cannot_be_right_is_refused_at_once(wrong):
    _uid, answer = begin(caller(), photo(), **wrong)
    assert answer.status_code == 400
    assert next(iter(wrong)) in answer.json()["fields"]


def test_more_than_announced_is_refused():
    client, content = caller(), photo()
    uid, _answer = begin(client, content)
    assert send(client, uid, 0, content + b"x").status_code == 400
    assert PartialUpload.objects.get().received == 0


def test_a_picture_that_bursts_is_refused_and_nothing_is_kept():
    client = caller()
    stream = io.BytesIO()
    Image.new("1", (9_000, 9_000)).save(stream, "PNG")
    uid, _answer = begin(client, stream.getvalue())
    assert send(client, uid, 0, stream.getvalue()).status_code == 400
    assert Attachment.objects.count() == 0


def test_uploads_of_others_do_not_exist():
    content = photo()
    uid, _answer = begin(caller(), content)
    other = caller()
    assert other.get(f"{URL}/{uid}").status_code == 404
    assert send(other, uid, 0, content).status_code == 404
    _uid, taken = begin(other, content, uid=uid)
    assert taken.status_code == 409


@pytest.mark.parametrize("offset", ["", "-1", "x"])
def test_a_piece_without_its_place_is_refused(offset):
    client, content = caller(), photo()
    uid, _answer = begin(client, content)
    assert send(client, uid, offset, content).status_code == 400


def test_what_nobody_goes_on_with_is_forgotten(folder):
    client, content = caller(), photo()
    uid, _answer = begin(client, content)
    send(client, uid, 0, content[:100])
    assert uploads.prune() == 0
    with clock.at(clock.now() + uploads.KEPT + timedelta(minutes=1)):
        assert uploads.prune() == 1
    assert not PartialUpload.objects.exists()
    assert not list((folder / "partial").iterdir())
