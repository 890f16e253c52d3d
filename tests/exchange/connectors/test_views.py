"""The way of an administrator: source, flow, mapping, dry run, run, rejects."""

import pytest
from django.urls import reverse

from exchange.connectors.models import CodeMap, Flow, Reject, Run, Source
from tests.factories.accounts import UserFactory

from .conftest import one

pytestmark = pytest.mark.usefixtures("folder")


@pytest.fixture
def page(client, operator):
    client.force_login(operator)
    return client


def url(name, /, *args, **query):
    text = "&".join(f"{key}={value}" for key, value in query.items())
    return reverse(f"connectors:{name}", args=args) + (f"?{text}" if text else "")


def write(folder, *lines):
    (folder / "a.csv").write_text("\n".join(lines), encoding="utf-8")


FLOW = {
    "title": "管线",
    "pattern": "*.csv",
    "form": "auto",
    "encoding": "auto",
    "after": "leave",
    "mode": "full",
    "batch_size": 100,
    "on_error": "skip",
    "tolerated": 10,
    "rules": "starts_with(code, 'P') => 编号以P开头",
}


@pytest.mark.function("DX-17", at="connectors:trial")
@pytest.mark.function("DX-18", at="connectors:run")
@pytest.mark.function("DX-05", at="connectors:flow-list")
def test_from_source_to_rows(
    page, folder, table, landed, django_capture_on_commit_callbacks
):
    write(folder, "编号,名称,状态", "P1,干管,好", "P2,支管,碎", "Q3,管,坏")
    facts = {"name": "水务", "place": "folder", "folder": "water"}
    assert page.post(url("source-add", "files"), facts).status_code == 302
    source = Source.objects.get()
    assert page.post(url("source-test", source.uid)).status_code == 302
    assert "a.csv" in page.get(url("source", source.uid)).content.decode()
    sample = page.get(url("sample", source.uid, name="a.csv")).content.decode()
    assert "干管" in sample
    codes = {"code": "state", "name": "状态", "entries": "好 = 1\n坏 = 2"}
    assert page.post(url("codemap-add"), codes).status_code == 302

    answer = page.post(url("flow-add", source.uid), {**FLOW, "target": table.pk})
    flow = Flow.objects.get()
    assert answer["Location"] == url("mapping", flow.uid)
    form = page.get(url("mapping", flow.uid)).content.decode()
    assert 'value="编号"' in form  # found by the field's name
    lines = {
        "from_code": "编号",
        "steps_code": "trim",
        "from_name": "名称",
        "from_state": "状态",
        "steps_state": "trim\nmap state",
    }
    assert page.post(url("mapping", flow.uid), lines).status_code == 302
    tried = page.get(url("trial", flow.uid)).content.decode()
    assert "碎" in tried
    assert "编号以P开头" in tried
    assert landed() == {}

    assert page.post(url("activate", flow.uid)).status_code == 302
    with django_capture_on_commit_callbacks(execute=True):
        assert page.post(url("flow-run", flow.uid)).status_code == 302
    run = Run.objects.get()
    assert (run.state, run.landed, run.rejected) == ("done", 1, 2)
    assert landed()["P1"]["state"] == "1"
    for name in ("run-list", "reject-list", "flow-list"):
        assert "管线" in page.get(url(name)).content.decode()
    assert "碎" in page.get(url("run", run.uid)).content.decode()
    report = b"".join(page.get(url("run-report", run.uid)).streaming_content).decode()
    assert "碎" in report


def test_mistakes_stand_beside_their_field(page, file_source, make_flow, folder):
    write(folder, "编号", "P1")
    flow = make_flow(file_source, {"pattern": "*.csv"}, [one("code", "编号")])
    answer = page.post(url("mapping", flow.uid), {"steps_code": "fly"})
    assert answer.status_code == 422
    assert "fly" in answer.content.decode()
    flow.refresh_from_db()
    assert flow.current.number == 1
    edit = {**FLOW, "schedule": "never"}
    assert page.post(url("flow-edit", flow.uid), edit).status_code == 422
    codes = {"code": "a", "name": "a", "entries": "x"}
    assert page.post(url("codemap-add"), codes).status_code == 422
    assert not CodeMap.objects.exists()


@pytest.mark.function("DX-19", at="connectors:reject-fix")
def test_reject_is_corrected_and_sent_again(
    page, folder, file_source, make_flow, run, landed
):
    write(folder, "编号,数量", "P1,三")
    fields = [one("code", "编号"), one("count", "数量")]
    run(make_flow(file_source, {"pattern": "*.csv"}, fields))
    reject = Reject.objects.get()
    fix = url("reject-fix", reject.pk)
    assert page.post(fix, {"编号": "P1", "数量": "四"}).status_code == 422
    assert page.post(fix, {"编号": "P1", "数量": "3"}).status_code == 302
    assert landed()["P1"]["count"] == 3
    reject.refresh_from_db()
    assert reject.state == "fixed"
    assert page.post(fix, {"编号": "P1", "数量": "3"}).status_code == 409


def test_rejects_are_sent_again_together(
    page, folder, file_source, make_flow, run, landed
):
    write(folder, "编号,状态", "P1,好", "P2,碎")
    steps = [{"do": "map", "table": "state"}]
    fields = [one("code", "编号"), one("state", "状态", steps=steps)]
    run(make_flow(file_source, {"pattern": "*.csv"}, fields))
    codes = {"code": "state", "name": "状态", "entries": "好 = 1"}
    page.post(url("codemap-add"), codes)
    keys = list(Reject.objects.values_list("pk", flat=True))
    data = {"bulk": "resend", "selected": keys, "confirmed": "1"}
    assert page.post(url("reject-list"), data).status_code == 200
    assert set(landed()) == {"P1"}
    left = Reject.objects.get(state="open")
    assert page.post(url("reject-drop", left.pk), {"reason": "旧"}).status_code == 302
    left.refresh_from_db()
    assert left.state == "dropped"


def test_secret_is_never_shown(page, operator):
    facts = {
        "name": "库",
        "engine": "mysql",
        "host": "db.test",
        "database": "water",
        "username": "reader",
        "secret": "topsecret",
    }
    page.post(url("source-add", "database"), facts)
    source = Source.objects.get()
    assert source.secret == "topsecret"
    for name in ("source", "source-edit"):
        assert "topsecret" not in page.get(url(name, source.uid)).content.decode()
    del facts["secret"]
    page.post(url("source-edit", source.uid), {**facts, "host": "other.test"})
    source.refresh_from_db()
    assert (source.settings["host"], source.secret) == ("other.test", "topsecret")


@pytest.mark.parametrize("kind", ["database", "files", "rest", "mqtt"])
def test_every_kind_has_its_form(page, kind):
    assert page.get(url("source-add", kind)).status_code == 200


def test_unknown_kind(page):
    assert page.get(url("source-add", "carrier-pigeon")).status_code == 404


def test_nobody_else_may(client, file_source):
    client.force_login(UserFactory())
    for name in ("flow-list", "source-list", "run-list", "reject-list"):
        assert client.get(url(name)).status_code == 403
    assert client.post(url("source-test", file_source.uid)).status_code == 403


OUT = {
    "title": "送管线",
    "name": "pipes",
    "form": "csv",
    "encoding": "utf-8",
    "mode": "full",
    "batch_size": 100,
    "on_error": "skip",
    "tolerated": 10,
}


def test_from_rows_to_a_file(
    page, folder, file_source, table, keep, django_capture_on_commit_callbacks
):
    keep({"code": "P1", "name": "干管"}, {"code": "P2", "name": "支管"})
    add = url("out-flow-add", file_source.uid)
    assert page.get(add).status_code == 200
    wrong = page.post(add, {**OUT, "name": "../x", "target": table.pk})
    assert wrong.status_code == 422
    answer = page.post(add, {**OUT, "target": table.pk})
    flow = Flow.objects.get()
    assert answer["Location"] == url("out-mapping", flow.uid)
    assert page.get(url("mapping", flow.uid)).status_code == 404
    form = page.get(url("out-mapping", flow.uid)).content.decode()
    assert 'value="code"' in form  # each field is offered as a column
    lines = {
        "to_0": "编号",
        "from_0": "code",
        "to_1": "名称",
        "from_1": "name",
        "steps_1": "replace 管 => 线",
        "to_2": "来源",
        "constant_2": "平台",
    }
    broken = page.post(url("out-mapping", flow.uid), {**lines, "steps_1": "fly"})
    assert broken.status_code == 422
    unknown = page.post(url("out-mapping", flow.uid), {**lines, "from_1": "nothing"})
    assert unknown.status_code == 422
    assert page.post(url("out-mapping", flow.uid), lines).status_code == 302
    tried = page.get(url("trial", flow.uid)).content.decode()
    assert "干线" in tried
    assert list(folder.iterdir()) == []

    assert page.get(url("flow-edit", flow.uid)).status_code == 200
    assert page.post(url("activate", flow.uid)).status_code == 302
    with django_capture_on_commit_callbacks(execute=True):
        assert page.post(url("flow-run", flow.uid)).status_code == 302
    assert "pipes.csv" in [path.name for path in folder.iterdir()]
    text = (folder / "pipes.csv").read_text(encoding="utf-8-sig").split()
    assert text == ["编号,名称,来源", "P1,干线,平台", "P2,支线,平台"]
    for name in ("flow", "flow-again"):
        assert page.get(url(name, flow.uid)).status_code == 200
    assert page.get(url("run", flow.runs.get().uid)).status_code == 200
    listed = page.get(url("flow-list", direction="out")).content.decode()
    assert "送管线" in listed
    assert "送管线" not in page.get(url("flow-list", direction="in")).content.decode()
