"""Files that departments put into a folder."""

import json
import zipfile
from datetime import timedelta

import pytest
from openpyxl import Workbook

from exchange.connectors import probing
from exchange.connectors.errors import Unreachable
from exchange.connectors.models import Reject, SeenFile
from exchange.connectors.services import carrying, flows, running, sources
from platform_core.common import clock
from platform_core.common.errors import DomainError

from .conftest import one

CSV = {"pattern": "*.csv"}
FIELDS = [one("code", "编号"), one("name", "名称")]


def write(folder, name, *lines, encoding="utf-8"):
    (folder / name).write_bytes("\r\n".join(lines).encode(encoding))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_csv_in_either_encoding(folder, file_source, make_flow, run, landed, encoding):
    write(folder, "a.csv", "编号,名称", "P1,干管", encoding=encoding)
    assert run(make_flow(file_source, CSV, FIELDS)).state == "done"
    assert landed() == {"P1": {"code": "P1", "name": "干管"}}


def test_text_in_no_encoding_is_refused_with_its_line(
    folder, file_source, make_flow, run
):
    (folder / "a.csv").write_bytes("编号,名称\nP1,".encode() + b"\xff\xff\n")
    done = run(make_flow(file_source, CSV, FIELDS))
    assert (done.state, done.landed) == ("failed", 0)
    assert "2" in done.error


def test_malformed_rows_are_set_aside_and_the_others_land(
    folder, file_source, make_flow, run, landed
):
    write(folder, "a.csv", "编号,名称", "P1,干管", "P2", ",无号", "P4,支管")
    done = run(make_flow(file_source, CSV, FIELDS))
    assert (done.read, done.landed, done.rejected) == (4, 2, 2)
    assert set(landed()) == {"P1", "P4"}
    first, second = Reject.objects.order_by("line")
    assert (first.line, first.place) == (3, "a.csv")
    assert (second.line, second.field, second.code) == (4, "code", "required")


def test_quote_that_never_ends_keeps_what_came_before(
    folder, file_source, make_flow, run, landed
):
    write(folder, "a.csv", "编号,名称", "P1,干管", 'P2,"支管')
    done = run(make_flow(file_source, CSV, FIELDS))
    assert done.state == "failed"
    assert set(landed()) == {"P1"}


@pytest.mark.function("DA-01", at="connectors:flow-run")
def test_file_is_read_once_whatever_its_name(folder, file_source, make_flow, run):
    write(folder, "a.csv", "编号,名称", "P1,干管")
    flow = make_flow(file_source, CSV, FIELDS, mode="incremental")
    assert run(flow).read == 1
    (folder / "a.csv").rename(folder / "b.csv")
    assert run(flow).read == 0
    write(folder, "c.csv", "编号,名称", "P2,支管")
    assert run(flow).read == 1
    assert SeenFile.objects.filter(flow=flow).count() == 2


def test_read_files_are_moved_where_that_is_wanted(folder, file_source, make_flow, run):
    write(folder, "a.csv", "编号,名称", "P1,干管")
    run(make_flow(file_source, {**CSV, "after": "move"}, FIELDS))
    assert not (folder / "a.csv").exists()
    assert (folder / "done" / "a.csv").exists()


def test_second_file_without_a_column_pauses_behind_the_first(
    folder, file_source, make_flow, run, landed
):
    write(folder, "a.csv", "编号,名称", "P1,干管")
    write(folder, "b.csv", "编号,别名", "P2,支管")
    flow = make_flow(file_source, CSV, FIELDS, mode="incremental")
    done = run(flow)
    assert (done.state, set(landed())) == ("paused", {"P1"})
    assert "名称" in done.error


def test_run_goes_on_where_it_stopped(
    folder, file_source, make_flow, run, landed, operator, monkeypatch
):
    """The process dies between two batches; the job is done again."""
    write(folder, "a.csv", "编号,名称", *[f"P{n},管" for n in range(10)])
    flow = make_flow(file_source, CSV, FIELDS, batch_size=4)
    kept = carrying._keep

    def dies(run, chunk, mapper):
        if run.chunks == 1:
            raise SystemExit
        return kept(run, chunk, mapper)

    monkeypatch.setattr(carrying, "_keep", dies)
    with pytest.raises(SystemExit):
        run(flow)
    assert len(landed()) == 4
    monkeypatch.setattr(carrying, "_keep", kept)
    broken = flow.runs.get()
    assert broken.state == "running"
    carrying.carry(broken, Silent())
    broken.refresh_from_db()
    assert (broken.state, broken.read, broken.landed) == ("done", 10, 10)
    assert len(landed()) == 10


class Silent:
    by = None

    def advance(self, *args, **kwargs):
        pass


def test_excel_rows_keep_their_types(folder, file_source, make_flow, run, landed):
    book = Workbook()
    book.active.append(["编号", "数量", "建成日期", None])
    book.active.append([101, 3.0, "2020年5月6日", None])
    book.save(folder / "a.xlsx")
    fields = [one("code", "编号"), one("count", "数量"), one("built", "建成日期")]
    run(make_flow(file_source, {"pattern": "*.xlsx"}, fields))
    assert landed()["101"] == {"code": "101", "count": 3, "built": "2020-05-06"}


def test_workbook_that_unpacks_without_end_is_refused(
    folder, file_source, make_flow, run
):
    with zipfile.ZipFile(folder / "a.xlsx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"0" * 50_000_000)
    done = run(make_flow(file_source, {"pattern": "*.xlsx"}, FIELDS))
    assert done.state == "failed"


def test_geojson_comes_with_its_place(folder, file_source, make_flow, run, landed):
    point = {"type": "Point", "coordinates": [120.39, 36.07]}
    feature = {"type": "Feature", "properties": {"编号": "P1"}, "geometry": point}
    collection = {"type": "FeatureCollection", "features": [feature]}
    (folder / "a.geojson").write_text(json.dumps(collection))
    fields = [
        one("code", "编号"),
        one("place", "geometry", steps=[{"do": "geometry", "system": "cgcs2000"}]),
    ]
    run(make_flow(file_source, {"pattern": "*.geojson"}, fields))
    assert landed()["P1"]["place"] == point


def test_folder_outside_the_exchange_folder_is_refused(folder, operator):
    made = sources.add(
        by=operator,
        name="外",
        kind="files",
        settings={"place": "folder", "folder": "../../etc"},
    )
    with pytest.raises(DomainError, match="."):
        probing.offered(made)


def test_missing_folder_is_named(folder, operator):
    made = sources.add(
        by=operator,
        name="无",
        kind="files",
        settings={"place": "folder", "folder": "nowhere"},
    )
    with pytest.raises(Unreachable, match="nowhere"):
        sources.test(source=made, by=operator)
    made.refresh_from_db()
    assert (made.state, "nowhere" in made.error) == ("failing", True)


def test_too_many_wrong_rows_pause_the_flow(folder, file_source, make_flow, run):
    write(folder, "a.csv", "编号,名称", *[",管" for _ in range(9)])
    flow = make_flow(file_source, CSV, FIELDS, tolerated=5, batch_size=4)
    done = run(flow)
    flow.refresh_from_db()
    assert (done.state, done.rejected, flow.state) == ("paused", 8, "paused")


def test_strict_flow_stops_at_the_first_wrong_row(
    folder, file_source, make_flow, run, landed
):
    write(folder, "a.csv", "编号,名称", "P1,干管", ",管")
    done = run(make_flow(file_source, CSV, FIELDS, on_error="stop"))
    assert (done.state, landed()) == ("failed", {})
    assert "3" in done.error


def test_filter_leaves_rows_out(folder, file_source, make_flow, run, landed):
    write(folder, "a.csv", "编号,名称", "P1,干管", "P2,支管")
    done = run(make_flow(file_source, CSV, FIELDS, filter='"名称" == `"干管"`'))
    assert (done.filtered, set(landed())) == (1, {"P1"})


def test_rule_says_why(folder, file_source, make_flow, run):
    write(folder, "a.csv", "编号,名称", "P1,干管", "Q2,支管")
    rules = [{"test": "starts_with(code, 'P')", "message": "编号应以P开头"}]
    done = run(make_flow(file_source, CSV, FIELDS, rules=rules))
    assert done.landed == 1
    assert Reject.objects.get().reason == "编号应以P开头"


def test_paused_run_stops_and_goes_on(
    folder, file_source, make_flow, operator, landed, django_capture_on_commit_callbacks
):
    write(folder, "a.csv", "编号,名称", "P1,干管")
    flow = make_flow(file_source, CSV, FIELDS)
    waiting = running.start(flow=flow, by=operator, trigger="person")
    running.pause(run=waiting, by=operator)
    assert landed() == {}
    with django_capture_on_commit_callbacks(execute=True):
        running.resume(run=waiting, by=operator)
    waiting.refresh_from_db()
    assert (waiting.state, set(landed())) == ("done", {"P1"})


def test_schedule_begins_what_is_due(
    folder, file_source, make_flow, landed, django_capture_on_commit_callbacks
):
    write(folder, "a.csv", "编号,名称", "P1,干管")
    flow = make_flow(file_source, CSV, FIELDS, schedule="*/10 * * * *")
    assert running.start_due() == 0
    with (
        clock.at(clock.now() + timedelta(minutes=11)),
        django_capture_on_commit_callbacks(execute=True),
    ):
        assert running.start_due() == 1
        assert running.start_due() == 0
    assert set(landed()) == {"P1"}
    flow.refresh_from_db()
    assert flow.next_at is not None


def test_changed_definition_makes_a_version(file_source, make_flow, operator):
    flow = make_flow(file_source, CSV, FIELDS)
    same = flows.change(flow=flow, by=operator, definition=flow.definition)
    assert same.current.number == 1
    other = {**flow.definition, "filter": "a"}
    assert flows.change(flow=flow, by=operator, definition=other).current.number == 2
