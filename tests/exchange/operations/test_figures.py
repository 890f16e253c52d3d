"""Calls are counted as they happen, and shown as figures and charts."""

import csv
import io
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from exchange.delivery.models import Peer
from exchange.delivery.services import heartbeats
from exchange.operations.models import Flow, Traffic
from exchange.operations.selectors import figures
from exchange.operations.services import figures as service
from platform_core.common import clock
from tests.exchange.conftest import OWN, reading
from tests.exchange.neighbour import Neighbour, record

from .conftest import order, peer, report, send


def row(city, interface, direction):
    return Traffic.objects.get(
        peer__code=city.code, interface=interface, direction=direction
    )


def test_a_delivery_is_counted_once_for_the_peer_and_for_its_interface(city, shelf):
    order(city)
    assert send(city) == 1
    for interface in ("", "test.order"):
        found = row(city, interface, "out")
        assert (found.calls, found.successes, found.records) == (1, 1, 1)
        assert (found.timed, found.timely) == (1, 1)
        assert found.size > 0
        assert sum(found.histogram) == 1
    assert Flow.objects.get(interface="test.order").records_at is not None


def test_a_failed_call_counts_but_brings_no_record(city, shelf):
    order(city)
    city.down = True
    send(city)
    found = row(city, "test.order", "out")
    assert (found.calls, found.successes, found.records) == (1, 0, 0)
    assert found.success_rate == 0
    assert found.p95 is None
    assert Flow.objects.get(interface="test.order").success_at is None


def test_what_comes_in_is_counted_with_what_was_refused(client, city, shelf):
    report(client, city, {}, {"unit": "kg"})
    report(client, city, {})
    found = row(city, "test.reading", "in")
    assert (found.calls, found.records, found.rejected) == (2, 3, 1)
    assert found.size > 100


def test_what_is_to_come_again_is_not_refused_yet(client, city, shelf):
    """Seals of somebody whose key is still on its way, in and out."""
    county = Neighbour("C37020201")
    group = county.group("test.reading", record(**reading(division="370202")))
    group["route"] = [county.code, city.code]
    (result,) = city.deliver(client, OWN, group)["results"]
    assert (result["retry"], len(result["rejected"])) == (True, 1)
    found = row(city, "test.reading", "in")
    assert (found.records, found.rejected, found.timed) == (1, 0, 0)
    one = order(city)
    refusal = {"uid": str(one.uid), "revision": 1, "code": "bad_seal"}
    again = {"code": "bad_seal", "message": "key unknown", "retry": True}
    city.results = [[{"applied": 0, "unchanged": 0, "rejected": [refusal]} | again]]
    send(city)
    found = row(city, "test.order", "out")
    assert (found.records, found.rejected) == (1, 0)


def test_a_refused_delivery_is_a_failed_call(client, city, shelf):
    payload = city.delivery("P99000001")
    assert city.request(client, "POST", "deliveries", payload).status_code == 400
    found = row(city, "", "in")
    assert (found.calls, found.successes) == (1, 0)


def test_heartbeats_do_not_hide_in_the_figures_of_records(city, shelf):
    heartbeats.send_heartbeat(peer(city).pk)
    assert row(city, "heartbeats", "out").successes == 1
    span = figures.days(clock.today(), clock.today())
    assert figures.by_interface(*span) == []


def test_late_records_lower_timeliness(city, shelf):
    order(city)
    with clock.at(clock.now() + timedelta(minutes=6)):
        send(city)
        assert row(city, "test.order", "out").timely == 0
        (line,) = figures.by_peer(*figures.days(clock.today(), clock.today()))
        assert (line.label, line.timeliness, line.validity) == (city.code, 0, 100)
        assert line.score == 60


@pytest.mark.parametrize(
    ("minutes", "timed", "timely"), [(-60, 0, 0), (1, 1, 0), (19, 1, 1)]
)
def test_what_was_there_before_the_line_is_not_late(
    client, city, shelf, minutes, timed, timely
):
    """The first look at a neighbour brings its whole past; that is no delay."""
    since = Peer.objects.get(code=city.code).created_at
    changed = record(**reading())
    changed["occurred_at"] = (since + timedelta(minutes=minutes)).isoformat()
    with clock.at(since + timedelta(minutes=20)):
        city.deliver(client, OWN, city.group("test.reading", changed))
    found = row(city, "test.reading", "in")
    assert (found.records, found.timed, found.timely) == (1, timed, timely)


def test_a_longer_course_is_told_by_day(client, city, shelf):
    report(client, city, {})
    with clock.at(clock.now() + timedelta(days=5)):
        report(client, city, {}, {})
        course = figures.over_time(Traffic.objects.filter(interface=""))
    assert len(course) == 6
    assert [one.come for one in course] == [1, 0, 0, 0, 0, 2]


def test_old_figures_go(client, city, shelf):
    report(client, city, {})
    assert service.clean() == 0
    with clock.at(clock.now() + timedelta(days=401)):
        assert service.clean() == 2


@pytest.mark.function("DX-04", at="operations:figures")
def test_figures_are_listed_filtered_and_exported(client, operator, city, shelf):
    report(client, city, {}, {})
    order(city)
    send(city)
    url = reverse("operations:figures")
    text = client.get(url).content.decode()
    assert city.code in text
    assert "figures-latency" in text
    answer = client.get(url, {"interface": "test.reading", "export": "csv"})
    lines = list(csv.DictReader(io.StringIO(answer.getvalue().decode("utf-8-sig"))))
    assert len(lines) == 1
    assert "2" in lines[0].values()
    every = client.get(url, {"interface": "*", "export": "csv"}).getvalue().decode()
    assert "test.order" in every
    assert "test.reading" in every


@pytest.mark.function("DX-22", at="operations:statistics")
@pytest.mark.parametrize("by", ["peer", "subset", "interface", "day"])
def test_leaders_see_volume_timeliness_and_quality(client, operator, city, shelf, by):
    report(client, city, {}, {"unit": "kg"})
    url = reverse("operations:statistics")
    labels = {"peer": city.code, "interface": "test.reading", "subset": "其他数据"}
    label = labels.get(by, clock.today())
    answer = client.get(url, {"by": by})
    assert f'<td class="">{label}</td>' in answer.content.decode()
    answer = client.get(url, {"by": by, "export": "xlsx"})
    sheet = load_workbook(io.BytesIO(answer.getvalue())).active
    head, line = sheet.iter_rows(values_only=True)
    assert line[0] == str(label)
    assert line[4] == 2
    assert line[9] == 50


@pytest.mark.function("DX-22", at="operations:statistics")
def test_figures_of_one_platform_by_subset(client, operator, city, connect, own):
    other = connect("M37080001")
    rows = (("monitoring.alarm", city, 3), ("standard.mg_case", other, 5))
    for interface, one, records in rows:
        facts = {"peer": peer(one), "interface": interface, "records": records}
        Traffic.objects.create(direction="in", hour=clock.now(), **facts)
    url = reverse("operations:statistics")
    given = {"by": "subset", "export": "csv"}
    text = client.get(url, given).getvalue().decode()
    assert len(text.strip().splitlines()) == 3
    text = client.get(url, given | {"peer": city.code}).getvalue().decode()
    assert "监测分析数据" in text
    assert len(text.strip().splitlines()) == 2


@pytest.mark.parametrize(
    ("frequency", "seconds"),
    [
        ("on_change", 300),
        ("realtime", 300),
        ("hour", 5_400),
        ("day+realtime", 115_200),
        ("year+month", 34_214_400),
    ],
)
def test_in_time_is_what_the_frequency_allows(monkeypatch, frequency, seconds):
    known = SimpleNamespace(frequency=frequency)
    monkeypatch.setattr(service.registry, "known", lambda code: True)
    monkeypatch.setattr(service.registry, "get", lambda code: known)
    assert service.grace_of("standard.any") == seconds


@pytest.mark.function("DX-04", at="operations:errors")
def test_errors_are_counted_by_code(client, operator, city, shelf):
    report(client, city, {"unit": "kg"}, {"unit": "t"}, {"value": -1})
    order(city)
    city.down = True
    send(city)
    url = reverse("operations:errors")
    text = client.get(url).content.decode()
    assert "code_list" in text
    answer = client.get(url, {"peer": city.code, "export": "csv"})
    lines = list(csv.reader(io.StringIO(answer.getvalue().decode("utf-8-sig"))))[1:]
    assert [line[2:6] for line in lines[:1]] == [
        ["test.reading", "code_list", "unit", "2"]
    ]
    assert len(lines) == 3
    later = {"start": "2020-01-01", "end": "2020-01-02", "export": "csv"}
    assert len(client.get(url, later).getvalue().splitlines()) == 1
    wrong = {"start": "2026-11-02", "end": "2026-11-01"}
    assert "is-invalid" in client.get(url, wrong).content.decode()


def test_a_wrong_period_is_said_at_its_field(client, operator):
    url = reverse("operations:statistics")
    given = {"start": "2026-11-02", "end": "2026-11-01"}
    assert "is-invalid" in client.get(url, given).content.decode()
    assert client.get(url, {"export": "pdf"}).status_code == 404
