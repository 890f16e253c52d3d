"""Random walks over posts and actions: what a case says is what was done."""

import random

import pytest

from municipal.command import services
from municipal.command.enums import TERMINAL
from municipal.command.loaders import case_process
from platform_core.common.errors import DomainError, TransitionNotAllowed
from platform_core.workflow import engine
from tests.factories.command import data_for, lead, report

DEFINITION = case_process()
ACTIONS = sorted({step.action for step in DEFINITION.transitions})
POSTS = (
    "acceptor",
    "duty_leader",
    "dispatcher",
    "dept_handler",
    "other_handler",
    "supervisor",
    "other_supervisor",
    "bureau_leader",
    "overseer",
)
STARTS = ("pending_accept", "self_handled", "handling", "pending_close")


def open_to(city, case, post):
    """The actions that are offered to a post."""
    found = services.case_options(case, city.person(post))
    return [option.code for option in found if option.allowed]


@pytest.mark.parametrize("seed", range(8))
def test_the_state_is_what_the_steps_say(city, seed):
    chance = random.Random(seed)
    case = lead(city, STARTS[seed % len(STARTS)])
    made = refused = 0
    for _ in range(120):
        ways = [(post, code) for post in POSTS for code in open_to(city, case, post)]
        post, action = chance.choice(POSTS), chance.choice(ACTIONS)
        if ways and chance.random() < 0.6:
            post, action = chance.choice(ways)
        person, allowed = city.person(post), open_to(city, case, post)
        before = (case.state, case.revision, case.process.step_count)
        try:
            note = chance.choice(["情况属实", "同意", ""])
            case = services.fire(
                case, action, by=person, note=note, **data_for(city, action)
            )
            made += 1
            assert action in allowed
        except DomainError:
            refused += 1
            case.refresh_from_db()
            case.process.refresh_from_db()
            assert (case.state, case.revision, case.process.step_count) == before
        steps = list(case.process.steps.order_by("seq"))
        assert [step.seq for step in steps] == list(range(1, len(steps) + 1))
        replayed = engine.replay(DEFINITION, [step.action for step in steps])
        assert replayed == case.state == case.process.state
        if case.state in TERMINAL:
            case = report(city)
    assert made > 10
    assert refused > 10


def test_nothing_leads_out_of_an_ended_case(city):
    case = lead(city, "closed")
    for post in POSTS:
        for action in ACTIONS:
            with pytest.raises(TransitionNotAllowed):
                services.fire(case, action, by=city.person(post), note="x")


def test_of_two_who_act_at_once_one_wins(city):
    case = lead(city, "pending_dispatch")
    stale = type(case).objects.get(pk=case.pk)
    services.dispatch_case(case, by=city.dispatcher, unit=city.unit)
    with pytest.raises(TransitionNotAllowed) as caught:
        services.dispatch_case(stale, by=city.dispatcher, unit=city.other_unit)
    assert city.dispatcher.full_name in str(caught.value)
    stale.refresh_from_db()
    assert stale.handling_unit == city.unit
