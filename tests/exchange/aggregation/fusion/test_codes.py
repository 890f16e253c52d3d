"""Code maps: drafts, files, unmatched codes, suggestions."""

import csv

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from exchange.aggregation.fusion.models import CodeEntry, CodeMap, UnmatchedCode
from exchange.aggregation.fusion.services import codes, unmatched
from platform_core.audit.models import AuditEntry
from platform_core.common.errors import Conflict, DomainError
from tests.factories.accounts import UserFactory

from .conftest import listed, mapped

pytestmark = pytest.mark.function(
    "DA-15", at=("fusion:codemap", "fusion:unmatched-list")
)


@pytest.fixture
def code_map(task):
    """The map's words for grades; publishing the task made it."""
    return CodeMap.objects.get(table__code="test_guide")


def values(client, url):
    """The rows of a list as a file."""
    answer = client.get(f"{url}{'&' if '?' in url else '?'}export=csv")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.reader(text.splitlines()))


def test_publishing_a_task_makes_the_maps_of_its_coded_fields(task):
    made = CodeMap.objects.filter(table__code__startswith="test_")
    found = {(one.table.code, one.field) for one in made}
    assert found == {("test_toilet", "grade"), ("test_guide", "class_name")}


def test_runs_fill_the_list_of_unmatched_codes(landed, run, code_map, current, steward):
    landed(mapped("B1", class_name="一类"), mapped("B2", "甲", class_name=" 一类 "))
    landed(
        mapped("B3", "乙", class_name="class_2"), mapped("B4", "丙", class_name="？")
    )
    landed(mapped("B5", "丁", kind="park", class_name="公园"))
    done = run()
    assert done.unmatched == 2
    found = {one.value: one for one in UnmatchedCode.objects.all()}
    assert {value: one.count for value, one in found.items()} == {"一类": 2, "？": 1}
    assert found["一类"].suggestion == "class_1"
    assert found["？"].suggestion == ""
    # A standard code stands for itself; what no map knows is left out.
    assert current()["乙"].values["grade"] == "class_2"
    assert "grade" not in current()["甲"].values

    unmatched.accept(code=found["一类"], by=steward)
    assert UnmatchedCode.objects.get(value="一类").state == "drafted"
    assert run().unmatched == 1
    codes.publish(version=code_map.draft, by=steward)
    run()
    assert UnmatchedCode.objects.get(value="一类").state == "settled"
    assert current()["甲"].values["grade"] == "class_1"
    with pytest.raises(DomainError):
        unmatched.accept(code=found["？"], by=steward)


def test_what_is_published_changes_by_a_new_version_only(code_map, steward):
    first = code_map.draft
    codes.keep(version=first, given="一类", standard="class_1", by=steward)
    codes.publish(version=first, by=steward, note="第一版")
    with pytest.raises(Conflict):
        codes.keep(version=first, given="二类", standard="class_2", by=steward)
    code_map.refresh_from_db()
    second = codes.draft(code_map=code_map, by=steward)
    assert list(second.entries.values_list("given", flat=True)) == ["一类"]
    codes.keep(version=second, given="一类", standard="class_2", by=steward)
    assert codes.entries(code_map)["一类"] == "class_1"
    codes.publish(version=second, by=steward)
    code_map.refresh_from_db()
    assert codes.entries(code_map)["一类"] == "class_2"
    assert code_map.versions.get(number=1).state == "retired"


def test_a_code_outside_the_list_is_refused(code_map, steward):
    with pytest.raises(DomainError) as refused:
        codes.keep(version=code_map.draft, given="一类", standard="9", by=steward)
    assert "standard" in refused.value.fields


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_codes_come_from_files_and_go_into_files(client, code_map, steward, encoding):
    client.force_login(steward)
    text = "原代码,标准代码,备注\n一类,class_1,\n二类,class_2,旧称\n三类,nowhere,\n"
    file = SimpleUploadedFile("codes.csv", text.encode(encoding))
    page = client.post(f"{code_map.get_absolute_url()}take/", {"file": file})
    shown = page.content.decode()
    assert "三类" in shown
    assert "nowhere" in shown
    assert CodeEntry.objects.filter(version__code_map=code_map).count() == 2
    lines = values(client, f"{code_map.get_absolute_url()}codes/")
    assert lines[1:] == [["一类", "class_1", ""], ["二类", "class_2", "旧称"]]
    audited = AuditEntry.objects.filter(type="fusion.codes_taken").get()
    assert audited.data == {"taken": 2, "refused": 1}


def test_a_steward_settles_codes_on_pages(client, landed, run, code_map, steward):
    landed(*(mapped(f"B{n}", f"{n}", class_name=f"{n}类") for n in range(3)))
    run()
    client.force_login(steward)
    url = "/exchange/fusion/unmatched/"
    assert "2类" in client.get(f"{url}?q=2类").content.decode()
    one = UnmatchedCode.objects.get(value="2类")
    assert client.get(one.get_absolute_url()).status_code == 200
    client.post(f"{one.get_absolute_url()}settle/", {"standard": "class_2"})
    assert code_map.draft.entries.get().given == "2类"
    other = UnmatchedCode.objects.get(value="1类")
    client.post(f"{other.get_absolute_url()}ignore/")
    run()
    assert UnmatchedCode.objects.get(value="1类").state == "ignored"
    assert len(values(client, f"{url}?state=open")) == 1 + 1
    entry = code_map.draft.entries.get()
    given = {"given": "2类", "standard": "movable", "note": ""}
    client.post(f"/exchange/fusion/codes/{entry.pk}/edit/", given)
    assert code_map.draft.entries.get().standard == "movable"
    page = client.get(code_map.get_absolute_url()).content.decode()
    assert "movable" in page
    client.post(f"/exchange/fusion/codes/{entry.pk}/drop/")
    assert not code_map.draft.entries.exists()
    client.post(f"{code_map.get_absolute_url()}add/", given)
    client.post(f"{code_map.get_absolute_url()}publish/", {"note": "首版"})
    code_map.refresh_from_db()
    assert code_map.current.number == 1
    client.post(f"{code_map.get_absolute_url()}draft/")
    assert code_map.draft.number == 2
    assert "test_guide" in client.get("/exchange/fusion/code-maps/").content.decode()


def test_many_suggestions_are_taken_at_once(client, landed, run, code_map, steward):
    landed(
        mapped("B1", "a", class_name="一类厕"), mapped("B2", "b", class_name="二类厕")
    )
    run()
    client.force_login(steward)
    keys = list(UnmatchedCode.objects.values_list("pk", flat=True))
    given = {"bulk": "accept", "selected": keys, "confirmed": "1"}
    client.post("/exchange/fusion/unmatched/", given)
    found = dict(code_map.draft.entries.values_list("given", "standard"))
    assert found == {"一类厕": "class_1", "二类厕": "class_2"}


def test_a_map_for_one_source_comes_before_that_for_all(
    landed, run, code_map, guide, grades, steward, current, task
):
    landed(mapped("B1", class_name="甲"), source="便民地图")
    own = codes.make(
        table=guide, field="class_name", codes=grades, by=steward, source="便民地图"
    )
    codes.keep(version=own.draft, given="甲", standard="movable", by=steward)
    codes.publish(version=own.draft, by=steward)
    assert codes.find("test_guide", "class_name", "便民地图") == own
    assert codes.find("test_guide", "class_name", "别处") == code_map


def test_others_may_not(client, code_map, landed, run):
    landed(listed("A1"))
    client.force_login(UserFactory(roles=["data_sender"]))
    for url in (
        "/exchange/fusion/code-maps/",
        "/exchange/fusion/unmatched/",
        code_map.get_absolute_url(),
        f"{code_map.get_absolute_url()}publish/",
    ):
        assert client.get(url).status_code == 403
