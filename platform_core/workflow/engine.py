"""What may happen next, and what happened: pure functions of a definition."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from .definition import Definition, Transition
from .errors import Refusal, StepRefused
from .guards import Facts, Guards, guards

NO_FACTS: Mapping[str, Any] = {}


@dataclass(frozen=True)
class Option:
    """A step out of the present state; `why` is the reason code against it."""

    transition: Transition
    why: str = ""

    @property
    def allowed(self) -> bool:
        return not self.why


def options(
    definition: Definition,
    state: str,
    roles: Iterable[str],
    facts: Facts = NO_FACTS,
    *,
    registry: Guards = guards,
) -> list[Option]:
    """All steps out of a state, each with the reason why not, if there is one."""
    held = frozenset(roles)
    return [
        Option(transition, _objection(transition, held, facts, registry))
        for transition in definition.exits(state)
    ]


def _objection(
    transition: Transition, roles: frozenset[str], facts: Facts, registry: Guards
) -> str:
    if not transition.open_to(roles):
        return Refusal.ROLE
    return registry.check(transition.guard, facts) or ""


def fire(
    definition: Definition,
    state: str,
    action: str,
    roles: Iterable[str],
    *,
    note: str = "",
    facts: Facts = NO_FACTS,
    registry: Guards = guards,
) -> Transition:
    """The transition that an action makes; StepRefused where it may not be."""
    _require_open(definition, state, action)
    candidates = [
        option
        for option in options(definition, state, roles, facts, registry=registry)
        if option.transition.action == action
    ]
    if not candidates:
        raise StepRefused(Refusal.NOT_HERE, state=state, action=action)
    chosen = best(candidates)
    if not chosen.allowed:
        may = [option.transition.role for option in candidates]
        raise StepRefused(chosen.why, state=state, action=action, roles=may)
    if chosen.transition.reason_required and not note.strip():
        raise StepRefused(Refusal.REASON_REQUIRED, state=state, action=action)
    return chosen.transition


def best(candidates: Iterable[Option]) -> Option:
    """Of several ways to do one action: an open one, else the nearest to open."""
    return min(candidates, key=lambda o: (not o.allowed, o.why == Refusal.ROLE))


def _require_open(definition: Definition, state: str, action: str) -> None:
    present = definition.by_code.get(state)
    if present is None:
        raise StepRefused(Refusal.UNKNOWN_STATE, state=state, action=action)
    if present.terminal:
        raise StepRefused(Refusal.ENDED, state=state, action=action)


def follow(definition: Definition, state: str, action: str) -> str:
    """Where a recorded action leads, whoever did it."""
    _require_open(definition, state, action)
    for transition in definition.exits(state):
        if transition.action == action:
            return transition.target
    raise StepRefused(Refusal.NOT_HERE, state=state, action=action)


def replay(definition: Definition, actions: Iterable[str]) -> str:
    """The state after recorded actions, from the initial state."""
    state = definition.initial
    for action in actions:
        state = follow(definition, state, action)
    return state
