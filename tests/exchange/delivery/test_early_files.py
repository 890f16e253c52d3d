"""Files that are brought before the record that names them."""

from datetime import timedelta

import pytest
from django.urls import reverse

from exchange.delivery import pieces
from exchange.delivery.enums import TransferWay
from exchange.delivery.models import BlobTransfer
from exchange.delivery.services import blobs, early, housekeeping
from platform_core.common import clock
from platform_core.files import services as files
from platform_core.files.models import Blob
from tests.factories.accounts import UserFactory

from .test_blobs import NAME, PDF, folder, get, loose, named, put, receive

__all__ = ["folder", "loose"]
SIZE = len(PDF)


def told(answer):
    return answer.status_code, answer.json().get("code") or answer.json()["received"]


def test_the_record_takes_the_file_in(client, city, loose):
    assert told(put(client, city, PDF)) == (201, SIZE)
    assert told(put(client, city, PDF)) == (201, SIZE)
    assert not Blob.objects.exists()
    assert get(client, city).status_code == 404
    receive(client, city, named())
    assert files.content(NAME) == PDF
    row = BlobTransfer.objects.get()
    assert (row.way, row.state, pieces.have(row)) == (TransferWay.FETCH, "done", 0)
    assert get(client, city).content == PDF


def test_what_was_begun_before_is_finished_after(client, city, loose):
    first = put(client, city, PDF[:4000], f"bytes 0-3999/{SIZE}")
    assert told(first) == (200, 4000)
    assert blobs.due() == []
    receive(client, city, named())
    rest = put(client, city, PDF[4000:], f"bytes 4000-{SIZE - 1}/{SIZE}")
    assert told(rest) == (201, SIZE)
    assert files.content(NAME) == PDF


def test_a_begun_file_is_fetched_from_where_it_stands(client, city, loose):
    put(client, city, PDF[:4000], f"bytes 0-3999/{SIZE}")
    city.contents[NAME] = PDF
    receive(client, city, named())
    for pk in blobs.due():
        assert blobs.run(pk)
    assert files.content(NAME) == PDF


def test_a_content_that_is_not_its_name(client, city, loose):
    assert told(put(client, city, PDF[::-1])) == (400, "format")
    assert told(put(client, city, PDF)) == (201, SIZE)


def test_a_size_that_was_wrong_may_be_corrected(client, city, loose):
    put(client, city, PDF[:10], "bytes 0-9/20")
    assert told(put(client, city, PDF)) == (201, SIZE)


def test_a_record_that_names_another_size_asks_anew(client, city, loose):
    put(client, city, PDF)
    receive(client, city, named(size=SIZE + 1))
    row = BlobTransfer.objects.get()
    assert (row.way, row.state, pieces.have(row)) == (TransferWay.FETCH, "waiting", 0)


def test_what_is_here_already_needs_no_second_copy(client, city, loose):
    put(client, city, PDF)
    files.keep(PDF)
    receive(client, city, named())
    assert not BlobTransfer.objects.exists()


@pytest.mark.parametrize("size", [10**6, 10**14])
def test_files_larger_than_files_may_be(client, city, loose, settings, size):
    settings.FILE_MAX_BYTES = 1000
    answer = put(client, city, PDF[:10], f"bytes 0-9/{size}")
    assert told(answer) == (413, "too_large")


def test_only_a_few_may_wait(client, city, loose, monkeypatch):
    monkeypatch.setattr(early, "EARLY_FILES", 1)
    assert put(client, city, PDF).status_code == 201
    other = named(b"%PDF-1.4 other")
    answer = put(client, city, b"%PDF-1.4 other", name=other["sha256"])
    assert told(answer) == (429, "too_many")
    assert int(answer["Retry-After"]) > 0


def test_what_nobody_names_is_forgotten(client, city, loose):
    put(client, city, PDF)
    row = BlobTransfer.objects.get()
    housekeeping.clean()
    assert pieces.have(row) == SIZE
    with clock.at(clock.now() + timedelta(hours=25)):
        housekeeping.clean()
    assert pieces.have(row) == 0
    assert not BlobTransfer.objects.exists()


def test_the_list_shows_it(client, city, loose):
    put(client, city, PDF)
    client.force_login(UserFactory(is_superuser=True))
    text = client.get(reverse("delivery:transfer-list")).content.decode()
    assert "先于记录到达" in text
