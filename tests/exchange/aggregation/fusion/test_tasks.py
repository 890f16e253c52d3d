"""Fusion tasks: edited part by part, tried, compared, published."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from exchange.aggregation import hooks
from exchange.aggregation.fusion import definitions, loaders, selectors
from exchange.aggregation.fusion.models import (
    CodeMap,
    Master,
    Pair,
    Task,
    UnmatchedCode,
)
from exchange.aggregation.fusion.services import tasks
from platform_core.audit.models import AuditEntry
from platform_core.common.errors import Conflict, DomainError
from tests.factories.accounts import UserFactory

from .conftest import DEFINITION, listed, mapped
from .test_running import GCJ

pytestmark = pytest.mark.function(
    "DA-16", at=("fusion:task", "fusion:trial", "fusion:lineage")
)


def changed(**parts):
    return {**DEFINITION, **parts}


@pytest.mark.parametrize(
    ("parts", "field"),
    [
        ({"same": 0.5, "review": 0.7}, "review"),
        ({"fields": [{"code": "A", "name": "甲", "kind": "text"}]}, "code"),
        ({"fields": [{"code": "a__b", "name": "甲", "kind": "text"}]}, "code"),
        ({"fields": [{"code": "a", "name": "甲", "kind": "code"}]}, "codes"),
        ({"rules": [{"code": "r", "kind": "fuzzy", "field": "no", "weight": 1}]}, ""),
        (
            {"rules": [{"code": "r", "kind": "fuzzy", "field": "place", "weight": 1}]},
            "",
        ),
        ({"blocks": [{"code": "b", "kind": "near", "field": "name"}]}, "field"),
        ({"sources": [{**DEFINITION["sources"][0], "table": "nowhere"}]}, "table"),
        ({"sources": [{**DEFINITION["sources"][0], "system": "epsg:0"}]}, "system"),
        ({"sources": [{**DEFINITION["sources"][1], "y": ""}]}, "y"),
        ({"sources": [{**DEFINITION["sources"][1], "updated": "when"}]}, "updated"),
        ({"sources": [{**DEFINITION["sources"][1], "picks": {"x": "lon"}}]}, "picks"),
        ({"code": "print(1)"}, ""),
    ],
)
def test_what_makes_no_sense_is_refused(register, guide, parts, field):
    with pytest.raises(DomainError) as refused:
        definitions.check(changed(**parts))
    assert not field or field in refused.value.fields


@pytest.mark.parametrize("section", ["fields", "sources", "rules", "blocks"])
def test_nothing_half_done_is_published(register, guide, steward, section):
    missing = {**DEFINITION, section: []}
    if section == "fields":
        missing = {"title": "name"}
    task = tasks.make(code="half", name="半", by=steward, definition=missing)
    with pytest.raises(DomainError):
        tasks.publish(version=task.draft, by=steward)
    assert task.draft.is_draft


def test_a_published_version_does_not_change(task, steward):
    with pytest.raises(Conflict):
        tasks.define(version=task.current, by=steward, definition=DEFINITION)
    draft = tasks.draft(task=task, by=steward)
    tasks.define(version=draft, by=steward, definition=changed(same=0.9))
    draft.refresh_from_db()
    found = selectors.differences(task.current, draft)
    assert [(one.code, one.before, one.after) for one in found] == [("same", 0.85, 0.9)]
    with pytest.raises(Conflict):
        tasks.drop_part(version=draft, section="fields", code="name", by=steward)


def test_an_administrator_builds_a_task_on_pages(client, register, guide, steward):
    client.force_login(steward)
    given = {"code": "built", "name": "公厕", "description": "两个来源"}
    client.post("/exchange/fusion/tasks/make/", given)
    task = Task.objects.get(code="built")
    base = task.get_absolute_url()
    parts = (
        (
            "fields",
            {"code": "name", "name": "名称", "kind": "text", "survive": "longest"},
        ),
        (
            "fields",
            {"code": "place", "name": "位置", "kind": "point", "survive": "newest"},
        ),
        (
            "sources",
            {"code": "a", "name": "台账", "table": "test_toilet", "distinct": "on"},
        ),
        (
            "sources",
            {"code": "b", "name": "地图", "table": "test_guide", "distinct": "on"},
        ),
        ("rules", {"kind": "fuzzy", "field": "name", "weight": "2"}),
        (
            "rules",
            {"kind": "distance", "field": "place", "weight": "3", "metres": "80"},
        ),
        ("blocks", {"kind": "near", "field": "place", "metres": "100"}),
    )
    for section, facts in parts:
        url = f"{base}parts/{section}/add/"
        assert client.get(url).status_code == 200
        answer = client.post(url, facts)
        assert answer.status_code == 302, answer.content.decode()
    page = client.get(f"{base}mapping/b/").content.decode()
    assert "经度" in page
    # The names of fields give the mapping away; coordinates are said by hand.
    assert 'value="name" selected' in client.get(f"{base}mapping/a/").content.decode()
    client.post(f"{base}mapping/a/", {"pick_name": "name", "geometry": "location"})
    client.post(
        f"{base}mapping/b/",
        {"pick_name": "title", "x": "lon", "y": "lat", "system": "gcj02"},
    )
    limits = {"title": "name", "same": "0.8", "review": "0.9", "evidence": "0.5"}
    assert client.post(f"{base}limits/", limits).status_code == 422
    client.post(f"{base}limits/", limits | {"review": "0.6"})
    wrong = client.post(
        f"{base}parts/rules/fuzzy-name/edit/",
        {"kind": "fuzzy", "field": "place", "weight": "2"},
    )
    assert wrong.status_code == 422
    client.post(f"{base}publish/", {"note": "首版"})
    task.refresh_from_db()
    made = task.current.definition
    assert [one["code"] for one in made["rules"]] == ["fuzzy-name", "distance-place"]
    assert made["sources"][1]["system"] == "gcj02"
    assert (made["title"], made["same"], made["review"]) == ("name", 0.8, 0.6)
    assert "gcj02" in client.get(base).content.decode()
    assert "built" in client.get("/exchange/fusion/tasks/").content.decode()


def test_a_trial_keeps_nothing(client, landed, task, steward):
    landed(listed("A1", phone="0532-1"), mapped("B1", "中山路公厕（东）", GCJ))
    landed(mapped("B2", "中山大厕", GCJ, class_name="特级"))
    client.force_login(steward)
    page = client.get(f"{task.get_absolute_url()}trial/").content.decode()
    assert "中山路公厕（东）" in page
    assert "特级" in page
    assert not Master.objects.exists()
    assert not Pair.objects.exists()
    assert not UnmatchedCode.objects.exists()


def test_a_definition_goes_from_task_to_task_as_a_file(client, task, steward):
    client.force_login(steward)
    answer = client.get(f"{task.get_absolute_url()}definition/")
    assert AuditEntry.objects.filter(type="fusion.definition_exported").exists()
    assert json.loads(answer.content) == task.current.definition
    file = SimpleUploadedFile("task.json", answer.content)
    given = {"code": "copy", "name": "副本", "file": file}
    client.post("/exchange/fusion/tasks/make/", given)
    assert Task.objects.get(code="copy").draft.definition == task.current.definition
    broken = SimpleUploadedFile("task.json", b"[1]")
    url = f"{Task.objects.get(code='copy').get_absolute_url()}define/"
    assert client.post(url, {"file": broken}).status_code == 422


def test_versions_are_compared_on_a_page(client, task, steward):
    client.force_login(steward)
    client.post(f"{task.get_absolute_url()}draft/")
    client.post(f"{task.get_absolute_url()}parts/rules/near/drop/")
    url = f"{task.get_absolute_url()}compare/?old=1&new=2"
    page = client.get(url).content.decode()
    assert "distance" in page
    assert client.get(f"{task.get_absolute_url()}?version=9").status_code == 404


def test_the_lineage_of_a_table_leads_to_its_subject(task):
    (found,) = hooks.links_of("test_guide")
    assert (found.source, found.target) == ("test_guide", "test_subject")
    assert found.url.endswith(f"subjects/{task.uid}/")
    assert len(hooks.links_of("test_subject")) == 2


def test_others_may_not(client, task):
    client.force_login(UserFactory(roles=["data_sender"]))
    base = task.get_absolute_url()
    for url in (base, f"{base}trial/", f"{base}definition/", f"{base}start/"):
        assert client.get(url).status_code == 403
    assert client.post(f"{base}start/").status_code == 403


@pytest.mark.django_db
def test_the_packaged_subject_is_there_once():
    before = Task.objects.get(code="public_toilet")
    definitions.whole(definitions.check(before.current.definition))
    assert loaders.load_subjects() == "0 subjects"
    assert {one.table.code for one in CodeMap.objects.all()} == {"as_toilet"}
    Task.objects.all().delete()
    assert loaders.load_subjects() == "1 subjects"
