"""Reports of months and days: what they count, when they are written, as files."""

import io
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from docx import Document
from openpyxl import load_workbook

from exchange.delivery.models import Outage, Parcel, ProblemRecord
from exchange.operations import tasks
from exchange.operations.enums import ReportSpan
from exchange.operations.models import ExchangeReport, Traffic
from exchange.operations.services import reports
from exchange.reconciliation.models import Certificate
from platform_core.common import clock
from platform_core.common.errors import DomainError
from platform_core.common.ids import uuid7

from .conftest import order, peer, send

CHINA = ZoneInfo("Asia/Shanghai")
DAY = datetime(2026, 10, 15, 12, tzinfo=CHINA)
FIRST = datetime(2026, 11, 1, 1, 30, tzinfo=CHINA)


@pytest.fixture
def october(city, shelf):
    """Traffic, an outage into November, certificates and a problem of October."""
    one = peer(city)
    facts = {"peer": one, "direction": "out", "calls": 10, "successes": 9}
    counts = {"records": 100, "rejected": 4, "size": 5000, "timed": 50, "timely": 45}
    Traffic.objects.create(interface="test.order", hour=DAY, **facts, **counts)
    outside = DAY + timedelta(days=30)
    Traffic.objects.create(interface="test.order", hour=outside, **facts, **counts)
    Outage.objects.create(
        peer=one,
        started_at=datetime(2026, 10, 31, 23, tzinfo=CHINA),
        ended_at=datetime(2026, 11, 1, 1, tzinfo=CHINA),
    )
    for state, origin in (("equal", "A"), ("different", "B")):
        Certificate.objects.create(
            day=DAY.date(),
            origin="P37000001",
            holder=city.code,
            interface="test.order",
            record_origin=origin,
            state=state,
            count=10,
            holder_count=9,
            finished_at=DAY,
        )
    order(city)
    send(city)
    ProblemRecord.objects.create(
        peer=one,
        parcel=Parcel.objects.get(),
        interface="test.order",
        origin="P37000001",
        uid="0192f0c4-0000-7000-8000-000000000001",
        revision=1,
        created_at=DAY,
        resolved_at=DAY + timedelta(hours=6),
        state="resolved",
    )
    return one


def written(kind, moment):
    """The report of the month or day of a moment, written on the first."""
    with clock.at(FIRST):
        return reports.write(kind=kind, day=moment.date())


def test_the_report_counts_its_month_only(october):
    with clock.at(FIRST):
        report, _day = reports.write_due()
    (row,) = report.data["peers"]
    assert (row["calls"], row["success_rate"], row["out"]) == (10, 90, 100)
    assert (row["rejected"], row["timeliness"], row["validity"]) == (4, 90, 96)
    assert (row["outages"], row["outage_minutes"]) == (1, 60)
    assert (row["certificates"], row["certificates_equal"]) == (2, 1)
    assert (row["problems"], row["cleared"], row["clearing_hours"]) == (1, 1, 6)
    assert report.data["days"] == [{"label": "2026-10-15", "out": 100, "come": 0}]
    # completeness 90, validity 96, timeliness 90, consistency 50
    assert row["score"] == 83.8


def test_a_daily_report_counts_its_day_only(october):
    (total,) = Traffic.objects.filter(interface="test.order", hour=DAY)
    for moment in (DAY - timedelta(hours=13), DAY + timedelta(hours=12)):
        total.pk, total.hour = None, moment
        total.save()
    later = Certificate.objects.filter(state="equal").get()
    later.pk, later.uid, later.day = None, uuid7(), DAY.date() + timedelta(days=1)
    later.save()
    (row,) = written("day", DAY).data["peers"]
    assert (row["calls"], row["out"], row["rejected"]) == (10, 100, 4)
    assert (row["outages"], row["outage_minutes"]) == (0, 0)
    assert (row["certificates"], row["certificates_equal"]) == (2, 1)
    assert (row["problems"], row["cleared"]) == (1, 1)
    assert row["score"] == 83.8
    last = written("day", FIRST - timedelta(days=1)).data["peers"][0]
    assert (last["calls"], last["outages"], last["outage_minutes"]) == (0, 1, 60)


def test_the_course_of_a_day_is_told_by_the_hour(client, operator, october):
    report = written("day", DAY)
    assert [one["label"] for one in report.course] == [f"{n:02}:00" for n in range(24)]
    sent = {one["label"]: one["out"] for one in report.course if one["out"]}
    assert sent == {"12:00": 100}
    page = client.get(report.get_absolute_url())
    assert page.context["volume"]["xAxis"]["data"][23] == "23:00"
    assert "每小时记录数" in page.content.decode()
    page = client.get(written("month", DAY).get_absolute_url())
    assert page.context["volume"]["xAxis"]["data"] == ["2026-10-15"]
    assert "每日记录数" in page.content.decode()


def spans():
    rows = ExchangeReport.objects.order_by("first")
    return [f"{row.span} {row.first}" for row in rows]


def test_month_and_day_are_written_once_even_if_nights_were_missed(october):
    with clock.at(FIRST + timedelta(days=2)):
        tasks.write_reports()
        assert spans() == ["month 2026-10-01", "day 2026-11-02"]
        assert reports.write_due() == []
    with clock.at(FIRST + timedelta(days=3)):
        (report,) = reports.write_due()
    assert (report.span, str(report.first)) == ("day", "2026-11-03")
    assert len(spans()) == 3


def test_what_was_written_too_early_is_written_again(october):
    with clock.at(DAY.replace(hour=11)):
        early = reports.write(kind="day", day=DAY.date())
    with clock.at(DAY + timedelta(hours=14)):
        again, _month = sorted(reports.write_due(), key=lambda one: one.span)
        assert (again.pk, again.written_at) == (early.pk, clock.now())
        assert reports.write_due() == []


@pytest.mark.parametrize(
    ("kind", "day", "fits"),
    [
        ("month", "2026-11-30", True),
        ("month", "2026-12-01", False),
        ("day", "2026-11-01", True),
        ("day", "2026-11-02", False),
        ("day", "2025-09-28", True),
        ("day", "2025-09-27", False),
        ("month", "2025-09-30", False),
        ("month", "9999-12-31", False),
    ],
)
def test_only_time_that_has_begun_and_has_figures_is_reported(own, kind, day, fits):
    day = date.fromisoformat(day)
    with clock.at(FIRST):
        if fits:
            assert reports.write(kind=kind, day=day).span == kind
            return
        with pytest.raises(DomainError) as caught:
            reports.write(kind=kind, day=day)
    assert list(caught.value.fields) == ["day"]


def test_reports_of_days_go_in_time_and_those_of_months_stay(own):
    for kind in ReportSpan.values:
        written(kind, DAY)
    with clock.at(DAY + timedelta(days=400)):
        tasks.clean()
        assert len(spans()) == 2
    with clock.at(DAY + timedelta(days=401)):
        tasks.clean()
    assert spans() == ["month 2026-10-01"]


@pytest.mark.function("DX-22", at=["operations:report-list", "operations:report-file"])
@pytest.mark.parametrize(
    ("kind", "period", "title"),
    [
        ("month", "2026-10", "数据交换月报 2026-10"),
        ("day", "2026-10-15", "数据交换日报 2026-10-15"),
    ],
)
def test_a_report_is_written_read_and_downloaded(
    client, operator, october, kind, period, title
):
    url = reverse("operations:report-write")
    with clock.at(FIRST):
        dialog = client.get(url).content.decode()
        assert 'type="date" name="day" value="2026-11-01"' in dialog
        for _time in range(2):
            client.post(url, {"kind": kind, "day": "2026-10-15"})
    report = ExchangeReport.objects.get()
    assert (report.by, report.period) == (operator, period)
    assert period in client.get(reverse("operations:report-list")).content.decode()
    page = client.get(report.get_absolute_url()).content.decode()
    assert title in page
    assert october.code in page
    paper = Document(io.BytesIO(file_of(client, report, "docx").content))
    assert paper.paragraphs[0].text == title
    assert october.code in [cell.text for cell in paper.tables[0].columns[0].cells]
    book = file_of(client, report, "xlsx")
    sheets = load_workbook(io.BytesIO(book.content)).worksheets
    assert len(sheets) == 4
    assert sheets[0].cell(2, 4).value == 100
    assert file_of(client, report, "pdf").status_code == 404


def file_of(client, report, form):
    return client.get(reverse("operations:report-file", args=[report.pk, form]))


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"kind": "day", "day": ""}, "day"),
        ({"kind": "day", "day": "2026-13-01"}, "day"),
        ({"kind": "day", "day": "2026-11-02"}, "day"),
        ({"kind": "month", "day": "2020-01-01"}, "day"),
        ({"kind": "week", "day": "2026-10-15"}, "kind"),
    ],
)
def test_what_cannot_be_reported_is_said_at_its_field(client, operator, given, field):
    with clock.at(FIRST):
        answer = client.post(reverse("operations:report-write"), given)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert not ExchangeReport.objects.exists()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, ["2026-11-01", "2026-10-31", "2026-10", "2026-10-01", "2026-09"]),
        ({"span": "day"}, ["2026-11-01", "2026-10-31", "2026-10-01"]),
        ({"span": "month"}, ["2026-10", "2026-09"]),
        ({"first_after": "2026-10-31"}, ["2026-11-01", "2026-10-31", "2026-10"]),
        ({"first_before": "2026-10-01"}, ["2026-10", "2026-10-01", "2026-09"]),
        ({"first_after": "2026-10-02", "first_before": "2026-10-30"}, ["2026-10"]),
    ],
)
def test_reports_are_found_by_kind_and_day(client, operator, query, found):
    for kind, day in (
        ("month", DAY - timedelta(days=30)),
        ("month", DAY),
        ("day", DAY.replace(day=1)),
        ("day", DAY.replace(day=31)),
        ("day", FIRST),
    ):
        written(kind, day)
    answer = client.get(reverse("operations:report-list"), query)
    assert [row.period for row in answer.context["page_obj"]] == found
    answer = client.get(reverse("operations:report-list"), query | {"export": "csv"})
    lines = answer.getvalue().decode("utf-8-sig").splitlines()[1:]
    assert [line.split(",")[0] for line in lines] == found
    assert {line.split(",")[1] for line in lines} <= {"月报", "日报"}


def test_who_may_only_look_cannot_write(client, clerk):
    client.force_login(clerk)
    assert client.get(reverse("operations:report-list")).status_code == 200
    assert client.get(reverse("operations:report-write")).status_code == 403
