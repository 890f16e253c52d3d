"""The base of addresses: proposed by one, reviewed by another; lists."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import Workbook

from municipal.command.geocoding import search, services
from municipal.command.geocoding.models import (
    Address,
    AddressChange,
    Lookup,
    LookupRow,
)
from platform_core.audit.models import AuditEntry
from platform_core.common.errors import DomainError
from platform_core.jobs import services as jobs
from platform_core.jobs.models import Job
from tests.factories.accounts import UserFactory
from tests.factories.command import LAT, LON

from .conftest import CITY, made

HOUSE = {
    "kind": "4",
    "road": "闽江路",
    "number": "8号",
    "lon": LON + 0.0005,
    "lat": LAT + 0.0005,
}


@pytest.fixture
def admin(city):
    return UserFactory(roles=["sys_admin"])


@pytest.fixture
def leader(city):
    return city.duty_leader


def send(client, name, data, *args):
    return client.post(reverse(f"geocoding:{name}", args=args), data)


@pytest.mark.function("CC-74", at=["geocoding:address-add", "geocoding:review"])
def test_a_new_address_is_found_after_another_persons_review(client, admin, leader):
    client.force_login(admin)
    form = {**HOUSE, "aliases": "老八号\n"}
    assert send(client, "address-add", form).status_code == 302
    row = Address.objects.get()
    assert row.code == "370202001001001400001"
    assert row.standard == f"{CITY}闽江路8号"
    assert search.geocode("闽江路8号") == []
    change = row.changes.get()
    own = send(client, "review", {"approve": "1"}, change.pk)
    assert own.status_code in {403, 422}
    client.force_login(leader)
    url = reverse("geocoding:review", args=[change.pk])
    page = client.get(url).content.decode()
    assert "<td>门（楼）址类</td>" in page
    assert "<td>老八号</td>" in page
    assert f"<td>{row.lon}</td>" in page
    assert send(client, "review", {"approve": "1"}, change.pk).status_code == 302
    assert search.geocode("闽江路8号")[0].address == row
    assert search.geocode("老八号")[0].address == row
    types = set(AuditEntry.objects.values_list("type", flat=True))
    assert {"address.add", "address.reviewed"} <= types


@pytest.mark.function(
    "CC-74", at=["geocoding:address-edit", "geocoding:address-retire"]
)
def test_edit_and_retire_with_history(client, base, admin, leader):
    row = base["12"]
    client.force_login(admin)
    form = {"kind": "4", "road": "香港中路", "number": "12号", "aliases": "市政府"}
    send(client, "address-edit", {**form, "lon": row.lon, "lat": row.lat}, row.pk)
    assert search.geocode("市政府") == []
    services.review(change=row.changes.get(), by=leader, approve=True)
    assert search.geocode("市政府")[0].address == row
    send(client, "address-retire", {"note": "拆除"}, row.pk)
    services.review(change=row.changes.first(), by=leader, approve=True)
    row.refresh_from_db()
    assert (row.state, bool(row.retired_on)) == ("retired", True)
    assert all(one.address != row for one in search.geocode("香港中路12号"))
    page = client.get(row.get_absolute_url()).content.decode()
    assert "拆除" in page
    assert row.changes.count() == 2


def test_a_refused_address_never_appears_and_needs_a_reason(admin, leader):
    row = services.propose_address(by=admin, values=HOUSE)
    with pytest.raises(DomainError):
        services.review(change=row.changes.get(), by=leader, approve=False)
    services.review(change=row.changes.get(), by=leader, approve=False, opinion="重复")
    row.refresh_from_db()
    assert row.state == "retired"
    with pytest.raises(DomainError):
        services.review(change=row.changes.get(), by=leader, approve=True)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"lon": 0.0, "lat": 0.0}, "position"),
        ({"lon": LON - 0.002}, "lon"),
        ({"number": ""}, "number"),
        ({"road": ""}, "road"),
        ({"kind": "6"}, "name"),
        ({"kind": "2", "line": {"type": "Point", "coordinates": [1, 2]}}, "line"),
        ({"kind": "2", "line": {"coordinates": "x"}}, "line"),
    ],
)
def test_wrong_addresses_are_refused_with_the_field(admin, change, field):
    with pytest.raises(DomainError) as error:
        services.propose_address(by=admin, values={**HOUSE, **change})
    assert field in error.value.fields
    assert not Address.objects.exists()


def test_the_same_address_twice_is_refused(admin):
    services.propose_address(by=admin, values=HOUSE)
    with pytest.raises(DomainError):
        services.propose_address(by=admin, values=HOUSE)
    assert Address.objects.count() == 1


IMPORT = (
    "地点类型,街巷名,门楼址,经度,纬度\n"
    f"4,宁夏路,1号,{LON + 0.0001},{LAT + 0.0001}\n"
    f"4,宁夏路,3号,xx,{LAT}\n"
    f"9,宁夏路,5号,{LON},{LAT}\n"
    f"门楼址,宁夏路,7号,0,0\n"
)


@pytest.mark.function("CC-74", at=["geocoding:import", "geocoding:approve-import"])
def test_import_names_bad_rows_and_waits_for_review(client, admin, leader):
    client.force_login(admin)
    upload = SimpleUploadedFile("a.csv", IMPORT.encode("gb18030"))
    send(client, "import", {"file": upload})
    job = jobs.run(Job.objects.get().pk)
    assert (job.state, job.done, job.failed) == ("done", 1, 3)
    assert list(job.problems.values_list("row", flat=True)) == [3, 4, 5]
    change = AddressChange.objects.get()
    client.force_login(leader)
    send(client, "approve-import", {}, change.pk)
    jobs.run(Job.objects.latest("pk").pk)
    assert search.geocode("宁夏路1号")[0].score == 100


def test_a_file_that_is_no_table_fails_with_a_sentence(client, admin):
    client.force_login(admin)
    upload = SimpleUploadedFile("a.csv", bytes(range(256)) * 4)
    send(client, "import", {"file": upload})
    job = jobs.run(Job.objects.get().pk)
    assert job.state == "failed"
    assert "csv" in job.note


def sheet(*rows):
    book = Workbook()
    for row in rows:
        book.active.append(row)
    stream = BytesIO()
    book.save(stream)
    return SimpleUploadedFile("名单.xlsx", stream.getvalue())


@pytest.mark.function("CC-73", at=["geocoding:lookup", "geocoding:lookup-fix"])
def test_a_list_is_matched_reported_and_fixed(client, base, city):
    client.force_login(city.acceptor)
    rows = (["地址"], ["香港中路12号"], ["香巷中路"], ["长安街1号"])
    answer = send(client, "lookup-add", {"file": sheet(*rows)})
    lookup = Lookup.objects.get()
    assert answer.url == lookup.get_absolute_url()
    jobs.run(lookup.job_id)
    outcome = list(lookup.rows.values_list("match", flat=True))
    assert outcome == ["matched", "ambiguous", "missing"]
    row = LookupRow.objects.get(match="missing")
    client.get(row.get_absolute_url())
    fix = {"found": "长安街1号", "lon": LON + 0.0005, "lat": LAT + 0.0005}
    send(client, "lookup-fix", fix, row.pk)
    row.refresh_from_db()
    assert (row.match, row.grid_code) == ("fixed", "370202001001001")
    table = client.get(lookup.get_absolute_url(), {"export": "csv"})
    text = b"".join(table.streaming_content).decode("utf-8-sig")
    assert "香港中路12号" in text
    client.force_login(city.dispatcher)
    assert client.get(lookup.get_absolute_url()).status_code == 404


def test_a_list_without_the_column_is_refused(client, city):
    client.force_login(city.acceptor)
    answer = send(client, "lookup-add", {"file": sheet(["x"], ["1"])})
    assert answer.status_code == 422
    assert not Lookup.objects.exists()


@pytest.mark.parametrize("name", ["addresses", "changes", "lookups"])
def test_lists_need_the_same_queries_for_many_rows(client, base, admin, name):
    client.force_login(admin)
    url = reverse(f"geocoding:{name}")
    first = services.propose_address(by=admin, values=HOUSE)
    Lookup.objects.create(title=first.standard, by=admin)
    client.get(url)
    with CaptureQueriesContext(connection) as few:
        client.get(url)
    for number in range(20, 30, 2):
        made("4", LON, LAT, road="东海路", number=f"{number}号")
        row = services.propose_address(
            by=admin, values={**HOUSE, "number": f"{number}号"}
        )
        Lookup.objects.create(title=row.standard, by=admin)
    client.get(url)
    with CaptureQueriesContext(connection) as many:
        client.get(url)
    assert len(many) == len(few)


def test_nobody_without_the_right_gets_in(client, city):
    client.force_login(UserFactory())
    assert client.get(reverse("geocoding:addresses")).status_code == 403
    client.force_login(city.acceptor)
    assert client.get(reverse("geocoding:address-add")).status_code == 403
