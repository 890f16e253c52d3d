"""Records of a table on their way to departments: files and databases."""

import csv
import json
from datetime import date, timedelta

import pytest
from openpyxl import load_workbook

from exchange.connectors import probing
from exchange.connectors.models import Flow, Reject
from exchange.connectors.services import flows, rejects, running, sending, sources
from exchange.connectors.writers import databases as writers
from exchange.interfaces.models import Field, Row
from exchange.interfaces.services import land
from platform_core.audit.models import AuditEntry
from platform_core.common import clock
from platform_core.common.errors import Conflict, DomainError

from .conftest import one

CODES = [{"do": "map", "table": "back"}]
FIELDS = [
    one("编号", "code"),
    one("名称", "name"),
    one("状态", "state", steps=CODES),
]
ROW = {"code": "P1", "name": "干管", "state": "1", "built": "2026-01-02"}
TARGET = (
    "CREATE TABLE taken (bh TEXT PRIMARY KEY, mc TEXT NOT NULL, jcrq DATE, cd NUMERIC)"
)
COLUMNS = [
    one("bh", "code"),
    one("mc", "name"),
    one("jcrq", "built"),
    one("cd", "length"),
]


@pytest.fixture
def codes(operator):
    return flows.keep_map(by=operator, code="back", name="反向", entries={"1": "好"})


def rows_of(path, encoding="utf-8-sig"):
    with path.open(encoding=encoding, newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.mark.function("DX-41", at="connectors:out-flow-add")
def test_whole_table_becomes_one_file(folder, file_source, make_out, run, keep, codes):
    keep(ROW, {"code": "P2", "name": "=1+1", "state": "1"})
    flow = make_out(file_source, {"name": "管线"}, FIELDS, batch_size=1)
    done = run(flow)
    assert (done.state, done.read, done.landed, done.chunks) == ("done", 2, 2, 1)
    assert [path.name for path in folder.iterdir()] == ["管线.csv"]
    assert rows_of(folder / "管线.csv") == [
        {"编号": "P1", "名称": "干管", "状态": "好"},
        {"编号": "P2", "名称": "=1+1", "状态": "好"},
    ]
    keep({**ROW, "name": "新管"})
    run(flow)
    assert {row["名称"] for row in rows_of(folder / "管线.csv")} == {"新管", "=1+1"}
    kinds = AuditEntry.objects.filter(type__startswith="connector.run")
    assert {"connector.run_started", "connector.run_ended"} <= set(
        kinds.values_list("type", flat=True)
    )


@pytest.mark.function("DX-42", at="connectors:flow")
def test_only_what_is_new_makes_further_files(
    folder, file_source, make_out, run, keep, codes
):
    first = keep(ROW)[-1]
    flow = make_out(file_source, {"name": "管线"}, FIELDS, mode="incremental")
    assert run(flow).landed == 1
    assert run(flow).read == 0
    keep({"code": "P2", "state": "1"}, {"code": "P3", "state": "1"})
    assert run(flow).landed == 2
    names = sorted(path.name for path in folder.iterdir())
    assert names == ["管线-000000000000.csv", f"管线-{first.pk:012}.csv"]
    assert [row["编号"] for row in rows_of(folder / names[1])] == ["P2", "P3"]


def test_what_landed_just_now_waits(file_source, make_out, run, table, codes):
    flow = make_out(file_source, {"name": "管线"}, FIELDS, mode="incremental")
    land(table=table, rows=[ROW], source="水务局")
    assert run(flow).read == 0
    with clock.at(clock.now() + timedelta(minutes=1)):
        assert run(flow).read == 1


@pytest.mark.parametrize("form", ["xlsx", "geojson"])
def test_other_formats(folder, file_source, make_out, run, keep, form):
    point = {"type": "Point", "coordinates": [120.1, 36.2]}
    keep({**ROW, "name": "=1+1", "place": point, "count": 3})
    fields = [one("bh", "code"), one("mc", "name"), one("n", "count")]
    fields.append(one("geometry", "place"))
    assert run(make_out(file_source, {"name": "a", "form": form}, fields)).landed == 1
    path = folder / f"a.{form}"
    if form == "xlsx":
        sheet = load_workbook(path).active
        head, row = [[cell.value for cell in line] for line in sheet.iter_rows()]
        assert head == ["bh", "mc", "n", "geometry"]
        assert row[:3] == ["P1", "=1+1", 3]
        assert sheet["B2"].data_type == "s"
    else:
        feature = json.loads(path.read_text(encoding="utf-8"))["features"][0]
        assert feature["geometry"] == point
        assert feature["properties"] == {"bh": "P1", "mc": "=1+1", "n": 3}


def test_gb18030_for_those_who_need_it(folder, file_source, make_out, run, keep, codes):
    keep(ROW)
    pick = {"name": "a", "encoding": "gb18030"}
    run(make_out(file_source, pick, FIELDS))
    assert rows_of(folder / "a.csv", "gb18030")[0]["名称"] == "干管"


def test_file_that_broke_off_is_never_seen(
    folder, file_source, make_out, run, keep, codes, monkeypatch
):
    keep(ROW, {"code": "P2", "state": "1"})
    pick = {"name": "a"}
    flow = make_out(file_source, pick, FIELDS, mode="incremental", batch_size=1)
    written = sending._send

    def breaks(run, items, *more):
        if items[0].row["code"] == "P2":
            raise DomainError("broken")
        return written(run, items, *more)

    monkeypatch.setattr(sending, "_send", breaks)
    done = run(flow)
    assert (done.state, done.read) == ("failed", 0)
    assert list(folder.iterdir()) == []
    monkeypatch.undo()
    assert run(flow).landed == 2
    assert [path.name for path in folder.iterdir()] == ["a-000000000000.csv"]


@pytest.mark.function("DX-43", at="connectors:reject-fix")
def test_reject_is_corrected_and_sent_by_itself(
    folder, file_source, make_out, run, keep, codes, operator
):
    keep(ROW, {"code": "P2", "state": "2"})
    flow = make_out(file_source, {"name": "a"}, FIELDS, mode="incremental")
    done = run(flow)
    assert (done.landed, done.rejected) == (1, 1)
    reject = Reject.objects.get()
    assert (reject.place, reject.code) == ("P2", "code_list")
    with pytest.raises(DomainError):
        rejects.resend(reject=reject, by=operator)
    rejects.resend(reject=reject, by=operator, raw={**reject.raw, "state": "1"})
    sent = rows_of(folder / f"a-reject-{reject.pk}.csv")
    assert [row["编号"] for row in sent] == ["P2"]
    reject.refresh_from_db()
    assert reject.state == "fixed"


def test_old_reject_never_overtakes_the_newer_record(
    file_source, make_out, run, keep, codes, operator
):
    keep({"code": "P2", "state": "2"})
    run(make_out(file_source, {"name": "a"}, FIELDS, mode="incremental"))
    keep({"code": "P2", "state": "1"})
    with pytest.raises(Conflict):
        rejects.resend(reject=Reject.objects.get(), by=operator)


def test_too_many_wrong_rows_send_no_file(
    folder, file_source, make_out, run, keep, codes
):
    keep({"code": "P1", "state": "2"}, {"code": "P2", "state": "2"})
    flow = make_out(file_source, {"name": "a"}, FIELDS, tolerated=1)
    done = run(flow)
    flow.refresh_from_db()
    assert (done.state, flow.state) == ("paused", "paused")
    assert done.rejects.count() == 2
    assert list(folder.iterdir()) == []


def test_personal_data_stays_here(folder, file_source, make_out, run, keep, table):
    Field.objects.filter(version=table.current, code="name").update(personal=True)
    table.__dict__.pop("fields", None)
    with pytest.raises(DomainError, match="name"):
        make_out(file_source, {"name": "a"}, [one("x", "name")])
    keep(ROW)
    whole = [one("x", "code"), one("y", "code", steps=[{"do": "upper"}])]
    run(make_out(file_source, {"name": "a"}, whole))
    assert "干管" not in (folder / "a.csv").read_text(encoding="utf-8-sig")


def test_what_is_not_published_stays_here(file_source, make_out, run, keep, table):
    flow = make_out(file_source, {"name": "a"}, [one("x", "code")])
    keep(ROW)
    table.current.state = "withdrawn"
    table.current.save()
    done = run(flow)
    flow.refresh_from_db()
    assert (done.landed, flow.state) == (0, "paused")


@pytest.fixture
def target(database):
    database.execute(TARGET)
    database.commit()

    def read():
        return database.execute("SELECT bh, mc, jcrq, cd FROM taken").fetchall()

    return read


TAKEN = {"table": "taken", "keys": "bh"}


def test_table_takes_new_rows_and_changes_known_ones(
    database, database_source, target, make_out, run, keep
):
    database.execute("INSERT INTO taken VALUES ('P1', '旧', NULL, NULL)")
    database.commit()
    keep({**ROW, "length": 2.5}, {"code": "P2", "name": "b"})
    flow = make_out(database_source, TAKEN, COLUMNS, mode="incremental", batch_size=1)
    done = run(flow)
    assert (done.state, done.landed, done.chunks) == ("done", 2, 2)
    assert target() == [("P1", "干管", "2026-01-02", 2.5), ("P2", "b", None, None)]
    keep({**ROW, "name": "新"})
    assert run(flow).landed == 1
    assert target()[0][1] == "新"
    assert run(flow, again=True).landed == 2
    assert len(target()) == 2


def test_row_that_the_database_refuses_is_set_aside(
    database_source, target, make_out, run, keep, operator
):
    keep(ROW, {"code": "P2"}, {"code": "P3", "name": "c", "built": "2026-02-30"})
    done = run(make_out(database_source, TAKEN, COLUMNS))
    assert (done.state, done.landed, done.rejected) == ("done", 1, 2)
    wrong = {reject.place: reject for reject in Reject.objects.all()}
    assert "NOT NULL" in wrong["P2"].reason
    assert wrong["P3"].field == "jcrq"
    raw = {**wrong["P2"].raw, "name": "b"}
    rejects.resend(reject=wrong["P2"], by=operator, raw=raw)
    assert {row[0] for row in target()} == {"P1", "P2"}


def test_what_was_written_before_a_break_is_not_doubled(
    database_source, target, make_out, run, keep, monkeypatch
):
    keep(ROW, {"code": "P2", "name": "b"})
    flow = make_out(database_source, TAKEN, COLUMNS, mode="incremental", batch_size=1)
    kept = sending._keep
    counts = iter([True, False])

    def dies(run, part):
        if next(counts):
            return kept(run, part)
        raise DomainError("power cut")

    monkeypatch.setattr(sending, "_keep", dies)
    done = run(flow)
    assert (done.state, done.landed) == ("failed", 1)
    assert len(target()) == 2
    monkeypatch.undo()
    flow.refresh_from_db()
    assert run(flow).landed == 1
    assert len(target()) == 2


def test_withdrawn_record_is_taken_away(
    database, database_source, target, make_out, run, keep
):
    keep(ROW, {"code": "P2", "name": "b"})
    flow = make_out(database_source, TAKEN, COLUMNS)
    run(flow)
    Row.objects.filter(key="P1").update(withdrawn=True)
    run(flow)
    assert [row[0] for row in target()] == ["P2"]


def test_withdrawn_record_is_left_out_of_a_file(
    folder, file_source, make_out, run, keep
):
    keep(ROW, {"code": "P2"})
    Row.objects.filter(key="P1").update(withdrawn=True)
    done = run(make_out(file_source, {"name": "a"}, [one("x", "code")]))
    assert (done.landed, done.filtered) == (1, 1)
    assert [row["x"] for row in rows_of(folder / "a.csv")] == ["P2"]


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        ("ALTER TABLE taken DROP COLUMN cd", "cd"),
        ("DROP TABLE taken", "taken"),
    ],
)
def test_target_that_changed_pauses_the_flow(
    database, database_source, target, make_out, run, keep, statement, named
):
    flow = make_out(database_source, TAKEN, COLUMNS)
    database.execute(statement)
    database.commit()
    keep(ROW)
    done = run(flow)
    flow.refresh_from_db()
    assert (done.state, flow.state) == ("paused", "paused")
    assert named in done.error


def test_key_that_is_not_unique_is_refused(
    database_source, target, make_out, run, keep
):
    keep(ROW)
    done = run(make_out(database_source, {**TAKEN, "keys": "mc"}, COLUMNS))
    assert (done.state, done.landed) == ("paused", 0)
    assert "mc" in done.error


def test_dry_run_shows_the_first_rows_and_writes_nothing(
    database_source, target, make_out, keep
):
    keep(ROW, {"code": "P2", "built": "none"})
    flow = make_out(database_source, TAKEN, COLUMNS)
    columns, tried = probing.trial_outward(flow.source, flow.definition, flow.table)
    assert columns == ["bh", "mc", "jcrq", "cd"]
    assert tried[0].record["mc"] == "干管"
    assert [len(one.faults) for one in tried] == [0, 1]
    assert target() == []


def test_pause_holds_behind_the_batch(
    database_source, target, make_out, run, keep, operator, monkeypatch
):
    keep(ROW, {"code": "P2", "name": "b"})
    flow = make_out(database_source, TAKEN, COLUMNS, mode="incremental", batch_size=1)
    write = writers.DatabaseWriter.write

    def paused(self, letters):
        running.pause(run=flow.runs.get(), by=operator)
        return write(self, letters)

    monkeypatch.setattr(writers.DatabaseWriter, "write", paused)
    done = run(flow)
    assert (done.state, done.landed) == ("paused", 1)
    assert len(target()) == 1
    monkeypatch.undo()
    flow.refresh_from_db()
    assert flow.position == {"last": Row.objects.get(key="P1").pk}


def test_schedule_sends(
    folder, file_source, make_out, keep, codes, django_capture_on_commit_callbacks
):
    keep(ROW)
    flow = make_out(file_source, {"name": "a"}, FIELDS, schedule="0 2 * * *")
    with (
        clock.at(Flow.objects.get(pk=flow.pk).next_at),
        django_capture_on_commit_callbacks(execute=True),
    ):
        assert running.start_due() == 1
    assert (folder / "a.csv").exists()


@pytest.mark.parametrize(
    ("kind", "pick"),
    [
        ("files", {"name": "../a"}),
        ("files", {"name": ".hidden"}),
        ("files", {}),
        ("database", {"table": "taken"}),
        ("mqtt", {"topic": "a/#"}),
    ],
)
def test_target_that_makes_no_sense(operator, table, file_source, kind, pick):
    file_source.kind = kind
    with pytest.raises(DomainError):
        flows.add(
            by=operator,
            name="x",
            source=file_source,
            table=table,
            direction="out",
            definition={"pick": pick, "mode": "full"},
        )


def test_address_inside_is_not_written_to(operator, make_out, run, keep, settings):
    settings.EXCHANGE_ALLOW_PRIVATE = False
    source = sources.add(
        by=operator,
        name="内网",
        kind="database",
        settings={"engine": "mysql", "host": "127.0.0.1", "database": "x"},
    )
    keep(ROW)
    done = run(make_out(source, TAKEN, COLUMNS))
    assert (done.state, done.landed) == ("failed", 0)


def test_values_become_what_columns_hold():
    column = writers.sa.Column
    sa = writers.sa
    assert writers.fitting(column("a", sa.Date()), "2026/1/2") == date(2026, 1, 2)
    assert writers.fitting(column("a", sa.Integer()), "1,234") == 1234
    assert writers.fitting(column("a", sa.Boolean()), "是") is True
    assert writers.fitting(column("a", sa.String()), {"a": 1}) == '{"a": 1}'
    assert writers.fitting(column("a", sa.Float()), "") is None
    naive = writers.fitting(column("a", sa.DateTime()), "2026-01-02T03:04:05+08:00")
    assert naive.isoformat() == "2026-01-02T03:04:05"
