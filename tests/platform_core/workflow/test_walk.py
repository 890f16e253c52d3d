"""Random walks over the real case process: all roles, states and actions."""

import random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from platform_core.workflow import engine
from platform_core.workflow.errors import StepRefused
from platform_core.workflow.problems import definition_problems

from . import case_process
from .case_process import ACTIONS, ENDS, ROLES, STATE_ROWS, permitted

DEFINITION = case_process.load()
TRIES = 600
ROLE_CODES = sorted(ROLES.values())


def test_every_state_role_and_action_once():
    """The whole table: what the engine accepts is exactly what the rows allow."""
    for state in STATE_ROWS:
        for action in [*ACTIONS, "invent"]:
            for role in [*ROLE_CODES, "system", "stranger"]:
                for note in ("", "  ", "理由"):
                    assert attempt(state, action, role, note) == permitted(
                        state, action, role, note
                    )


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(seed=st.integers(min_value=0, max_value=2**32))
def test_walk(seed):
    """200 walks of 600 tries: no forbidden step, no dead end, replay agrees."""
    chance = random.Random(seed)
    state, taken = DEFINITION.initial, []
    for _ in range(TRIES):
        if state in ENDS:
            assert engine.options(DEFINITION, state, ROLE_CODES) == []
            assert engine.replay(DEFINITION, taken) == state
            state, taken = DEFINITION.initial, []
        step = likely_step(chance, state)
        reached = attempt(state, *step)
        assert reached == permitted(state, *step)
        if reached:
            taken.append(step[0])
            state = reached
        way_on = engine.options(DEFINITION, state, ROLE_CODES)
        assert state in ENDS or any(option.allowed for option in way_on)
    assert engine.replay(DEFINITION, taken) == state


def likely_step(chance, state):
    """Half the tries name an action that leaves this state, so walks get far."""
    here = [action for source, action in case_process.STEP_ROWS if source == state]
    actions = here if here and chance.random() < 0.5 else ACTIONS
    return (
        chance.choice(actions),
        chance.choice(ROLE_CODES),
        chance.choice(("", "理由")),
    )


def attempt(state, action, role, note):
    try:
        return engine.fire(DEFINITION, state, action, [role], note=note).target
    except StepRefused:
        return None


def test_the_case_process_has_no_problem():
    assert definition_problems(DEFINITION) == []
    assert len(DEFINITION.states) == 21
    assert len(DEFINITION.transitions) == 45
