"""Problems from found to verified, explained, returned."""

from datetime import timedelta

import pytest

from exchange.aggregation.cleansing.models import Problem, ProblemStep, Sender
from exchange.aggregation.cleansing.services import handling, telling
from platform_core.common import clock
from platform_core.common.errors import Conflict, DomainError, Forbidden
from platform_core.notices.models import Notice
from tests.factories.accounts import UserFactory

from .conftest import row

pytestmark = pytest.mark.function("DA-14", at="cleansing:problem")


def test_a_corrected_row_is_verified_by_the_next_run(problem, landed, run, clerk):
    assert problem.state == "assigned"
    assert problem.due_at > problem.found_at + timedelta(days=4)
    handling.correct(problem=problem, by=clerk)
    landed(row("L1"))
    run()
    problem.refresh_from_db()
    assert problem.state == "verified"
    assert [step.state for step in problem.steps.all()] == ["fixed", "verified"]


def test_what_is_not_corrected_comes_back(problem, run, clerk):
    handling.correct(problem=problem, by=clerk, note="done")
    run()
    problem.refresh_from_db()
    assert (problem.state, Problem.objects.count()) == ("returned", 1)
    assert problem.feedback == "done"


def test_an_explanation_is_refused_then_accepted_and_holds(
    problem, run, clerk, steward
):
    handling.explain(problem=problem, by=clerk, note="无名称")
    handling.send_back(problem=problem, by=steward, note="请补全")
    handling.explain(problem=problem, by=clerk, note="确无名称")
    handling.accept(problem=problem, by=steward)
    run()
    problem.refresh_from_db()
    assert problem.state == "confirmed"
    assert ProblemStep.objects.filter(problem=problem).count() == 4


def test_nobody_else_answers_and_no_step_out_of_turn(problem, clerk, steward):
    other = UserFactory(roles=["data_sender"])
    with pytest.raises(Forbidden):
        handling.correct(problem=problem, by=other)
    with pytest.raises(Conflict):
        handling.verify(problem=problem, by=steward)
    with pytest.raises(DomainError):
        handling.explain(problem=problem, by=clerk, note=" ")


def test_a_source_that_nobody_answers_for_waits_for_a_holder(
    landed, run, clerk, steward
):
    landed(row("L1", name=""), by=None)
    run()
    problem = Problem.objects.get()
    assert (problem.state, problem.due_at) == ("found", None)
    sender = Sender.objects.get()
    sender.holder = clerk
    handling.keep_sender(sender=sender, by=steward)
    problem.refresh_from_db()
    assert problem.state == "assigned"


def test_a_holder_is_told_once_for_all_that_is_new(problem, clerk, landed, run):
    assert telling.tell() == 1
    assert telling.tell() == 0
    notice = Notice.objects.get(recipient=clerk, kind="cleansing")
    assert notice.link == "/exchange/cleansing/duties/"
    with clock.at(clock.now() + timedelta(hours=1)):
        landed(row("L2", state=""))
        run()
    assert telling.tell() == 1


@pytest.mark.function("DA-14", at="cleansing:problem-list")
def test_stewards_and_senders_work_on_pages(client, problem, clerk, steward):
    client.force_login(clerk)
    url = problem.get_absolute_url()
    assert client.get("/exchange/cleansing/problems/").status_code == 403
    assert client.post(f"{url}explain/", {"note": ""}).status_code == 422
    client.post(f"{url}explain/", {"note": "确无名称"})
    assert client.post(f"{url}accept/", {"note": ""}).status_code == 403

    client.force_login(steward)
    page = client.get("/exchange/cleansing/problems/?state=explained&late=false")
    assert "L1" in page.content.decode()
    client.post(f"{url}send-back/", {"note": "请补全"})
    client.force_login(clerk)
    bulk = {"bulk": "correct", "selected": [problem.pk], "confirmed": "1"}
    client.post("/exchange/cleansing/duties/", bulk)
    client.force_login(steward)
    bulk["bulk"] = "verify"
    client.post("/exchange/cleansing/problems/", bulk)
    problem.refresh_from_db()
    assert problem.state == "verified"
    assert "请补全" in client.get(url).content.decode()

    client.force_login(UserFactory(roles=["data_sender"]))
    assert client.get(url).status_code == 404


def test_the_interface_answers_like_the_pages(client, problem, clerk):
    client.force_login(clerk)
    (one,) = client.get("/api/v1/cleansing/problems").json()["results"]
    assert (one["key"], one["state"]) == ("L1", "assigned")
    answer = client.post(
        f"/api/v1/cleansing/problems/{one['uid']}/answer",
        {"answer": "corrected"},
        content_type="application/json",
    )
    assert answer.json()["state"] == "fixed"


def test_overdue_duties_are_urged_once_a_day(problem, clerk, steward, landed, run):
    assert telling.urge() == 0
    due = problem.due_at
    with clock.at(due + timedelta(minutes=5)):
        assert (telling.urge(), telling.urge()) == (1, 0)
        told = Notice.objects.filter(kind="cleansing", title__contains="1")
        assert {notice.recipient for notice in told} >= {clerk, steward}
        assert Notice.objects.get(recipient=clerk).link.endswith("/duties/")
    with clock.at(due + timedelta(hours=21)):
        assert telling.urge() == 1
        handling.correct(problem=problem, by=clerk)
    with clock.at(due + timedelta(days=3)):
        assert telling.urge() == 0
