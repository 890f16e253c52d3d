"""The ways of the generated cases through the process, with their times."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from municipal.command.enums import PROCESS
from platform_core.processes.selectors import definition
from platform_core.workflow.definition import Definition, Transition

MINUTE = 60.0
OPENING = ("accept", "file", "dispatch")
CHECKING = ("feedback", "pass_feedback", "send_check", "check_pass", "close")
# How often, who reports, the steps.
SHAPES: tuple[tuple[int, str, tuple[str, ...]], ...] = (
    (440, "submit", (*OPENING, "sign", *CHECKING)),
    (
        180,
        "register",
        ("send_verify", "verify_true", *OPENING, "sign", *CHECKING),
    ),
    (
        110,
        "register",
        (*OPENING, "sign", "feedback", "pass_feedback", "skip_check", "close"),
    ),
    (
        60,
        "submit",
        (
            *(*OPENING, "sign", "feedback", "pass_feedback", "send_check"),
            *("check_fail", "rework", *CHECKING),
        ),
    ),
    (40, "submit", (*OPENING, "sign", "apply_extend", "approve_extend", *CHECKING)),
    (40, "register", (*OPENING, "return", "redispatch", "sign", *CHECKING)),
    (20, "submit", (*OPENING, "sign", "feedback", "reject_feedback", *CHECKING)),
    (40, "register", ("refuse",)),
    (15, "submit", ("accept", "refuse_file")),
    (40, "self_handle", ("approve_self",)),
    (10, "register", (*OPENING, "sign", "cancel")),
    (5, "submit", (*OPENING, "sign", *CHECKING[:-1], "force_close")),
)
VARIANTS = 400
# Usual minutes before a step; the unit's own steps go by the limit instead.
MINUTES = {
    "send_verify": 5,
    "verify_true": 35,
    "accept": 6,
    "file": 9,
    "dispatch": 16,
    "redispatch": 18,
    "refuse": 8,
    "refuse_file": 12,
    "approve_self": 90,
    "pass_feedback": 15,
    "reject_feedback": 20,
    "send_check": 14,
    "skip_check": 12,
    "check_pass": 70,
    "check_fail": 80,
    "rework": 15,
    "close": 18,
    "force_close": 240,
    "cancel": 45,
    "approve_extend": 25,
}
SHARES = {"sign": 0.05, "return": 0.08, "apply_extend": 0.5}


@dataclass(frozen=True, slots=True)
class Pace:
    """A step of a variant: seconds of the desks and share of the unit's time."""

    seq: int
    step: Transition
    offset: float
    share: float
    passed: float  # seconds of the desks since the step before
    shared: float  # share of the unit's time since the step before


def variants(chance: random.Random) -> Iterator[tuple[int, Sequence[Pace]]]:
    """Numbered ways, as often as their shapes are."""
    known = definition(PROCESS)
    weights = [shape[0] for shape in SHAPES]
    for number in range(VARIANTS):
        _weight, first, rest = chance.choices(SHAPES, weights)[0]
        yield number, list(_paced(known, (first, *rest), chance))


def _paced(
    known: Definition, actions: Sequence[str], chance: random.Random
) -> Iterator[Pace]:
    state, offset, share = known.initial, 0.0, 0.0
    for seq, action in enumerate(actions, 1):
        step = next(one for one in known.exits(state) if one.action == action)
        spent = MINUTES.get(action, 0) * MINUTE * chance.lognormvariate(-0.2, 0.6)
        reached = _share(action, share, chance)
        yield Pace(seq, step, offset + spent, reached, spent, reached - share)
        state, offset, share = step.target, offset + spent, reached


def _share(action: str, before: float, chance: random.Random) -> float:
    """How much of the time that the unit needs is over after a step."""
    if action == "feedback":
        return 1.0 if before < 1 else round(before + chance.uniform(0.1, 0.4), 3)
    if action in SHARES and before < 1:
        return max(before, round(SHARES[action] * chance.uniform(0.5, 1.5), 3))
    return before
