"""What other platforms send, and what is refused."""

import copy
from dataclasses import replace
from uuid import uuid4

import pytest

from platform_core.common.errors import DomainError
from platform_core.datasets import registry
from platform_core.systems.supervision import sample, services
from platform_core.systems.supervision.models import Assignment, Feedback, Task
from tests.factories.supervision import CONTENT, later

from .federation import NATION, PROVINCE, QINGDAO


@pytest.fixture
def sent(pair):
    """A task on its way from the nation to the province."""
    with pair.at(NATION) as people:
        task = services.draft_task(
            by=people.clerk,
            title="井盖排查",
            content=CONTENT,
            requirement="逐井建档",
            deadline=later(30),
            targets=[services.Target(node=PROVINCE)],
        )
        services.submit_for_approval(task=task, by=people.clerk)
        services.approve_and_issue(task=task, by=people.leader)
    pair.collect()
    ((receiver, record),) = pair.waiting
    assert receiver == PROVINCE
    return record


def refused(pair, node, record) -> str:
    with pair.at(node), pytest.raises(DomainError) as error:
        registry.get(record.interface).apply(record)
    return error.value.code


def test_task_on_the_wire(sent):
    data = sent.data
    assert data["receiver"] == PROVINCE
    assert data["division"] == "370000"
    assert data["category"] == "special_action"
    assert data["requirement"] == "逐井建档"
    assert data["sign_within_hours"] == 24
    assert set(data["issuer"]) <= {"unit", "name", "phone"}
    assert not {"basis", "parent"} & set(data)


def test_for_somebody_else(pair, sent):
    other = replace(sent, data={**sent.data, "receiver": QINGDAO})
    assert refused(pair, PROVINCE, other) == "out_of_scope"


def test_only_the_issuer_changes_a_task(pair, sent):
    pair.carry()
    forged = replace(sent, origin="P11000001", revision=5)
    assert refused(pair, PROVINCE, forged) == "not_origin"


def test_an_old_revision_changes_nothing(pair, sent):
    pair.carry()
    newer = replace(sent, revision=3, data={**sent.data, "title": "新"})
    with pair.at(PROVINCE):
        apply = registry.get("supervision.task").apply
        assert apply(newer) == registry.Outcome.APPLIED
        assert apply(replace(sent, revision=2)) == registry.Outcome.UNCHANGED
        assert Assignment.objects.get().title == "新"


def test_a_withdrawn_record_ends_the_copy(pair, sent):
    pair.carry()
    with pair.at(PROVINCE):
        registry.get("supervision.task").apply(replace(sent, revision=2, op="withdraw"))
        assert Assignment.objects.get().state == "withdrawn"


def feedback_of(pair):
    pair.carry()
    with pair.at(PROVINCE) as people:
        services.receive(assignment=Assignment.objects.get(), by=people.clerk)
    pair.collect()
    ((receiver, record),) = pair.waiting
    assert receiver == NATION
    return record


def test_feedback_of_an_unknown_task(pair, sent):
    record = feedback_of(pair)
    data = copy.deepcopy(record.data)
    data["task"]["uid"] = str(uuid4())
    stray = replace(record, data=data)
    assert refused(pair, NATION, stray) == "reference_missing"


def test_feedback_of_somebody_else(pair, sent):
    record = replace(feedback_of(pair), origin="P11000001", sender="P11000001")
    assert refused(pair, NATION, record) == "not_origin"
    with pair.at(NATION):
        assert not Feedback.objects.exists()


def test_notice_of_somebody_else(pair, sent):
    pair.carry()
    with pair.at(NATION) as people:
        services.urge(assignment=Assignment.objects.get(), by=people.clerk)
    pair.collect()
    ((_receiver, record),) = pair.waiting
    forged = replace(record, origin=PROVINCE)
    assert refused(pair, PROVINCE, forged) == "not_origin"


@pytest.mark.parametrize("field", ["kind", "content", "task", "by", "made_at"])
def test_what_feedback_must_have(pair, sent, field):
    data = dict(feedback_of(pair).data)
    del data[field]
    assert registry.get("supervision.feedback").problem(data).code == "required"


@pytest.mark.parametrize("code", ["task", "notice", "feedback"])
def test_interfaces_have_a_schema(code):
    dataset = registry.get(f"supervision.{code}", 1)
    assert dataset.direction == ("up" if code == "feedback" else "down")
    assert dataset.schema["required"]


def test_sample_travels_and_is_answered(pair):
    for _ in range(2):
        with pair.at(NATION):
            sample.issue_sample()
        pair.carry()
        with pair.at(PROVINCE):
            sample.answer_sample()
        pair.carry()
    with pair.at(NATION):
        assert Task.objects.count() == len(sample.STORIES)
        states = set(Assignment.objects.values_list("state", flat=True))
        assert {"issued", "received", "in_progress"} <= states


@pytest.mark.parametrize("empty", [None, ""])
def test_a_task_may_say_that_it_says_nothing(pair, sent, empty):
    """A field that may be absent may also come without a value."""
    data = sent.data | {"requirement": empty, "basis": empty}
    data["issuer"] = {"unit": "国家平台", "name": empty, "phone": empty}
    data |= dict.fromkeys(("parent", "sign_within_hours"))
    dataset = registry.get("supervision.task")
    assert dataset.problem(data) is None
    with pair.at(PROVINCE):
        assert dataset.apply(replace(sent, data=data)) == registry.Outcome.APPLIED
        task = Assignment.objects.get()
        assert (task.requirement, task.issuer_name, task.parent_uid) == ("", "", None)


@pytest.mark.parametrize("empty", [None, ""])
def test_feedback_may_say_that_it_says_nothing(pair, sent, empty):
    record = feedback_of(pair)
    data = record.data | {"content": "", "problems": empty, "result": empty}
    data |= dict.fromkeys(("percent", "wanted_deadline"))
    data["by"] = {"unit": "市城市管理局", "name": empty}
    dataset = registry.get("supervision.feedback")
    assert dataset.problem(data) is None
    with pair.at(NATION):
        assert dataset.apply(replace(record, data=data)) == registry.Outcome.APPLIED
        found = Feedback.objects.get()
        assert (found.content, found.problems, found.by_name) == ("", "", "")
        assert Assignment.objects.get().state == "received"
