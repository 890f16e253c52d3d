"""Random walks over posts and actions: what a case says is what was done."""

import random
from datetime import timedelta

import pytest

from municipal.command import policies, services
from municipal.command.enums import TERMINAL, RequestKind
from municipal.command.loaders import case_process
from municipal.command.models import CaseRequest
from platform_core.common import clock
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
ASKERS = ("dept_handler", "acceptor")
DECIDERS = ("dispatcher", "duty_leader")
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


def some_request(city, case, chance):
    """Somebody asks for something, or decides on, or takes back what was asked."""
    waiting = list(CaseRequest.objects.pending().filter(case=case))
    decides = waiting and chance.random() < 0.5
    likely = DECIDERS if decides else ASKERS
    person = city.person(chance.choice(likely if chance.random() < 0.8 else POSTS))
    if decides:
        row = chance.choice(waiting)
        if chance.random() < 0.2:
            return services.withdraw(row, by=person)
        given = data_for(city, "redispatch") if row.kind == "return" else {}
        yes = chance.random() < 0.5
        return services.decide(row, by=person, approve=yes, opinion="已阅", **given)
    kind = chance.choice(RequestKind.values)
    until = clock.now() + timedelta(days=chance.randint(1, 20))
    return services.ask(case, kind, by=person, reason="现场条件不具备", until=until)


@pytest.mark.parametrize("seed", range(8))
def test_requests_and_steps_together_leave_no_loose_end(city, seed):
    chance = random.Random(1000 + seed)
    case = lead(city, "handling")
    decided = 0
    for _ in range(150):
        try:
            if chance.random() < 0.6:
                done = some_request(city, case, chance)
                decided += not done.is_pending
            else:
                ways = [
                    (post, code) for post in POSTS for code in open_to(city, case, post)
                ]
                post, action = chance.choice(ways or [("acceptor", "accept")])
                services.fire(
                    case,
                    action,
                    by=city.person(post),
                    note="同意",
                    **data_for(city, action),
                )
        except DomainError:
            pass
        case.refresh_from_db()
        case.process.refresh_from_db()
        steps = list(case.process.steps.order_by("seq"))
        assert [step.seq for step in steps] == list(range(1, len(steps) + 1))
        replayed = engine.replay(DEFINITION, [step.action for step in steps])
        assert replayed == case.state == case.process.state
        pending = list(CaseRequest.objects.pending().filter(case=case))
        assert case.open_requests == len(pending)
        exits = {step.action for step in DEFINITION.exits(case.state)}
        for row in pending:
            way = policies.ASKING[RequestKind(row.kind)].approve
            assert way in exits or row.kind == "reopening"
        assert (case.extension_asked is not None) == any(
            row.kind == "extension" for row in pending
        )
        if case.state in TERMINAL and not pending:
            case = lead(city, "handling")
    assert decided


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
