"""Timeliness of sources, capacity of the store, backups that were reported."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from exchange.aggregation.catalogue import arrivals, capacity
from exchange.aggregation.catalogue.models import Backup, StoreMeasure
from exchange.aggregation.catalogue.services import measuring
from exchange.interfaces.models import Batch
from exchange.interfaces.services import land
from platform_core.audit.models import AuditEntry
from platform_core.common.clock import at, now, today
from tests.factories.accounts import UserFactory
from tests.factories.catalogue import published
from tests.factories.interfaces import TableFactory

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def leader(client):
    client.force_login(UserFactory(roles=["bureau_leader"]))
    return client


def arrive(table, source, *days):
    for days_ago in days:
        with at(now() - days_ago * DAY):
            rows = [{"task_no": "R1", "title": "x"}]
            land(table=table, rows=rows, source=source, key=str(days_ago))


@pytest.mark.function("DA-06", at="catalogue:timeliness")
def test_gaps_between_batches_are_held_against_the_frequency(leader):
    daily = TableFactory(code="t_daily", frequency="day")
    arrive(daily, "甲", 4, 3, 2, 1, 0)
    arrive(daily, "乙", 8, 7, 4, 3)
    arrive(TableFactory(code="t_any", frequency="on_change"), "丙", 9)
    found = arrivals.timely(today() - 20 * DAY, today())
    told = {one.source: one for one in found}
    assert set(told) == {"甲", "乙"}
    assert (told["甲"].timeliness, told["甲"].overdue) == (100, False)
    assert (told["乙"].gaps, told["乙"].late, told["乙"].overdue) == (4, 2, True)
    assert told["乙"].timeliness == 50
    assert [one.source for one in found] == ["乙", "甲"]
    url = reverse("catalogue:timeliness")
    assert "乙" in leader.get(url).content.decode()
    start = {"start": today() - 2 * DAY, "end": today()}
    text = leader.get(url, start | {"export": "csv"}).getvalue().decode()
    assert "甲" in text
    assert "乙" not in text


def test_a_span_that_is_over_ends_with_its_last_day():
    daily = TableFactory(code="t_daily", frequency="day")
    arrive(daily, "甲", 10)
    (one,) = arrivals.timely(today() - 12 * DAY, today() - 10 * DAY)
    assert (one.gaps, one.timeliness, one.overdue) == (0, None, False)


@pytest.mark.function("DA-05", at="catalogue:capacity")
def test_capacity_tells_size_growth_and_days_left(leader, monkeypatch):
    free = capacity.Room(10**12, 4 * 10**9)
    monkeypatch.setattr(capacity, "room", lambda: free)
    assert (capacity.growth(), capacity.days_left()) == (None, None)
    StoreMeasure.objects.create(day=today() - 10 * DAY, size=1_000, free=1)
    measuring.measure()
    measuring.measure()
    last = StoreMeasure.objects.get(day=today())
    assert last.size > 0
    StoreMeasure.objects.filter(pk=last.pk).update(size=1_000 + 10**9)
    assert capacity.growth() == 10**8
    assert capacity.days_left() == 40
    page = leader.get(reverse("catalogue:capacity"))
    figures = {str(one["label"]): one for one in page.context["figures"]}
    assert [one.get("level") for one in figures.values()][1:] == ["red", None, "red"]
    StoreMeasure.objects.filter(pk=last.pk).update(size=900)
    assert capacity.days_left() is None
    answer = leader.get(reverse("catalogue:capacity"), {"export": "xlsx"})
    assert answer.getvalue().startswith(b"PK")


def test_room_is_that_of_the_nearest_folder_there_is(settings, tmp_path):
    settings.VAR_DIR = tmp_path / "not" / "yet"
    found = capacity.room()
    assert 0 < found.free <= found.total


def note(*args, **options):
    out = StringIO()
    call_command("note_backup", *args, stdout=out, **options)
    return out.getvalue()


@pytest.mark.function("DA-05", at="catalogue:backup-list")
def test_backups_are_reported_shown_and_tested(leader, client, tmp_path):
    file = tmp_path / "node.dump"
    file.write_bytes(b"dump")
    assert note(str(file), seconds=7)
    made = Backup.objects.get()
    assert (made.size, made.seconds, made.fresh) == (4, 7, True)
    assert len(made.sha256) == 64
    url = reverse("catalogue:backup-list")
    assert "node.dump" in leader.get(url, {"kind": "database"}).content.decode()
    assert "node.dump" not in leader.get(url, {"kind": "files"}).content.decode()
    assert b"node.dump" in leader.get(url, {"export": "csv"}).getvalue()
    tested = reverse("catalogue:backup-tested", args=[made.pk])
    assert leader.post(tested).status_code == 403
    client.force_login(UserFactory(roles=["sys_admin"]))
    assert client.post(tested, {"reason": "on the spare machine"}).status_code == 302
    made.refresh_from_db()
    assert made.tested_at is not None
    assert made.note == "on the spare machine"
    types = set(AuditEntry.objects.values_list("type", flat=True))
    assert {"catalogue.backup_noted", "catalogue.backup_tested"} <= types


def test_the_store_is_red_without_a_fresh_good_backup(leader, tmp_path):
    def levels():
        figures = leader.get(reverse("catalogue:store")).context["figures"]
        return [one["level"] for one in figures if "backup" in one.get("url", "")]

    assert levels() == ["red", "red"]
    note("s3://bucket/node.dump")
    assert levels() == ["", "red"]
    with at(now() + timedelta(hours=27)):
        assert levels() == ["red", "red"]
    note("s3://bucket/node.dump", failed=True, note="disk full")
    assert levels() == ["red", "red"]


def test_a_file_that_is_not_there_is_no_backup(tmp_path):
    with pytest.raises(CommandError):
        note(str(tmp_path / "nothing"))
    assert not Backup.objects.exists()
    note(str(tmp_path / "nothing"), failed=True)
    assert not Backup.objects.get().ok


def test_lineage_can_be_taken_along(leader):
    table = TableFactory(code="t_raw", name="原始表")
    arrive(table, "普查队", 0)
    row = published(table=table).resource
    url = reverse("catalogue:lineage", args=[row.uid])
    text = leader.get(url, {"export": "csv"}).getvalue().decode("utf-8-sig")
    assert "普查队,原始表" in text
    assert Batch.objects.count() == 1
