"""Pages of evaluations and schemes as people use them."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.urls import reverse
from docx import Document

from municipal.command.performance import selectors, timetables
from municipal.command.performance.models import Run, Scheme
from municipal.command.performance.services import running
from platform_core.audit.models import AuditEntry
from platform_core.common import clock
from tests.factories.accounts import UserFactory

from .conftest import OCTOBER
from .test_runs import published

SEPTEMBER = OCTOBER.previous()


def url(name, *args):
    return reverse(f"performance:{name}", args=args)


def text_of(client, address):
    response = client.get(address)
    assert response.status_code == 200, address
    return response.content.decode()


def test_from_the_form_to_the_published_ranking(client, evaluated, city, manager):
    evaluated()
    Run.objects.all().delete()
    client.force_login(manager)
    given = {"kind": "unit", "period": "month", "first": "2026-10-09"}
    assert client.post(url("run-start"), given | {"first": ""}).status_code == 422
    assert client.post(url("run-start"), given).status_code == 302
    run = Run.objects.get()
    assert (run.first, run.last) == (OCTOBER.first, OCTOBER.last)
    assert client.post(url("run-start"), given).status_code == 409
    page = text_of(client, run.get_absolute_url())
    assert page.index("市政处") < page.index("环卫处")
    assert "91.00" in page
    assert "status-green" in page
    for step in ("again", "lock", "show"):
        assert client.post(url(f"run-{step}", run.pk)).status_code == 302, step
    assert client.post(url("run-approve", run.pk)).status_code == 409
    run.refresh_from_db()
    with clock.at(run.publicity_until + timedelta(hours=1)):
        assert client.post(url("run-approve", run.pk)).status_code == 302
        assert client.post(url("run-publish", run.pk)).status_code == 302
    answer = client.post(url("run-correct", run.pk), {"reason": "口径有误"})
    assert answer.status_code == 302
    draft = Run.objects.get(state="draft")
    assert "口径有误" in text_of(client, draft.get_absolute_url())
    assert client.post(url("run-reopen", draft.pk), {"reason": "x"}).status_code == 409
    assert client.post(url("run-discard", draft.pk)).status_code == 302
    assert client.get(draft.get_absolute_url()).status_code == 404


def test_free_dates_need_a_last_day(client, counted, manager, city):
    client.force_login(manager)
    given = {"kind": "district", "period": "free", "first": "2026-10-09"}
    assert client.post(url("run-start"), given).status_code == 422
    given |= {"last": "2026-10-20"}
    assert client.post(url("run-start"), given).status_code == 302
    assert Run.objects.get().period.days == 12


def test_the_ranking_is_filtered_sorted_and_exported(client, evaluated, city, manager):
    run = evaluated()
    client.force_login(city.overseer)
    address = run.get_absolute_url()
    assert "环卫处" not in text_of(client, f"{address}?grade=A")
    assert "市政处" not in text_of(client, f"{address}?q=环卫")
    page = text_of(client, f"{address}?sort=composite")
    assert page.index("环卫处") < page.index("市政处")
    drill = f"kind=unit&amp;key={city.unit.pk}&amp;measure=closed_num&amp;first=2026-10"
    assert drill in page
    answer = client.get(f"{address}?export=csv")
    table = b"".join(answer.streaming_content).decode()
    assert "市政处" in table
    assert "90.0" in table
    sheet = client.get(f"{address}?export=xlsx")
    assert b"".join(sheet.streaming_content)[:2] == b"PK"
    assert AuditEntry.objects.filter(type="evaluation.exported").count() == 2


def test_one_object_shows_how_its_index_comes_about(client, evaluated, city, manager):
    evaluated({city.unit: (8, 10), city.other_unit: (6, 10)}, SEPTEMBER)
    run = evaluated()
    client.force_login(manager)
    page = text_of(client, url("result", run.pk, str(city.unit.pk)))
    assert "27.00" in page  # 30 % of 90
    assert "91.00" in page
    assert "+9.00" in page
    assert "measure=intime_handled_num" in page
    assert "2026-09" in page
    assert "2026-10" in page
    assert client.get(url("result", run.pk, "0")).status_code == 404


def test_a_unit_sees_its_own_result_only(client, evaluated, city, manager):
    run = evaluated()
    client.force_login(city.dept_handler)
    assert client.get(run.get_absolute_url()).status_code == 404
    assert "2026-10" not in text_of(client, url("run-list"))
    running.show(run=run, by=manager)
    page = text_of(client, run.get_absolute_url())
    assert "市政处" in page
    assert "环卫处" not in page
    assert client.get(url("result", run.pk, city.unit.pk)).status_code == 200
    assert client.get(url("result", run.pk, city.other_unit.pk)).status_code == 404
    drill = f"kind=unit&amp;key={city.unit.pk}&amp;measure=closed_num"
    assert drill not in text_of(client, url("result", run.pk, city.unit.pk))
    client.force_login(UserFactory(roles=["dept_leader"], unit=city.unit))
    assert drill in text_of(client, url("result", run.pk, city.unit.pk))
    client.force_login(city.dept_handler)
    assert "环卫处" not in text_of(client, url("overview"))
    assert "环卫处" not in text_of(client, url("bulletin", run.pk))
    for step in ("again", "approve", "publish", "correct"):
        assert client.post(url(f"run-{step}", run.pk)).status_code == 403
    assert client.get(url("run-start")).status_code == 403


@pytest.mark.function("CC-68", at=["performance:bulletin", "performance:bulletin-file"])
def test_the_bulletin_to_read_and_as_a_document(client, evaluated, city, manager):
    evaluated({city.unit: (8, 10), city.other_unit: (6, 10)}, SEPTEMBER)
    run = published(evaluated(), manager)
    client.force_login(city.overseer)
    page = text_of(client, url("bulletin", run.pk))
    for told in ("70.00%", "73.00", "+9.00", "-9.00", "91.00", "≥ 90"):
        assert told in page
    answer = client.get(url("bulletin-file", run.pk))
    assert answer["Content-Disposition"].startswith("attachment")
    paper = Document(BytesIO(answer.content))
    cells = [
        cell.text for table in paper.tables for row in table.rows for cell in row.cells
    ]
    for told in ("市政处", "91.00", "A", "+9.00", "2026-09", "73.00"):
        assert told in cells
    words = "\n".join(paragraph.text for paragraph in paper.paragraphs)
    assert "70.00%" in words
    assert AuditEntry.objects.filter(type="evaluation.exported").exists()
    assert client.get(url("bulletin-file", 0)).status_code == 404


def test_the_overview_prefers_what_is_published(client, evaluated, city, manager):
    client.force_login(manager)
    assert "status-green" not in text_of(client, url("overview"))
    assert selectors.latest("unit") == []
    published(evaluated(period=SEPTEMBER), manager)
    evaluated({city.unit: (1, 10), city.other_unit: (10, 10)})
    page = text_of(client, url("overview"))
    assert "2026-09" in page
    assert "2026-10" not in page
    best = selectors.latest("unit", 1)
    assert [(row.label, row.rank, row.grade) for row in best] == [("市政处", 1, "A")]
    Run.objects.filter(state="published").delete()
    assert [row.label for row in selectors.latest("unit")] == ["环卫处", "市政处"]


@pytest.mark.function(
    "CC-61", at=["performance:scheme-list", "performance:scheme-edit"]
)
def test_a_scheme_is_copied_changed_previewed_and_published(
    client, evaluated, city, manager
):
    run = evaluated()
    client.force_login(manager)
    old = run.scheme
    assert "部门评价" in text_of(client, url("scheme-list"))
    assert client.post(url("scheme-draft", old.pk)).status_code == 302
    draft = Scheme.objects.get(status="draft", code=old.code)
    form = client.get(url("scheme-edit", draft.pk)).context["form"]
    given = {field.html_name: field.value() for field in form}
    given = {name: value for name, value in given.items() if value not in (None, False)}
    assert given["PD1-bands"].startswith("50:100; 100:90")
    given |= {"PD1-bands": "5:100; *:0", "PD1-weight": "40", "note": "按量评价"}
    given |= {"PD2-weight": "0", "add": "CR25", "add_weight": "1"}
    bad = given | {"PD1-bands": "viele", "PD3-above": "2 * 2"}
    answer = client.post(url("scheme-edit", draft.pk), bad)
    assert answer.status_code == 422
    assert len(answer.context["form"].errors) == 2
    assert client.post(url("scheme-edit", draft.pk), given).status_code == 302
    assert "101" in text_of(client, draft.get_absolute_url())  # 40 + 30 + 30 + 1
    day = {"effective_from": clock.today().isoformat()}
    assert client.post(url("scheme-publish", draft.pk), day).status_code == 422
    given = given | {
        "add": "",
        "CR25-weight": "0",
        "CR25-above": "overtime_handled_num",
    }
    given |= {"CR25-below": "should_handle_num"}
    assert client.post(url("scheme-edit", draft.pk), given).status_code == 302
    page = text_of(client, url("scheme-preview", draft.pk))
    assert "54.00" in page  # 0.3 * 90 + 0.3 * 90: ten cases are too many now
    assert client.post(url("scheme-publish", draft.pk), day).status_code == 302
    draft.refresh_from_db()
    assert (draft.status, draft.note) == ("published", "按量评价")
    assert "按量评价" in text_of(client, draft.get_absolute_url())
    assert client.get(url("scheme-list") + "?export=csv").status_code == 200


def test_groups_of_departments_are_made_changed_and_removed(client, city, manager):
    client.force_login(manager)
    old = Scheme.objects.get(code="perf_department", status="published")
    client.post(url("scheme-draft", old.pk))
    draft = Scheme.objects.get(status="draft", code=old.code)
    given = {"name": "市政类", "members": [city.unit.code], "bands_PD1": "5:100; *:0"}
    assert client.post(url("scheme-group-add", draft.pk), given).status_code == 302
    draft.refresh_from_db()
    group = draft.body["groups"][0]
    assert group["bands"] == {"PD1": [[5, 100], [None, 0]]}
    address = url("scheme-group", draft.pk, group["code"])
    assert "5:100; *:0" in text_of(client, address)
    assert client.post(address, given | {"bands_PD1": ""}).status_code == 302
    assert client.post(url("scheme-group-add", draft.pk), given).status_code == 302
    assert "市政类" in text_of(client, draft.get_absolute_url())
    draft.refresh_from_db()
    assert [row["code"] for row in draft.body["groups"]] == ["g1", "g2"]
    day = {"effective_from": clock.today().isoformat()}
    answer = client.post(url("scheme-publish", draft.pk), day)
    assert answer.status_code == 422  # the same department in two groups
    assert client.post(url("scheme-group-remove", draft.pk, "g2")).status_code == 302
    assert client.get(url("scheme-group", draft.pk, "g9")).status_code == 404
    assert client.post(url("scheme-discard", draft.pk)).status_code == 302


def test_the_timetable_is_changed_by_a_new_version(client, manager):
    client.force_login(manager)
    form = client.get(url("timetable-edit")).context["form"]
    given = {field.html_name: field.value() for field in form}
    given = {name: value for name, value in given.items() if value}
    given |= {"publicity_days": 5, "runs_unit_grid": ["year"], "note": "减少批次"}
    bad = given | {"publicity_days": 0}
    assert client.post(url("timetable-edit"), bad).status_code == 422
    assert client.post(url("timetable-edit"), given).status_code == 302
    row = timetables.current()
    assert (row.version, row.body["publicity_days"]) == (2, 5)
    runs = [one["period"] for one in row.runs if one["kind"] == "unit_grid"]
    assert runs == ["year"]
    assert "减少批次" in text_of(client, url("timetable-list"))


def test_only_some_change_schemes(client, city, manager):
    scheme = Scheme.objects.get(code="perf_area")
    client.force_login(city.dept_handler)
    assert client.get(scheme.get_absolute_url()).status_code == 200
    for name in ("scheme-draft", "scheme-edit", "scheme-publish", "scheme-preview"):
        assert client.get(url(name, scheme.pk)).status_code == 403, name
    assert client.get(url("timetable-edit")).status_code == 403


def test_lists_take_the_same_queries(
    client, evaluated, city, manager, django_assert_max_num_queries
):
    client.force_login(manager)
    run = evaluated({city.unit: (9, 10)})
    pages = [url("run-list"), run.get_absolute_url(), url("overview")]
    pages += [url("bulletin", run.pk), url("scheme-list")]
    few = {}
    for page in pages:
        client.get(page)
        with django_assert_max_num_queries(30) as found:
            client.get(page)
        few[page] = len(found)
    run.delete()
    evaluated(period=SEPTEMBER)
    new = evaluated()
    for page in pages:
        page_now = page.replace(f"/{run.pk}/", f"/{new.pk}/")
        with django_assert_max_num_queries(few[page]):
            client.get(page_now)


def test_results_over_http(client, evaluated, city, manager):
    run = evaluated()
    client.force_login(manager)
    listed = client.get("/api/v1/performance/runs?kind=unit").json()
    assert [row["id"] for row in listed["results"]] == [run.pk]
    assert client.get("/api/v1/performance/runs?state=published").json()["count"] == 0
    found = client.get(f"/api/v1/performance/runs/{run.pk}/results").json()["results"]
    assert [(row["name"], row["composite"]) for row in found] == [
        ("市政处", 91),
        ("环卫处", 55),
    ]
    one = f"/api/v1/performance/runs/{run.pk}/results/{city.unit.pk}"
    indicator = client.get(one).json()["indicators"][1]
    assert indicator == {
        "code": "PD2",
        "above": 9,
        "below": 10,
        "value": 90,
        "score": 90,
    }
    client.force_login(city.dept_handler)
    assert client.get(one).status_code == 404
    client.force_login(city.supervisor)
    assert client.get("/api/v1/performance/runs").json()["count"] == 0
