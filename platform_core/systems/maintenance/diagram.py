"""A process as a picture: states in columns by stage, steps as curves; pure."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field

from platform_core.workflow.definition import Definition, State, Transition

WIDTH, HEIGHT = 132, 40
GAP_X, GAP_Y = 92, 34
MARGIN = 24


@dataclass(frozen=True, slots=True)
class Box:
    """A state in the picture."""

    code: str
    label: str
    x: int
    y: int
    css: str

    @property
    def middle(self) -> int:
        return self.x + WIDTH // 2

    @property
    def baseline(self) -> int:
        return self.y + HEIGHT // 2 + 5


@dataclass(frozen=True, slots=True)
class Arrow:
    """One or more steps between two states."""

    source: str
    target: str
    label: str
    path: str
    css: str


@dataclass(slots=True)
class Picture:
    """Everything that the drawing needs."""

    width: int = 0
    height: int = 0
    boxes: list[Box] = field(default_factory=list)
    arrows: list[Arrow] = field(default_factory=list)
    heads: list[tuple[int, str]] = field(default_factory=list)


def picture(
    definition: Definition,
    state_name: Callable[[State], str],
    step_name: Callable[[Transition], str],
) -> Picture:
    """Lay a definition out from left to right."""
    columns = _columns(definition)
    places: dict[str, tuple[int, int]] = {}
    drawn = Picture()
    for column, states in enumerate(columns):
        for row, state in enumerate(states):
            x = MARGIN + column * (WIDTH + GAP_X)
            y = MARGIN + 28 + row * (HEIGHT + GAP_Y)
            places[state.code] = (x, y)
            drawn.boxes.append(
                Box(state.code, state_name(state), x, y, _css(definition, state))
            )
        if states and states[0].stage_name:
            x = MARGIN + column * (WIDTH + GAP_X) + WIDTH // 2
            drawn.heads.append((x, states[0].stage_name))
    rows = max((len(states) for states in columns), default=0)
    drawn.width = 2 * MARGIN + len(columns) * (WIDTH + GAP_X) - GAP_X + 30
    drawn.height = 2 * MARGIN + 28 + rows * (HEIGHT + GAP_Y)
    drawn.arrows = _arrows(definition, places, step_name)
    return drawn


def _columns(definition: Definition) -> list[list[State]]:
    stages = {state.stage for state in definition.states}
    rank = (
        {state.code: state.stage for state in definition.states}
        if len(stages) > 1
        else _depths(definition)
    )
    found: dict[int, list[State]] = defaultdict(list)
    last = max(rank.values()) + 1
    for state in definition.states:
        found[rank.get(state.code) or last].append(state)
    return [found[key] for key in sorted(found)]


def _depths(definition: Definition) -> dict[str, int]:
    depth, edge = {definition.initial: 1}, [definition.initial]
    while edge:
        following = []
        for code in edge:
            for step in definition.exits(code):
                if step.target not in depth:
                    depth[step.target] = depth[code] + 1
                    following.append(step.target)
        edge = following
    return depth


def _css(definition: Definition, state: State) -> str:
    if state.terminal:
        return "is-end"
    return "is-start" if state.code == definition.initial else ""


def _arrows(
    definition: Definition,
    places: dict[str, tuple[int, int]],
    step_name: Callable[[Transition], str],
) -> list[Arrow]:
    steps: dict[tuple[str, str], list[str]] = defaultdict(list)
    for step in definition.transitions:
        if step.source in places and step.target in places:
            steps[step.source, step.target].append(step_name(step))
    return [
        Arrow(
            source,
            target,
            " / ".join(dict.fromkeys(names)),
            _path(places[source], places[target]),
            "is-back" if places[target][0] < places[source][0] else "",
        )
        for (source, target), names in steps.items()
    ]


def _path(source: tuple[int, int], target: tuple[int, int]) -> str:
    (x1, y1), (x2, y2) = source, target
    middle1, middle2 = y1 + HEIGHT // 2, y2 + HEIGHT // 2
    if source == target:
        return f"M{x1 + WIDTH},{middle1 - 8} c30,-14 30,30 0,16"
    if x1 == x2:
        bend = 24 + abs(y2 - y1) // 8
        return _curve((x1 + WIDTH, middle1), (x1 + WIDTH, middle2), bend, bend)
    if x2 > x1:
        bend = (x2 - x1 - WIDTH) // 2
        return _curve((x1 + WIDTH, middle1), (x2, middle2), bend, -bend)
    bend = (x1 - x2 - WIDTH) // 2
    return _curve((x1, middle1 + 8), (x2 + WIDTH, middle2 + 8), -bend, bend)


def _curve(start: tuple[int, int], end: tuple[int, int], out: int, back: int) -> str:
    (x1, y1), (x2, y2) = start, end
    return f"M{x1},{y1} C{x1 + out},{y1} {x2 + back},{y2} {x2},{y2}"
