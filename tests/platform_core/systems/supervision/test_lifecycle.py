"""Both ends agree, whatever the order in which messages arrive."""

import contextlib
import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from platform_core.common.errors import DomainError
from platform_core.processes.selectors import definition
from platform_core.systems.supervision import actions, services
from platform_core.systems.supervision.enums import ASSIGNMENT_PROCESS, FINISHED
from platform_core.systems.supervision.lifecycle import STEPS, verdict
from platform_core.systems.supervision.models import Assignment, Feedback, Notice
from tests.factories.supervision import CONTENT, later

from .federation import NATION, PROVINCE

AT_ISSUER = ("accept", "return", "urge", "supervise", "extend", "refuse_extension")
AT_RECEIVER = ("receive", "progress", "submit", "reply", "request_extension")
SAME = (
    "state",
    "percent",
    "deadline",
    "signed_at",
    "submitted_at",
    "accepted_at",
    "score",
    "urged_count",
    "returned_count",
    "supervise_state",
    "supervise_round",
    "extension_state",
)
VALUES = {
    "content": "按要求推进",
    "reason": "缺少照片",
    "percent": 40,
    "result": "已完成",
}


@pytest.mark.django_db
def test_steps_are_those_of_the_process():
    known = definition(ASSIGNMENT_PROCESS)
    for ways in STEPS.values():
        for start, steps in ways.items():
            state = start
            for action in steps:
                exits = {step.action: step.target for step in known.exits(state)}
                assert action in exits
                state = exits[action]


@pytest.mark.parametrize("state", FINISHED)
@pytest.mark.parametrize("kind", sorted(STEPS))
def test_what_has_ended_stays_ended(state, kind):
    assert verdict(state=state, kind=kind).steps == ()


def test_what_is_too_early_waits():
    assert verdict(state="issued", kind="submitted").effect == "waiting"
    assert verdict(state="issued", kind="progress").effect == "waiting"
    assert verdict(state="submitted", kind="close").effect == "waiting"


def test_what_is_too_late_changes_nothing():
    judged = verdict(state="returned", kind="progress", late=True)
    assert (judged.effect, judged.steps) == ("recorded", ())


moves = st.lists(
    st.one_of(
        st.tuples(st.just(NATION), st.sampled_from(AT_ISSUER)),
        st.tuples(st.just(PROVINCE), st.sampled_from(AT_RECEIVER)),
        st.tuples(st.just(""), st.just("carry")),
    ),
    min_size=6,
    max_size=24,
)


def act(pair, node: str, uid, code: str) -> None:
    values = dict(VALUES)
    if code in {"request_extension", "extend"}:
        values |= {"wanted_deadline": later(40), "deadline": later(39)}
    with pair.at(node) as people:
        found = Assignment.objects.filter(uid=uid).first()
        if found is None:
            return
        # What is not possible here and now a page would have refused, too.
        with contextlib.suppress(DomainError):
            actions.ON_ASSIGNMENTS[code](found, people.clerk, values)


@settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(moves=moves, seed=st.integers(0, 2**32), withdrawn=st.booleans())
def test_ends_converge(pair, moves, seed, withdrawn):
    chance = random.Random(seed)
    with pair.at(NATION) as people:
        task = services.draft_task(
            by=people.clerk,
            title="井盖排查",
            content=CONTENT,
            deadline=later(30),
            targets=[services.Target(node=PROVINCE)],
        )
        services.submit_for_approval(task=task, by=people.clerk)
        services.approve_and_issue(task=task, by=people.leader)
        uid = task.assignments.get().uid
    for node, code in moves:
        if code == "carry":
            pair.carry(chance)
        else:
            act(pair, node, uid, code)
    if withdrawn:
        act(pair, NATION, uid, "withdraw")
    pair.carry(chance)
    ends = []
    for node in (NATION, PROVINCE):
        with pair.at(node):
            ends.append(Assignment.objects.filter(uid=uid).values(*SAME).get())
            said = [
                (one.uid, one.made_at)
                for model in (Feedback, Notice)
                for one in model.objects.filter(assignment__uid=uid)
            ]
            ends[-1]["said"] = sorted(said)
    assert ends[0] == ends[1]
