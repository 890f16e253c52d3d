"""Names of states, actions and roles in the user's language."""

from django.utils.translation import get_language

from platform_core.accounts import roles
from platform_core.workflow.definition import Definition, State, Transition


def _native() -> bool:
    return (get_language() or "zh").startswith("zh")


def _spoken(code: str) -> str:
    return code.replace("_", " ").capitalize()


def state_label(definition: Definition, code: str) -> str:
    """Name of a state; a code of an older version stands for itself."""
    state: State | None = definition.by_code.get(code)
    if state is None:
        return code
    return state.name if _native() else state.name_en or _spoken(code)


def transition_label(transition: Transition) -> str:
    """Name of a step."""
    if _native():
        return transition.name
    return transition.name_en or _spoken(transition.action)


def action_label(definition: Definition, state: str, action: str) -> str:
    """Name of an action out of a state."""
    for transition in definition.exits(state):
        if transition.action == action:
            return transition_label(transition)
    return _spoken(action)


def role_label(definition: Definition, code: str) -> str:
    """Name of a role; the definition keeps the Chinese one."""
    return (_native() and definition.roles.get(code)) or roles.label(code)
