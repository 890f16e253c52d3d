"""The pages of the data standard: who may see and do what, and what comes of it."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.urls import reverse
from docx import Document

from exchange.interfaces.models import Table, TableVersion
from exchange.interfaces.services import land, tables
from platform_core.audit.models import AuditEntry
from platform_core.common.clock import at, now, today
from platform_core.datasets import registry
from tests.factories.accounts import UserFactory
from tests.factories.interfaces import TableFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def table():
    return TableFactory(code="t_task", name="任务表", subset="service")


@pytest.fixture
def admin(client):
    user = UserFactory(roles=["sys_admin"])
    client.force_login(user)
    return user


@pytest.fixture
def drafted(table, admin):
    return tables.draft(table=table, by=admin, note="a new field")


def post(client, name, /, *args, **data):
    return client.post(reverse(f"interfaces:{name}", args=args), data)


def text(client, url, **query):
    answer = client.get(url, query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_list_is_searched_filtered_and_exported(client, admin, table):
    TableFactory(code="t_other", name="其他表", direction="down")
    url = reverse("interfaces:table-list")
    assert "t_task" in text(client, url, q="任务")
    assert "t_other" not in text(client, url, q="任务")
    assert "t_task" not in text(client, url, direction="down")
    exported = client.get(url, {"export": "csv"})
    assert b"t_other" in b"".join(exported.streaming_content)


def test_who_has_no_right_sees_nothing(client, table):
    client.force_login(UserFactory(roles=[]))
    for url in (
        reverse("interfaces:table-list"),
        reverse("interfaces:row-list"),
        table.get_absolute_url(),
        table.current.get_absolute_url(),
    ):
        assert client.get(url).status_code == 403


@pytest.mark.function("DX-13", at="interfaces:publish")
def test_a_new_version_goes_from_draft_to_published(client, table, drafted):
    facts = {"name": "备注", "kind": "string", "length": 50, "need": "O", "place": 9}
    answer = post(client, "field-add", drafted.uid, code="note", **facts)
    assert answer.status_code == 302
    assert post(client, "publish", drafted.uid).status_code == 409
    assert post(client, "submit", drafted.uid).status_code == 302
    assert post(client, "publish", drafted.uid).status_code == 302
    table = Table.objects.get(pk=table.pk)
    assert (table.version, table.state) == (2, "published")
    assert table.versions.get(number=1).state == "deprecated"
    schema = registry.get("standard.t_task").schema
    assert schema["properties"]["note"]["maxLength"] == 50
    events = AuditEntry.objects.filter(type__startswith="interfaces.version_")
    assert set(events.values_list("type", flat=True)) == {
        f"interfaces.version_{done}"
        for done in ("drafted", "submitted", "published", "deprecated")
    }


def test_the_leader_reviews_but_does_not_draft(client, table, drafted):
    tables.submit(version=drafted, by=None)
    client.force_login(UserFactory(roles=["bureau_leader"]))
    assert post(client, "draft", table.code).status_code == 403
    assert post(client, "send-back", drafted.uid, reason="why?").status_code == 302
    drafted.refresh_from_db()
    assert (drafted.state, drafted.reason) == ("draft", "why?")


def test_fields_change_in_a_draft_only(client, table, drafted):
    field = drafted.fields.get(code="title")
    facts = {"code": "title", "name": "标题", "kind": "text", "need": "M", "place": 1}
    assert post(client, "field", field.pk, **facts).status_code == 302
    field.refresh_from_db()
    assert field.kind == "text"
    fixed = table.current.fields.get(code="title")
    assert post(client, "field", fixed.pk, **facts).status_code == 409
    assert post(client, "field-remove", fixed.pk).status_code == 409
    assert post(client, "field-remove", field.pk).status_code == 302
    assert not drafted.fields.filter(code="title").exists()


@pytest.mark.parametrize(
    ("wrong", "place"),
    [
        ({"code": "title"}, "code"),
        ({"code": "Titel"}, "code"),
        ({"kind": "code"}, "code_list"),
        ({"kind": "decimal", "length": 3, "decimals": 5}, "decimals"),
    ],
)
def test_a_wrong_field_is_refused_beside_its_input(client, drafted, wrong, place):
    facts = {"code": "x", "name": "x", "kind": "int", "need": "O", "place": 1} | wrong
    answer = post(client, "field-add", drafted.uid, **facts)
    assert answer.status_code in (409, 422)
    assert drafted.fields.count() == 3
    assert f'name="{place}"' in answer.content.decode()


def test_two_drafts_at_once_are_one_too_many(client, table, drafted):
    assert post(client, "draft", table.code).status_code == 409


def test_versions_are_compared(client, table, drafted):
    drafted.fields.filter(code="title").update(length=300)
    drafted.fields.filter(code="score").delete()
    page = text(client, drafted.get_absolute_url())
    assert "string(200) → string(300)" in page
    assert "<code>score</code>" in page.split("string(200) → ")[0]


@pytest.mark.function("DX-14", at="interfaces:deprecate")
def test_an_announced_end_comes(client, admin, table):
    version, last = table.current, today() + timedelta(days=30)
    answer = post(client, "deprecate", version.uid, ends_on=last, reason="merged")
    assert answer.status_code == 302
    assert registry.get("standard.t_task").state == "deprecated"
    assert tables.end_overdue() == 0
    with at(now() + timedelta(days=31)):
        assert tables.end_overdue() == 1
    version.refresh_from_db()
    assert (version.state, version.reason) == ("withdrawn", "merged")
    assert not registry.known("standard.t_task")


def test_an_end_in_the_past_is_refused(client, admin, table):
    past = today() - timedelta(days=1)
    answer = post(client, "deprecate", table.current.uid, ends_on=past, reason="x")
    assert answer.status_code == 422


def test_a_withdrawn_version_is_no_longer_offered(client, admin, table):
    assert post(client, "withdraw", table.current.uid).status_code == 422
    assert registry.known("standard.t_task")
    answer = post(client, "withdraw", table.current.uid, reason="mistake")
    assert answer.status_code == 302
    assert not registry.known("standard.t_task")


def test_a_table_of_ones_own(client, admin):
    facts = {"code": "cb_bench", "subset": "city_basic", "name": "座椅"}
    answer = post(client, "table-add", direction="up", frequency="year", **facts)
    version = TableVersion.objects.get(table__code="cb_bench")
    assert answer.url == version.get_absolute_url()
    assert post(client, "submit", version.uid).status_code == 422
    answer = post(client, "table-add", direction="up", **facts)
    assert answer.status_code == 409
    changed = {"subset": "service", "name": "座椅", "direction": "local"}
    assert post(client, "table-change", "cb_bench", **changed).status_code == 302
    assert Table.objects.get(code="cb_bench").direction == "local"


@pytest.mark.function("DX-02", at="interfaces:word")
def test_documents_and_samples_are_generated(client, admin, table):
    uid = [table.current.uid]
    word = client.get(reverse("interfaces:word", args=uid))
    document = Document(BytesIO(word.content))
    assert [row.cells[2].text for row in document.tables[0].rows][1:] == [
        "task_no",
        "title",
        "score",
    ]
    plain = text(client, reverse("interfaces:markdown", args=uid))
    assert "| task_no |" in plain
    records = client.get(reverse("interfaces:sample", args=uid), {"count": 5}).json()
    assert len(records) == 5
    schema = client.get(reverse("interfaces:schema", args=uid)).json()
    assert schema["required"] == ["task_no", "title"]


def test_landed_rows_hide_personal_data(client, admin, table):
    table.current.fields.filter(code="title").update(personal=True)
    batch = land(table=table, rows=[{"task_no": "R1", "title": "张三"}], source="a")
    row = batch.rows.get()
    assert "R1" in text(client, reverse("interfaces:row-list"), q="R")
    assert "a" in text(client, batch.get_absolute_url())
    page = text(client, row.get_absolute_url())
    assert "***" in page
    assert "张三" not in page
    api = client.get(f"/api/v1/standard/rows/{row.pk}").json()
    assert api["content"] == {"task_no": "R1", "title": "***"}


def test_coverage_tells_filled_from_empty(client, admin, table):
    land(table=table, rows=[{"task_no": "R1"}], source="a")
    url = reverse("interfaces:coverage")
    page = text(client, url, q="t_task")
    assert "已有数据" in page
    assert "指挥协调" in text(client, url, q="cm_case")


def test_the_api_lists_tables_versions_and_samples(client, admin, table):
    listed = client.get("/api/v1/standard/tables", {"subset": "service"}).json()
    found = {one["code"] for one in listed["results"]}
    assert "t_task" in found
    assert "cm_case" not in found
    one = client.get("/api/v1/standard/tables/t_task").json()
    assert (one["interface"], one["version"]) == ("standard.t_task", 1)
    versions = client.get("/api/v1/standard/tables/t_task/versions").json()
    assert [f["code"] for f in versions[0]["columns"]] == ["task_no", "title", "score"]
    record = client.get("/api/v1/standard/tables/t_task/sample").json()
    assert set(record) == {"task_no", "title", "score"}
    client.force_login(UserFactory(roles=[]))
    assert client.get("/api/v1/standard/tables").status_code == 403
