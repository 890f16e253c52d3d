"""Engine, guards, definition documents and the static check."""

import copy

import pytest

from platform_core.workflow import engine
from platform_core.workflow.definition import Definition, Escalation, Limit
from platform_core.workflow.errors import DefinitionInvalid, StepRefused
from platform_core.workflow.guards import Guards
from platform_core.workflow.problems import definition_problems

from . import case_process

BODY = {
    "initial": "open",
    "roles": {"clerk": "办事员", "leader": "领导"},
    "states": [
        {"code": "open", "name": "办理", "clock": "handling"},
        {"code": "held", "name": "挂起", "clock": "paused"},
        {"code": "done", "name": "办结", "terminal": True},
    ],
    "transitions": [
        {
            "source": "open",
            "action": "finish",
            "name": "办结",
            "role": "clerk",
            "target": "done",
            "guard": "photo",
        },
        {
            "source": "open",
            "action": "finish",
            "name": "办结",
            "role": "leader",
            "target": "done",
            "reason_required": True,
        },
        {
            "source": "open",
            "action": "hold",
            "name": "挂起",
            "role": "leader",
            "target": "held",
        },
        {
            "source": "held",
            "action": "resume",
            "name": "恢复",
            "role": "leader",
            "target": "open",
            "automatic": True,
        },
    ],
    "clocks": {"handling": {"value": 2, "unit": "work_hour"}},
    "escalations": [{"clock": "handling", "share": 1, "role": "leader"}],
}


@pytest.fixture
def body():
    return copy.deepcopy(BODY)


@pytest.fixture
def registry():
    found = Guards()
    found.register("photo", lambda facts: None if facts.get("photos") else "no_photo")
    return found


@pytest.fixture
def definition(body):
    return Definition.from_dict(body)


def refusal(*args, **kwargs):
    with pytest.raises(StepRefused) as caught:
        engine.fire(*args, **kwargs)
    return caught.value


def test_the_document_survives_a_round_trip(definition):
    assert Definition.from_dict(definition.to_dict()) == definition
    assert definition.limit("open") == Limit(2, "work_hour")
    assert definition.limit("done") is None
    assert definition.escalations == (Escalation("handling", 1, "leader"),)
    assert [s.code for s in definition.states if s.pauses] == ["held"]


def test_a_guard_stops_and_lets_pass(definition, registry):
    known = {"registry": registry}
    refused = refusal(definition, "open", "finish", ["clerk"], **known)
    assert refused.code == "no_photo"
    step = engine.fire(
        definition, "open", "finish", ["clerk"], facts={"photos": 2}, **known
    )
    assert (step.role, step.target) == ("clerk", "done")


def test_of_two_ways_the_open_one_is_taken(definition, registry):
    both = ["clerk", "leader"]
    step = engine.fire(
        definition, "open", "finish", both, note="特批", registry=registry
    )
    assert step.role == "leader"


@pytest.mark.parametrize(
    ("state", "action", "roles", "code", "may"),
    [
        ("open", "hold", ["clerk"], "role", ("leader",)),
        ("open", "finish", [], "role", ("clerk", "leader")),
        ("open", "finish", ["leader"], "reason_required", ()),
        ("held", "hold", ["leader"], "not_here", ()),
        ("done", "hold", ["leader"], "ended", ()),
        ("gone", "hold", ["leader"], "unknown_state", ()),
        ("open", "hold", ["system"], "role", ("leader",)),
    ],
)
def test_a_refusal_says_why(definition, registry, state, action, roles, code, may):
    refused = refusal(definition, state, action, roles, note=" ", registry=registry)
    assert refused.code == code
    assert refused.roles == may


def test_the_platform_takes_automatic_steps_only(definition):
    assert engine.fire(definition, "held", "resume", ["system"]).target == "open"


def test_options_show_what_is_closed_too(definition, registry):
    found = engine.options(definition, "open", ["clerk"], registry=registry)
    assert [(o.transition.action, o.why) for o in found] == [
        ("finish", "no_photo"),
        ("finish", "role"),
        ("hold", "role"),
    ]


def test_replay_refuses_what_never_was(definition):
    assert engine.replay(definition, ["hold", "resume", "finish"]) == "done"
    with pytest.raises(StepRefused):
        engine.replay(definition, ["hold", "finish"])
    with pytest.raises(StepRefused):
        engine.replay(definition, ["finish", "hold"])


def test_a_guard_name_stands_for_one_function(registry):
    with pytest.raises(ValueError, match="photo"):
        registry.register("photo", lambda facts: None)
    assert list(registry) == ["photo"]


@pytest.mark.parametrize(
    ("change", "text"),
    [
        (lambda b: b.pop("initial"), "initial"),
        (lambda b: b["states"][0].update(code="Not A Code"), "code"),
        (lambda b: b["states"][0].update(colour="red"), "colour"),
        (lambda b: b["clocks"]["handling"].update(unit="fortnight"), "unit"),
        (lambda b: b["clocks"]["handling"].update(value=0), "value"),
        (lambda b: b["transitions"][0].pop("role"), "role"),
    ],
)
def test_a_malformed_document_is_refused(body, change, text):
    change(body)
    with pytest.raises(DefinitionInvalid) as caught:
        Definition.from_dict(body)
    assert text in " ".join(caught.value.problems)


def step(source="open", action="jump", role="clerk", target="done", **more):
    return {
        "source": source,
        "action": action,
        "name": "跳",
        "role": role,
        "target": target,
        **more,
    }


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (lambda b: b.update(initial="gone"), "initial state gone is not defined"),
        (
            lambda b: b["states"].append({"code": "open", "name": "再"}),
            "state open is defined twice",
        ),
        (
            lambda b: b["states"].append(
                {"code": "isle", "name": "孤", "terminal": True}
            ),
            "state isle cannot be reached",
        ),
        (
            lambda b: b["transitions"].pop(3),
            "no end can be reached from state held",
        ),
        (
            lambda b: b["transitions"].append(step(target="gone")),
            "action jump names the unknown state gone",
        ),
        (
            lambda b: b["transitions"].append(step(role="king")),
            "action jump names the unknown role king",
        ),
        (
            lambda b: b["transitions"].append(step(guard="moon")),
            "action jump names the unknown guard moon",
        ),
        (
            lambda b: b["transitions"].append(step(source="done", target="open")),
            "terminal state done has exits",
        ),
        (
            lambda b: b["transitions"].append(step(action="hold")),
            "hold in open leads to different states",
        ),
        (
            lambda b: b["transitions"].append(
                step(action="hold", role="leader", target="held")
            ),
            "hold in open is defined twice for leader",
        ),
        (
            lambda b: b["escalations"].append(
                {"clock": "moon", "share": 1, "role": "leader"}
            ),
            "an escalation names the unknown clock moon",
        ),
        (
            lambda b: b["escalations"].append(
                {"clock": "handling", "share": 1, "role": "king"}
            ),
            "an escalation names the unknown role king",
        ),
    ],
)
def test_the_static_check_finds(body, registry, change, problem):
    assert definition_problems(Definition.from_dict(body), registry=registry) == []
    change(body)
    found = definition_problems(Definition.from_dict(body), registry=registry)
    assert problem in found


def test_a_role_that_the_platform_lacks(definition, registry):
    found = definition_problems(definition, roles=["clerk"], registry=registry)
    assert "action hold names the unknown role leader" in found


def test_tables_carry_clocks_guards_forms_and_names():
    limit = Limit(30, "urgent_hour")
    definition = case_process.load(
        initial="pending_accept",
        clocks={"accept": limit},
        guards={("pending_handling", "return"): "return_window"},
        forms={("handling", "feedback"): "feedback"},
        automatic={("suspended", "resume")},
        names_en={"dispatch": "Dispatch"},
        escalations=[Escalation("handling", 0.8, "dispatcher")],
    )
    by_step = {(t.source, t.action): t for t in definition.transitions}
    assert definition.initial == "pending_accept"
    assert definition.limit("pending_accept") == limit
    assert by_step["pending_handling", "return"].guard == "return_window"
    assert by_step["handling", "return"].guard == ""
    assert by_step["handling", "feedback"].form == "feedback"
    assert by_step["suspended", "resume"].automatic
    assert not by_step["deferred", "resume"].automatic
    assert by_step["pending_dispatch", "dispatch"].name_en == "Dispatch"
    assert by_step["pending_dispatch", "dispatch"].name == "派遣"
    assert definition.by_code["suspended"].pauses
    assert definition.by_code["closed"].clock == ""
    assert definition.roles["supervisor"] == "监督员"
