"""The case process in the database: the present state is what the rows say."""

import random

import pytest

from platform_core.common.errors import TransitionNotAllowed
from platform_core.processes import selectors, services
from platform_core.processes.models import ProcessInstance
from platform_core.workflow import engine
from tests.platform_core.workflow import case_process
from tests.platform_core.workflow.case_process import ACTIONS, ENDS, ROLES, permitted

pytestmark = pytest.mark.django_db
ROLE_CODES = sorted(ROLES.values())


@pytest.mark.parametrize("seed", range(6))
def test_walk(seed):
    chance = random.Random(seed)
    services.ship("walk", "案件", case_process.load())
    definition = selectors.definition("walk")
    instance, taken = services.start("walk"), 0
    for _ in range(250):
        if instance.state in ENDS:
            replayed(definition, instance, taken)
            instance, taken = services.start("walk"), 0
        here = [option.code for option in services.options(instance, roles=[])]
        action = chance.choice(here if chance.random() < 0.6 else ACTIONS)
        role, note = chance.choice(ROLE_CODES), chance.choice(("", "理由"))
        expected = permitted(instance.state, action, role, note)
        if expected is None:
            with pytest.raises(TransitionNotAllowed):
                services.fire(instance, action, roles=[role], note=note)
        else:
            services.fire(instance, action, roles=[role], note=note)
            taken += 1
            assert instance.state == expected
    replayed(definition, instance, taken)


def replayed(definition, instance, taken):
    stored = ProcessInstance.objects.get(pk=instance.pk)
    steps = list(stored.steps.order_by("seq"))
    assert [step.seq for step in steps] == list(range(1, taken + 1))
    assert stored.step_count == taken
    assert stored.state == instance.state
    assert engine.replay(definition, [step.action for step in steps]) == stored.state
    for before, after in zip(steps, steps[1:], strict=False):
        assert before.to_state == after.from_state
    assert (stored.ended_at is not None) == (stored.state in ENDS)
