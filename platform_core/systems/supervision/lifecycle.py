"""What a message does to the state of an assignment: pure functions.

Both ends drive the same process by the same messages, and messages may arrive in
any order. It converges because the turn to speak alternates: the receiver moves
an assignment until it is submitted, the issuer moves it afterwards, and the one
step the issuer may take at any time, withdrawing, ends it for good.
"""

from dataclasses import dataclass

from .enums import FINISHED, Effect

STEPS: dict[str, dict[str, tuple[str, ...]]] = {
    "received": {"issued": ("sign",)},
    "progress": {
        "received": ("start",),
        "in_progress": ("progress",),
        "returned": ("rework",),
    },
    "submitted": {
        "received": ("start", "submit"),
        "in_progress": ("submit",),
        "returned": ("rework", "submit"),
    },
    "accept": {"submitted": ("accept",)},
    "return": {"submitted": ("return",)},
    "withdraw": {
        "issued": ("withdraw",),
        "received": ("withdraw",),
        "in_progress": ("withdraw",),
        "submitted": ("terminate",),
        "returned": ("terminate",),
        "accepted": ("terminate",),
    },
    "close": {"accepted": ("close",)},
}


@dataclass(frozen=True)
class Verdict:
    """What becomes of a message, and the process steps it makes."""

    effect: str
    steps: tuple[str, ...] = ()


def verdict(*, state: str, kind: str, late: bool = False) -> Verdict:
    """Judge a message in a state; `late` is older than what was heard already."""
    ways = STEPS.get(kind)
    if ways is None:
        return Verdict(Effect.APPLIED)
    if late or state in FINISHED or (kind == "received" and state != "issued"):
        return Verdict(Effect.RECORDED)
    steps = ways.get(state)
    return Verdict(Effect.APPLIED, steps) if steps else Verdict(Effect.WAITING)
