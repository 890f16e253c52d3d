"""Static check of a definition: what would go wrong when it is run."""

from collections.abc import Collection, Iterator

from .definition import Definition
from .guards import Guards, guards


def definition_problems(
    definition: Definition,
    *,
    roles: Collection[str] | None = None,
    registry: Guards = guards,
) -> list[str]:
    """Everything that is wrong, as English sentences; empty means runnable.

    Besides the roles that the definition lists, `roles` may name the ones that
    exist on this platform.
    """
    problems = [
        *_names(definition),
        *_references(definition, set(roles or definition.roles)),
        *_guards(definition, registry),
    ]
    return problems or [*_ambiguities(definition), *_reachability(definition)]


def _names(definition: Definition) -> Iterator[str]:
    codes = [state.code for state in definition.states]
    for code in sorted({code for code in codes if codes.count(code) > 1}):
        yield f"state {code} is defined twice"
    if definition.initial not in codes:
        yield f"initial state {definition.initial} is not defined"


def _references(definition: Definition, known: set[str]) -> Iterator[str]:
    for step in definition.transitions:
        for code in (step.source, step.target):
            if code not in definition.by_code:
                yield f"action {step.action} names the unknown state {code}"
        if step.role not in known or step.role not in definition.roles:
            yield f"action {step.action} names the unknown role {step.role}"
    clocks = {name for state in definition.states for name in (state.clock, state.also)}
    for item in definition.escalations:
        if item.clock not in clocks:
            yield f"an escalation names the unknown clock {item.clock}"
        if item.role not in known:
            yield f"an escalation names the unknown role {item.role}"


def _guards(definition: Definition, registry: Guards) -> Iterator[str]:
    for step in definition.transitions:
        if step.guard and step.guard not in registry:
            yield f"action {step.action} names the unknown guard {step.guard}"


def _ambiguities(definition: Definition) -> Iterator[str]:
    seen: dict[tuple[str, str], dict[str, str]] = {}
    for step in definition.transitions:
        ways = seen.setdefault((step.source, step.action), {})
        if step.role in ways:
            yield f"{step.action} in {step.source} is defined twice for {step.role}"
        if set(ways.values()) - {step.target}:
            yield f"{step.action} in {step.source} leads to different states"
        ways[step.role] = step.target


def _reachability(definition: Definition) -> Iterator[str]:
    forward: dict[str, set[str]] = {state.code: set() for state in definition.states}
    backward: dict[str, set[str]] = {state.code: set() for state in definition.states}
    for step in definition.transitions:
        forward[step.source].add(step.target)
        backward[step.target].add(step.source)
    reached = _spread(forward, {definition.initial})
    ends = {state.code for state in definition.states if state.terminal}
    can_end = _spread(backward, ends)
    for state in definition.states:
        if state.code not in reached:
            yield f"state {state.code} cannot be reached"
        if state.terminal and forward[state.code]:
            yield f"terminal state {state.code} has exits"
        if state.code not in can_end:
            yield f"no end can be reached from state {state.code}"


def _spread(edges: dict[str, set[str]], start: set[str]) -> set[str]:
    seen, waiting = set(start), list(start)
    while waiting:
        new = edges[waiting.pop()] - seen
        seen |= new
        waiting.extend(new)
    return seen
