"""A platform's problem list travels to the platform that sent the rows, and back."""

from types import SimpleNamespace
from uuid import uuid4

import pytest

from exchange.aggregation.cleansing.models import Problem, ProblemFeedback, Sender
from exchange.aggregation.cleansing.services import handling, incoming, telling
from platform_core.common.errors import DomainError, NotOrigin
from platform_core.datasets import registry
from platform_core.datasets.models import OutboxEntry
from platform_core.notices.models import Notice

from .conftest import row

CITY = "M37080001"


def arrives(origin, data, uid=None, revision=1):
    return SimpleNamespace(
        origin=origin, data=data, uid=uid or uuid4(), revision=revision
    )


def test_the_list_goes_to_the_platform_that_sent_the_rows(landed, run):
    landed(row("L1", name=""), origin=CITY, by=None)
    run()
    (sent,) = OutboxEntry.objects.filter(interface="aggregation.problem")
    assert sent.recipients == [CITY]
    assert sent.data["rule_code"] == "required-name"
    assert sent.data["state"] == "assigned"
    problem = Problem.objects.get()
    answer = {"problem": str(problem.uid), "state": "explained", "note": "确无名称"}
    with pytest.raises(DomainError):
        incoming.take_feedback(arrives("M37020001", answer))
    incoming.take_feedback(arrives(CITY, answer))
    problem.refresh_from_db()
    assert (problem.state, problem.feedback) == ("explained", "确无名称")
    assert problem.steps.get().by_name == CITY
    last = OutboxEntry.objects.filter(interface="aggregation.problem").latest("pk")
    assert last.data["state"] == "explained"


def test_a_list_that_arrives_is_a_duty_here(landed, run, clerk, steward):
    landed(row("L1", name=""), origin=CITY, by=None)
    run()
    data = OutboxEntry.objects.get(interface="aggregation.problem").data
    uid = Problem.objects.get().uid
    Problem.objects.all().delete()

    Sender.objects.create(name=data["source"], holder=clerk)
    incoming.take_problem(arrives("N10000001", data, uid))
    copy = Problem.objects.get()
    assert list(Problem.objects.visible_to(clerk)) == [copy]
    assert not copy.is_own
    with pytest.raises(NotOrigin):
        handling.verify(
            problem=handling.correct(problem=copy, by=clerk, note="ok"), by=steward
        )
    assert ProblemFeedback.objects.get().state == "fixed"
    sent = OutboxEntry.objects.get(interface="aggregation.problem_feedback")
    assert (sent.recipients, sent.data["problem"]) == (["N10000001"], str(uid))

    done = data | {"state": "verified"}
    incoming.take_problem(arrives("N10000001", done, uid, revision=2))
    copy.refresh_from_db()
    assert (copy.state, Problem.objects.count()) == ("verified", 1)


def test_a_list_for_which_nobody_answers_yet_is_the_duty_of_stewards(
    client, landed, run, clerk, steward
):
    landed(row("L1", name=""), origin=CITY, by=None)
    run()
    data = OutboxEntry.objects.get(interface="aggregation.problem").data
    uid = Problem.objects.get().uid
    Problem.objects.all().delete()
    incoming.take_problem(arrives("N10000001", data, uid))
    copy = Problem.objects.get()
    assert telling.tell() == 1
    told = Notice.objects.get(recipient=steward, kind="cleansing")
    client.force_login(steward)
    assert copy.get_absolute_url() in client.get(told.link).content.decode()
    client.force_login(clerk)
    assert copy.get_absolute_url() not in client.get(told.link).content.decode()


@pytest.mark.parametrize("name", ["problem", "problem_feedback"])
def test_the_lists_are_for_nobody_else(name):
    assert registry.get(f"aggregation.{name}").share == "none"
