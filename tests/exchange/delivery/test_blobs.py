"""Files named by records: who may have them, and that they arrive whole."""

import gzip
import hashlib
from datetime import timedelta

import pytest
from django.urls import reverse

from exchange.delivery import pieces
from exchange.delivery.models import BlobGrant, BlobTransfer, Peer
from exchange.delivery.services import blobs, pump, sending
from platform_core.common import clock
from platform_core.datasets.registry import Dataset
from platform_core.datasets.services import publish
from platform_core.files import services as files
from platform_core.files.models import Blob
from platform_core.systems.supervision import services as supervision
from platform_core.systems.supervision.models import Assignment
from tests.exchange.conftest import OWN, announced, reading
from tests.exchange.neighbour import PREFIX, record
from tests.factories.accounts import OrgUnitFactory, UserFactory

PDF = b"%PDF-1.4\n" + b"attachment " * 1000
NAME = hashlib.sha256(PDF).hexdigest()


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.FILES_ROOT = tmp_path / "files"
    settings.NODE_URL = "http://own.test"


@pytest.fixture
def loose(shelf, monkeypatch):
    """The test contracts let files through."""
    plain = Dataset.data

    def data(dataset, obj):
        if not dataset.code.startswith("test."):
            return plain(dataset, obj)
        return reading(division="370000") | {"files": obj.files}

    monkeypatch.setattr(Dataset, "problem", lambda dataset, data: None)
    monkeypatch.setattr(Dataset, "data", data)
    return shelf


def named(content=PDF, **changes):
    facts = {"name": "意见.pdf", "media_type": "application/pdf"}
    sha256 = hashlib.sha256(content).hexdigest()
    return facts | {"size": len(content), "sha256": sha256} | changes


def receive(client, city, *given):
    one = record(**reading(), files=list(given))
    answer = city.deliver(client, OWN, city.group("test.reading", one))
    assert answer["results"][0]["applied"] == 1


def order(city, *given):
    obj = announced(receivers=[city.code])
    obj.files = list(given)
    publish("test.order", obj)
    pump.collect()
    sending.send_to_peer(Peer.objects.get(code=city.code).pk)


def bring():
    for pk in blobs.due():
        blobs.run(pk)


def get(client, one, name=NAME, **headers):
    path = f"{PREFIX}blobs/{name}"
    return client.get(path, headers=one.headers("GET", path) | headers)


def put(client, one, body, span=None, name=NAME):
    path = f"{PREFIX}blobs/{name}"
    headers = one.headers("PUT", path, body)
    if span:
        headers["Content-Range"] = span
    return client.generic(
        "PUT", path, body, content_type="application/octet-stream", headers=headers
    )


# Coming here ------------------------------------------------------------------


def test_a_file_is_fetched_after_its_record(client, city, loose):
    city.contents[NAME] = PDF
    receive(client, city, named())
    assert blobs.due()
    bring()
    assert files.content(NAME) == PDF
    assert Blob.objects.get().media_type == "application/pdf"
    row = BlobTransfer.objects.get()
    assert (row.state, row.received, row.size) == ("done", len(PDF), len(PDF))
    assert blobs.due() == []


def test_a_file_that_is_here_is_not_fetched_again(client, city, loose):
    files.keep(PDF)
    receive(client, city, named())
    assert not BlobTransfer.objects.exists()


def test_a_broken_fetch_goes_on_where_it_stopped(client, city, loose, monkeypatch):
    monkeypatch.setattr(pieces, "PIECE", 1000)
    city.contents[NAME] = PDF
    city.breaks_after = 3
    receive(client, city, named())
    bring()
    row = BlobTransfer.objects.get()
    assert (row.state, row.received, row.tries) == ("waiting", 3000, 1)
    asked = len(city.received)
    with clock.at(clock.now() + timedelta(seconds=2)):
        bring()
    row.refresh_from_db()
    assert row.state == "done"
    assert len(city.received) - asked == len(PDF) // 1000 + 1 - 3
    assert files.content(NAME) == PDF


def test_a_file_that_is_not_there_yet_is_tried_ever_more_slowly(client, city, loose):
    receive(client, city, named())
    moment = clock.now()
    for wait in (1, 2, 4):
        with clock.at(moment):
            bring()
            row = BlobTransfer.objects.get()
            assert row.due_at - moment == timedelta(seconds=wait)
        moment += timedelta(seconds=wait)
    assert "404" in row.error
    city.contents[NAME] = PDF
    with clock.at(moment):
        bring()
    assert BlobTransfer.objects.get().state == "done"


def test_a_content_that_is_not_its_name_is_thrown_away(client, city, loose):
    city.contents[NAME] = PDF.replace(b"attachment", b"attackment", 1)
    receive(client, city, named())
    bring()
    row = BlobTransfer.objects.get()
    assert (row.state, row.received, pieces.have(row)) == ("waiting", 0, 0)
    assert not Blob.objects.exists()


@pytest.mark.parametrize(
    ("content", "size"), [(b"MZ" + b"\0" * 500, None), (PDF, 10**9)]
)
def test_what_may_not_be_kept_is_refused_for_good(client, city, loose, content, size):
    given = named(content, size=size or len(content))
    city.contents[given["sha256"]] = content
    receive(client, city, given)
    bring()
    row = BlobTransfer.objects.get()
    assert row.state == "refused"
    assert row.error
    assert not Blob.objects.exists()


def test_files_are_found_wherever_they_stand_in_a_record():
    data = {"a": [{"b": {"attachments": [named(), named(b"x")]}}], "sha256": "no"}
    assert [one.size for one in blobs.named(data)] == [len(PDF), 1]
    assert list(blobs.named({"sha256": NAME, "size": "1"})) == []
    assert list(blobs.named({"sha256": NAME.upper(), "size": 1})) == []


# Handed out -------------------------------------------------------------------


def test_only_those_who_hold_the_record_may_have_the_file(
    client, own, connect, city, loose
):
    sister = connect("M37080001")
    files.keep(PDF)
    assert get(client, city).status_code == 404
    order(city, named())
    answer = get(client, city)
    assert (answer.status_code, answer.content) == (200, PDF)
    other = get(client, sister)
    assert (other.status_code, other.json()["code"]) == (404, "reference_missing")
    assert BlobGrant.objects.count() == 1


def test_a_part_of_a_file(client, city, loose):
    files.keep(PDF)
    order(city, named())
    answer = get(client, city, Range="bytes=5-9")
    assert (answer.status_code, answer.content) == (206, PDF[5:10])
    assert answer["Content-Range"] == f"bytes 5-9/{len(PDF)}"
    rest = get(client, city, Range="bytes=11000-")
    assert rest.content == PDF[11000:]
    beyond = get(client, city, Range=f"bytes={len(PDF)}-")
    assert (beyond.status_code, beyond.json()["code"]) == (416, "range")


def test_a_granted_file_that_is_not_here(client, city, loose):
    order(city, named())
    assert get(client, city).status_code == 404
    assert client.get(f"{PREFIX}blobs/{NAME}").status_code == 401
    assert get(client, city, name="no-hash").status_code == 404


# Brought here -----------------------------------------------------------------


def test_a_file_is_pushed_in_pieces_and_resumed(client, city, loose):
    receive(client, city, named())
    size = len(PDF)
    first = put(client, city, PDF[:4000], f"bytes 0-3999/{size}")
    assert (first.status_code, first.json()) == (200, {"received": 4000})
    again = put(client, city, PDF[:4000], f"bytes 0-3999/{size}")
    assert (again.status_code, again.json()["received"]) == (409, 4000)
    rest = put(client, city, PDF[4000:], f"bytes 4000-{size - 1}/{size}")
    assert (rest.status_code, rest.json()) == (201, {"received": size})
    assert files.content(NAME) == PDF
    assert put(client, city, PDF).status_code == 201


@pytest.mark.parametrize(
    ("body", "span", "status"),
    [
        (PDF[:10], f"bytes 0-8/{len(PDF)}", 400),
        (PDF[:10], "bytes 0-9/10", 400),
        (PDF[:10], "nonsense", 400),
        (PDF + b"more", None, 400),
        (PDF[::-1], None, 400),
    ],
)
def test_pieces_that_do_not_fit(client, city, loose, body, span, status):
    receive(client, city, named())
    assert put(client, city, body, span).status_code == status
    assert not Blob.objects.exists()
    assert put(client, city, PDF).status_code == 201


def test_what_may_not_be_kept_is_refused_when_it_is_pushed(client, city, loose):
    bad = named(b"MZ" * 100)
    receive(client, city, bad)
    for _ in range(2):
        wrong = put(client, city, b"MZ" * 100, name=bad["sha256"])
        assert (wrong.status_code, wrong.json()["code"]) == (400, "format")


def test_a_pushed_file_may_be_compressed_on_the_way(client, city, loose):
    receive(client, city, named())
    packed = gzip.compress(PDF)
    path = f"{PREFIX}blobs/{NAME}"
    headers = city.headers("PUT", path, packed) | {"Content-Encoding": "gzip"}
    answer = client.generic("PUT", path, packed, headers=headers)
    assert (answer.status_code, answer.json()) == (201, {"received": len(PDF)})


def test_who_brought_a_file_may_have_it_again(client, connect, city, loose):
    """Who only names the hash of a file that others brought may not."""
    receive(client, city, named())
    put(client, city, PDF)
    assert get(client, city).content == PDF
    sister = connect("M37080001")
    one = record(**reading(division="370800"), files=[named()])
    sister.deliver(client, OWN, sister.group("test.reading", one))
    assert get(client, sister).status_code == 404


# Brought there ----------------------------------------------------------------


def test_a_platform_without_an_address_brings_its_files_itself(
    client, city, loose, settings, monkeypatch
):
    monkeypatch.setattr(pieces, "PIECE", 1000)
    settings.NODE_URL = ""
    files.keep(PDF)
    city.breaks_after = 2
    order(city, named())
    bring()
    row = BlobTransfer.objects.get(way="push")
    assert (row.state, row.received) == ("waiting", 2000)
    BlobTransfer.objects.update(received=0)
    with clock.at(clock.now() + timedelta(seconds=2)):
        bring()
    assert city.pushed[NAME] == PDF
    assert BlobTransfer.objects.get().state == "done"


def test_a_file_that_is_missing_here_is_pushed_later(client, city, loose, settings):
    settings.NODE_URL = ""
    order(city, named())
    bring()
    assert BlobTransfer.objects.get().tries == 1
    files.keep(PDF)
    with clock.at(clock.now() + timedelta(seconds=2)):
        bring()
    assert city.pushed[NAME] == PDF


def test_with_an_address_nothing_is_pushed(client, city, loose):
    files.keep(PDF)
    order(city, named())
    assert not BlobTransfer.objects.exists()


def test_the_operator_sees_files_under_way(client, city, loose):
    receive(client, city, named())
    client.force_login(UserFactory(is_superuser=True))
    text = client.get(reverse("delivery:transfer-list")).content.decode()
    assert "意见.pdf" in text
    assert "0 %" in text


# Key tasks --------------------------------------------------------------------


def key_task():
    return {
        "number": "2026-1",
        "title": "井盖排查",
        "category": "special_action",
        "content": "逐井排查",
        "priority": "normal",
        "issued_at": "2026-11-20T08:00:00+08:00",
        "deadline": "2036-11-30T18:00:00+08:00",
        "feedback_cycle": "weekly",
        "receiver": OWN,
        "division": "370000",
        "attachments": [named()],
        "issuer": {"unit": "国家平台"},
    }


def test_a_key_task_comes_with_its_files_and_the_answer_with_its_own(
    client, nation, tmp_path
):
    nation.contents[NAME] = PDF
    group = nation.group("supervision.task", record(**key_task()))
    assert nation.deliver(client, OWN, group)["results"][0]["applied"] == 1
    assignment = Assignment.objects.get()
    unit = OrgUnitFactory()
    clerk = UserFactory(roles=["bureau_clerk"], unit=unit)
    client.force_login(clerk)
    page, link = assignment.get_absolute_url(), f"files/{NAME}/"
    text = client.get(page).content.decode()
    assert "意见.pdf" in text
    assert link not in text
    assert client.get(page + link).status_code == 404
    bring()
    assert link in client.get(page).content.decode()
    answer = client.get(page + link)
    assert b"".join(answer.streaming_content) == PDF
    assert client.get(f"{page}files/{'0' * 64}/").status_code == 404
    client.force_login(UserFactory())
    assert client.get(page + link).status_code in {403, 404}

    upload = tmp_path / "进展.pdf"
    upload.write_bytes(PDF + b"more")
    with upload.open("rb") as stream:
        file = files.store(stream, by=clerk)
    supervision.receive(assignment=assignment, by=clerk)
    supervision.report_progress(
        assignment=assignment, by=clerk, content="x", percent=9, attachments=[file]
    )
    assert get(client, nation, name=file.blob_id).status_code == 404
    pump.collect()
    sending.send_to_peer(Peer.objects.get(code=nation.code).pk)
    assert nation.groups("supervision.feedback")
    assert get(client, nation, name=file.blob_id).content == PDF + b"more"
    client.force_login(clerk)
    assert f"files/{file.blob_id}/" in client.get(page).content.decode()
