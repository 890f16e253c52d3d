"""Subject tables: looking, filtering, exporting, where a value is from."""

import csv

import pytest

from exchange.aggregation.fusion.models import Master
from exchange.aggregation.fusion.services import resolving
from platform_core.audit.models import AuditEntry
from tests.factories.accounts import UserFactory

from .conftest import listed, mapped
from .test_running import GCJ

pytestmark = pytest.mark.function(
    "DA-03", "DA-16", at=("fusion:subject", "fusion:master", "fusion:lineage")
)


@pytest.fixture
def subject(landed, run, known, task):
    landed(listed("A1", phone="0532-7"), mapped("B1", "中山路公厕（东侧）", GCJ))
    landed(listed("A2", "台东路公厕", (120.36, 36.08), grade="movable"))
    run()
    return f"/exchange/fusion/subjects/{task.uid}/"


def test_a_subject_is_searched_filtered_and_exported(client, subject, steward):
    client.force_login(steward)
    page = client.get(subject).content.decode()
    assert "中山路公厕（东侧）" in page
    assert "台东路公厕" in page
    found = client.get(f"{subject}?q=台东").content.decode()
    assert "中山路" not in found
    found = client.get(f"{subject}?values__grade=class_1").content.decode()
    assert "台东路" not in found
    assert "中山路" in found
    found = client.get(f"{subject}?sources=2&sort=values__grade").content.decode()
    assert "台东路" not in found
    answer = client.get(f"{subject}?export=csv&sort=grade")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    lines = list(csv.reader(text.splitlines()))
    assert [line[0] for line in lines[1:]] == ["中山路公厕（东侧）", "台东路公厕"]
    assert "***" in lines[1]
    assert "0532-7" not in text
    assert AuditEntry.objects.filter(type="fusion.masters_exported").count() == 1
    assert "test_subject" in client.get("/exchange/fusion/subjects/").content.decode()


def test_a_record_shows_the_source_of_each_value(client, subject, steward):
    client.force_login(steward)
    one = Master.objects.get(sources=2)
    page = client.get(one.get_absolute_url()).content.decode()
    assert "便民地图" in page
    assert "06:00-22:00" in page
    assert "0532-7" not in page
    page = client.get(f"{one.get_absolute_url()}lineage/").content.decode()
    for part in ("A1", "B1", "公共厕所", "便民设施", "开放时间"):
        assert part in page


def test_personal_fields_are_masked_over_http(client, subject, steward, task):
    assert resolving.personal(task.current) == {"phone"}
    client.force_login(steward)
    one = Master.objects.get(sources=2)
    answer = client.get(f"/api/v1/fusion/masters/{one.uid}").json()
    assert answer["values"]["phone"] == "***"
    assert answer["sources"]["name"]["source"] == "guide"
    found = client.get(f"/api/v1/fusion/masters?task={task.pk}&sources=2").json()
    assert [each["uid"] for each in found["results"]] == [str(one.uid)]
    for name in ("tasks", "runs", "unmatched"):
        assert client.get(f"/api/v1/fusion/{name}").status_code == 200


@pytest.mark.function("DA-03", at="fusion:run-list")
def test_a_run_is_watched(client, subject, steward, run, task):
    client.force_login(steward)
    done = run()
    page = client.get("/exchange/fusion/runs/").content.decode()
    assert "公厕主题" in page
    page = client.get(done.get_absolute_url()).content.decode()
    assert "test_guide.class_name v1" in page
    assert 'value="100"' in page
    answer = client.post(f"{task.get_absolute_url()}start/")
    assert answer.status_code == 302


def test_others_may_not(client, subject):
    client.force_login(UserFactory(roles=["data_sender"]))
    one = Master.objects.first()
    for url in (subject, one.get_absolute_url(), f"{one.get_absolute_url()}lineage/"):
        assert client.get(url).status_code == 403
    assert client.get(f"/api/v1/fusion/masters/{one.uid}").status_code == 403
