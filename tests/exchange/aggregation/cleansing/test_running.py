"""A run from the landed rows to scores, problems and repaired rows."""

import csv
import json

import pytest

from exchange.aggregation.cleansing import selectors
from exchange.aggregation.cleansing.models import Problem, Run, Score
from exchange.aggregation.cleansing.services import finding, running
from exchange.interfaces.models import Row
from platform_core.common.errors import DomainError
from platform_core.jobs import services as jobs
from platform_core.jobs.models import Job
from tests.factories.accounts import UserFactory

from .conftest import row


@pytest.mark.function("DA-02", at="cleansing:run")
def test_a_run_shows_its_quality_scores_and_gives_the_sender_its_list(
    client, landed, run, clerk, steward
):
    landed(row("L1"), row("L2", name=""), row("L3", keeper_phone="12", state="9"))
    other = UserFactory(roles=["data_sender"])
    landed(row("L9", name=""), source="别处", by=other)
    done = run()
    assert (done.rows, done.good, done.returned, done.problems) == (4, 1, 3, 4)

    client.force_login(steward)
    page = client.get(done.get_absolute_url()).content.decode()
    assert "路灯管理处" in page
    scores = {one.sender and one.sender.name: one for one in Score.objects.all()}
    # Completeness: 3 mandatory fields in 3 rows, one of the nine is empty.
    assert scores["路灯管理处"].completeness == pytest.approx(100 * 8 / 9, abs=0.01)
    assert scores[None].rows == 4
    assert f"{scores[None].total:.1f}" in page

    client.force_login(clerk)
    page = client.get("/exchange/cleansing/duties/").content.decode()
    assert page.count("L3") >= 2
    assert "L9" not in page
    answer = client.get("/exchange/cleansing/duties/?export=csv")
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert len(list(csv.reader(lines))) == 1 + 3


def test_personal_values_are_masked_everywhere(landed, run, table):
    landed(row("L1", keeper_phone="1381234567"))
    done = run()
    (problem,) = Problem.objects.all()
    assert problem.value == "1********7"
    text = (done.job.folder / "out-problems.csv").read_text(encoding="utf-8-sig")
    assert "1********7" in text
    assert "1381234567" not in text


def test_repairs_reach_the_readers_while_the_raw_copy_stays(landed, run, table):
    landed(
        row("L1", made="2020/5/1", state="完好", keeper_phone="+86 138 1234 5678"),
        row("L2", name="一二三四五六七八九"),
        row("L3"),
    )
    done = run()
    assert (done.good, done.fixed, done.returned) == (1, 1, 1)
    good = [content for _pk, content in selectors.good_rows(table)]
    assert good == [row("L1", keeper_phone="13812345678", made="2020-05-01"), row("L3")]
    raw = Row.objects.get(key="L1").content
    assert raw["made"] == "2020/5/1"
    assert Row.objects.get(key="L2").state == "returned"


def test_a_crash_goes_on_where_it_stood(
    landed, rules, steward, monkeypatch, django_capture_on_commit_callbacks
):
    landed(*(row(f"L{n}", name="", state="9") for n in range(30)))
    monkeypatch.setattr(running, "CHUNK", 10)
    keep, calls = finding.Finder.keep, []

    def dies(self, found):
        calls.append(1)
        if len(calls) == 3:
            raise MemoryError
        return keep(self, found)

    monkeypatch.setattr(finding.Finder, "keep", dies)
    with django_capture_on_commit_callbacks(execute=True):
        made = running.start(rule_set=rules, by=steward)
    job = Job.objects.get(pk=made.job_id)
    assert job.state == "failed"
    assert Problem.objects.count() == 20
    Row.objects.filter(key="L0").update(content=json.loads('{"code": "L0"}'))

    with django_capture_on_commit_callbacks(execute=True):
        jobs.retry(job, by=steward)
    job.refresh_from_db()
    assert job.state == "done"
    assert Problem.objects.count() == 60
    # The rows of the first attempt count: nothing was read again.
    assert Run.objects.get().problems == 60


def test_two_runs_of_one_table_do_not_overlap(rules, steward, landed):
    landed(row("L1"))
    running.start(rule_set=rules, by=steward)
    with pytest.raises(DomainError):
        running.start(rule_set=rules, by=steward)


def test_hostile_names_and_values_stay_data(landed, run):
    evil = "'; DROP TABLE rows; --"
    landed(row(evil[:20], name=evil[:8], state='"; DELETE FROM problems; --'))
    assert run().problems == 1
    assert Problem.objects.get().value == '"; DELETE FROM problems; --'
