"""The monthly report: what it counts, when it is written, and as files."""

import io
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from docx import Document
from openpyxl import load_workbook

from exchange.delivery.models import Outage, Parcel, ProblemRecord
from exchange.operations.models import MonthlyReport, Traffic
from exchange.operations.services import reports
from exchange.reconciliation.models import Certificate
from platform_core.common import clock
from platform_core.common.errors import DomainError

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


def test_the_report_counts_its_month_only(october):
    with clock.at(FIRST):
        report = reports.write_due()
    (row,) = report.data["peers"]
    assert (row["calls"], row["success_rate"], row["out"]) == (10, 90, 100)
    assert (row["rejected"], row["timeliness"], row["validity"]) == (4, 90, 96)
    assert (row["outages"], row["outage_minutes"]) == (1, 60)
    assert (row["certificates"], row["certificates_equal"]) == (2, 1)
    assert (row["problems"], row["cleared"], row["clearing_hours"]) == (1, 1, 6)
    assert report.data["days"] == [{"label": "2026-10-15", "out": 100, "come": 0}]
    # completeness 90, validity 96, timeliness 90, consistency 50
    assert row["score"] == 83.8


def test_it_is_written_once_even_if_the_first_was_missed(october):
    with clock.at(FIRST + timedelta(days=2)):
        report = reports.write_due()
        assert report.month.isoformat() == "2026-10-01"
        assert reports.write_due() is None
    assert MonthlyReport.objects.count() == 1


def test_a_month_that_has_not_begun_has_no_report(own):
    with clock.at(DAY), pytest.raises(DomainError):
        reports.write(month=FIRST.date())


@pytest.mark.function("DX-22", at=["operations:report-list", "operations:report-file"])
def test_a_report_is_written_read_and_downloaded(client, operator, october):
    url = reverse("operations:report-write")
    assert client.get(url).status_code == 200
    assert client.post(url, {"year": 2026, "month": 13}).status_code == 422
    client.post(url, {"year": 2026, "month": 10})
    client.post(url, {"year": 2026, "month": 10})
    report = MonthlyReport.objects.get()
    assert report.by == operator
    assert "2026-10" in client.get(reverse("operations:report-list")).content.decode()
    page = client.get(report.get_absolute_url()).content.decode()
    assert october.code in page
    paper = client.get(reverse("operations:report-file", args=[report.pk, "docx"]))
    text = [
        cell.text
        for cell in Document(io.BytesIO(paper.content)).tables[0].columns[0].cells
    ]
    assert october.code in text
    book = client.get(reverse("operations:report-file", args=[report.pk, "xlsx"]))
    sheets = load_workbook(io.BytesIO(book.content)).worksheets
    assert len(sheets) == 4
    assert sheets[0].cell(2, 4).value == 100
    assert (
        client.get(
            reverse("operations:report-file", args=[report.pk, "pdf"])
        ).status_code
        == 404
    )


def test_who_may_only_look_cannot_write(client, clerk):
    client.force_login(clerk)
    assert client.get(reverse("operations:report-list")).status_code == 200
    assert client.get(reverse("operations:report-write")).status_code == 403
