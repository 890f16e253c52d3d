"""Snapshots withdraw what is gone; schedules that keep to working days."""

from datetime import datetime
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest

from exchange.connectors import timing
from exchange.connectors.models import Flow
from exchange.connectors.services import flows
from exchange.interfaces.models import Row
from exchange.interfaces.services import land, withdrawing
from platform_core.audit.models import AuditEntry
from platform_core.common.errors import DomainError

from .conftest import one

CSV = {"pattern": "*.csv"}
FIELDS = [one("code", "编号"), one("name", "名称")]
CHINA = ZoneInfo("Asia/Shanghai")


def write(folder, *codes):
    lines = ["编号,名称", *(f"{code},干管" for code in codes)]
    (folder / "a.csv").write_text("\n".join(lines), encoding="utf-8")


def live():
    rows = Row.objects.filter(current=True, withdrawn=False)
    return set(rows.values_list("key", flat=True))


@pytest.fixture
def flow(folder, file_source, make_flow):
    return make_flow(file_source, CSV, FIELDS, mode="snapshot")


@pytest.mark.function("DX-05", at="connectors:flow-list")
def test_what_a_snapshot_no_longer_has_is_withdrawn_and_may_come_again(
    folder, flow, run, table
):
    land(table=table, rows=[{"code": "X1"}], source="another department")
    write(folder, "P1", "P2", "P3")
    run(flow)
    write(folder, "P1", "P4")
    done = run(flow)
    assert (done.state, done.landed) == ("done", 2)
    assert live() == {"X1", "P1", "P4"}
    gone = Row.objects.get(key="P2", current=True)
    assert (gone.withdrawn, gone.revision, gone.content["name"]) == (True, 2, "干管")
    assert "2" in done.log.last().text or done.log.filter(text__contains="2").exists()
    assert AuditEntry.objects.filter(type="interfaces.rows_withdrawn").exists()
    write(folder, "P1", "P2")
    run(flow)
    assert live() == {"X1", "P1", "P2"}
    assert Row.objects.get(key="P2", current=True).revision == 3


@pytest.mark.parametrize("codes", [(), ("P1", "")])
def test_an_empty_or_faulty_snapshot_withdraws_nothing(folder, flow, run, codes):
    write(folder, "P1", "P2")
    run(flow)
    write(folder, *codes)
    done = run(flow)
    assert done.state == "done"
    assert live() == {"P1", "P2"}
    assert done.log.filter(level="warning").exists()


def test_many_records_are_withdrawn_in_parts(folder, flow, run, monkeypatch):
    monkeypatch.setattr(withdrawing, "CHUNK", 2)
    write(folder, *(f"P{n}" for n in range(6)))
    run(flow)
    write(folder, "P0")
    run(flow)
    assert live() == {"P0"}
    lines = Row.objects.filter(withdrawn=True).values_list("line", flat=True)
    assert sorted(lines) == [1, 2, 3, 4, 5]


def test_other_modes_withdraw_nothing(folder, file_source, make_flow, run):
    flow = make_flow(file_source, CSV, FIELDS, mode="full")
    write(folder, "P1", "P2")
    run(flow)
    write(folder, "P1")
    run(flow)
    assert live() == {"P1", "P2"}


def test_nothing_is_sent_as_a_snapshot(folder, file_source, make_out):
    fields = [one("编号", "code")]
    with pytest.raises(DomainError) as found:
        make_out(file_source, {"name": "a"}, fields, mode="snapshot")
    assert set(found.value.fields) == {"mode"}


def moment(text):
    return datetime.fromisoformat(text).replace(tzinfo=CHINA)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("after", "days", "then"),
    [
        ("2026-09-30 03:00", "every", "2026-10-01 02:00"),
        # The National Day holiday: the next working day is the 8th.
        ("2026-09-30 03:00", "work", "2026-10-08 02:00"),
        # A Friday; the Saturday behind it is worked.
        ("2026-10-09 03:00", "work", "2026-10-10 02:00"),
        ("2026-11-20 03:00", "work", "2026-11-23 02:00"),
    ],
)
def test_a_schedule_may_keep_to_working_days(after, days, then):
    assert timing.following("0 2 * * *", moment(after), days) == moment(then)


def test_a_schedule_that_meets_no_working_day_ends(monkeypatch):
    idle = SimpleNamespace(works=lambda day: False)
    monkeypatch.setattr(timing, "schedule", lambda: idle)
    assert timing.following("0 2 1 * *", moment("2026-11-20 03:00"), "work") is None
    assert timing.of({}, moment("2026-11-20 03:00")) is None


def test_a_flow_says_on_which_days_it_runs(
    client, operator, folder, file_source, make_flow
):
    write(folder, "P1")
    facts = {"schedule": "0 2 * * *", "days": "work"}
    made = make_flow(file_source, CSV, FIELDS, **facts)
    client.force_login(operator)
    assert "工作日" in client.get(made.get_absolute_url()).content.decode()
    changed = {**made.definition, "days": "never"}
    with pytest.raises(DomainError):
        flows.change(flow=Flow.objects.get(), by=operator, definition=changed)
