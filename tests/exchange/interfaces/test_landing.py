"""Rows land as they came, in any number, and only once."""

from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO

import pytest
from django.core.files.base import File

from exchange.interfaces import selectors
from exchange.interfaces.enums import RowState
from exchange.interfaces.models import Batch, Row
from exchange.interfaces.services import land, mark
from platform_core.audit.models import AuditEntry
from platform_core.common.errors import DomainError
from platform_core.files import services as files
from tests.factories.interfaces import TableFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def table():
    return TableFactory(code="t_task")


def lines(count, **changes):
    for number in range(count):
        yield {"task_no": f"R{number}", "title": f"任务\t{number}\n"} | changes


def test_rows_land_exactly_as_they_came(table):
    wrong = {"task_no": "R1", "title": ["not", "a text"], "score": "很多", "x": None}
    batch = land(table=table, rows=[wrong], source="城管局", kind="file")
    row = selectors.rows(table).get()
    assert row.content == wrong
    assert (row.key, row.line, row.state) == ("R1", 1, "landed")
    assert (batch.count, batch.source) == (1, "城管局")
    assert batch.finished_at
    assert AuditEntry.objects.filter(type="interfaces.batch_landed").exists()


def test_values_of_other_systems_become_what_a_database_can_hold(table):
    odd = {
        "task_no": "R\x001",
        "when": datetime(2026, 11, 1, tzinfo=UTC),
        "day": date(2026, 11, 1),
        "cost": Decimal("1.50"),
        "none": float("nan"),
        "deep": [{"text": "a\0b \\u0000"}],
    }
    land(table=table, rows=[odd], source="db")
    assert selectors.rows(table).get().content == {
        "task_no": "R\ufffd1",
        "when": "2026-11-01T00:00:00Z",
        "day": "2026-11-01",
        "cost": "1.50",
        "none": "nan",
        "deep": [{"text": "a\ufffdb \\u0000"}],
    }


def test_the_newest_of_a_key_is_the_current_one(table):
    land(table=table, rows=lines(3), source="a")
    land(table=table, rows=[{"task_no": "R1", "title": "new"}], source="b")
    assert selectors.rows(table).count() == 3
    found = selectors.rows(table).get(key="R1")
    assert (found.content["title"], found.revision) == ("new", 2)
    assert Row.objects.filter(uid=found.uid).count() == 2


def test_a_key_twice_in_one_batch_keeps_both_and_the_last_counts(table):
    twice = [{"task_no": "R1", "title": text} for text in ("first", "second")]
    land(table=table, rows=twice, source="a")
    assert selectors.rows(table).get().content["title"] == "second"
    assert Row.objects.count() == 2


def test_the_same_key_of_two_origins_are_two_records(table):
    for origin in ("M37020001", "M37010001"):
        land(table=table, rows=lines(1), source=origin, origin=origin)
    assert selectors.rows(table).count() == 2


def test_rows_without_a_key_are_all_kept(table):
    land(table=table, rows=[{"title": "x"}, {"title": "x"}], source="a")
    assert selectors.rows(table).count() == 2


def test_landing_twice_is_landing_once(table):
    first = land(table=table, rows=lines(5), source="a", key="2026-11-01")
    again = land(table=table, rows=lines(5), source="a", key="2026-11-01")
    assert first.pk == again.pk
    assert Row.objects.count() == 5


def test_what_broke_off_goes_on_where_it_stood(table, monkeypatch):
    monkeypatch.setattr("exchange.interfaces.services.landing.CHUNK", 2)

    def broken():
        yield from list(lines(5))[:3]
        raise OSError("line cut")

    with pytest.raises(OSError, match="line cut"):
        land(table=table, rows=broken(), source="a", key="k")
    assert Batch.objects.get().finished_at is None
    assert selectors.latest_batch(table) is None
    batch = land(table=table, rows=lines(5), source="a", key="k")
    assert [row.line for row in batch.rows.order_by("pk")] == [1, 2, 3, 4, 5]
    assert selectors.latest_batch(table) == batch


def test_two_who_land_the_same_batch_do_not_mix(table, monkeypatch):
    monkeypatch.setattr("exchange.interfaces.services.landing.CHUNK", 2)

    def overtaken():
        yield from list(lines(2))
        land(table=table, rows=lines(4), source="a", key="k")
        yield from list(lines(2))

    with pytest.raises(DomainError):
        land(table=table, rows=overtaken(), source="a", key="k")
    assert Row.objects.count() == 4


def test_a_file_names_its_batch_and_is_kept(table, settings, tmp_path):
    settings.FILES_ROOT = tmp_path
    upload = files.store(File(BytesIO(b"%PDF-1.4\n"), name="a.pdf"))
    for _again in range(2):
        batch = land(table=table, rows=lines(1), source="a", file=upload)
    assert batch.sha256 == upload.blob_id
    assert batch.kind == "file"
    assert [one.name for one in files.of(batch)] == ["a.pdf"]
    assert Batch.objects.count() == 1


def test_streaming_reads_all_pages_and_one_state(table, monkeypatch):
    monkeypatch.setattr(selectors, "CHUNK", 2)
    land(table=table, rows=lines(5), source="a")
    pks = [pk for pk, _content in selectors.stream(table)]
    assert len(pks) == 5
    assert mark(rows=pks[:2], state=RowState.CLEAN) == 2
    assert len(list(selectors.stream(table, state="landed"))) == 3
    assert len(list(selectors.stream(table, after=pks[3]))) == 1


def test_many_rows_land_in_a_stream(table):
    """More rows than one chunk, with everything COPY could stumble over."""
    rows = ({"task_no": f"K{n}", "title": '\\t\t"\\N 中文\n'} for n in range(2_500))
    land(table=table, rows=rows, source="a")
    land(
        table=table,
        rows=({"task_no": f"K{n}", "title": "again"} for n in range(2_500)),
        source="b",
    )
    assert selectors.rows(table).count() == 2_500
    old = Row.objects.get(key="K7", current=False)
    assert old.content["title"] == '\\t\t"\\N 中文\n'
