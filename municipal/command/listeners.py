"""What else happens when something happens to a case, told by what is built around.

Listeners run in the transaction of the step, in the order of registration: they
write rows and register `on_commit`, nothing slow.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from platform_core.processes import selectors as processes
from platform_core.processes.selectors import PastStep

if TYPE_CHECKING:
    from platform_core.accounts.models import User
    from platform_core.processes.models import ProcessStep

    from .models import Case


@dataclass(frozen=True)
class Happened:
    """A step that was just made; `late` is by the clock of the stage it ended.

    `given` is what came with the step, `kept` what the step keeps of it.
    """

    case: "Case"
    action: str
    from_state: str
    by: "User | None"
    at: datetime
    late: bool
    kept: Mapping[str, Any]
    step: "ProcessStep"
    given: Mapping[str, Any] = field(default_factory=dict)

    @cached_property
    def past(self) -> list[PastStep]:
        """The steps before this one, read once for all who want them."""
        return processes.before(self.step)


Listener = Callable[[Happened], None]
# The case, the action, and what comes with it; None while only asking.
Objection = Callable[["Case", str, Mapping[str, Any] | None], str]
Change = Callable[["Case"], None]
_listeners: list[Listener] = []
_changes: list[Change] = []
_late: list[Callable[["Case"], None]] = []
_objections: list[Objection] = []


def register(listener: Listener) -> None:
    """Have a function called after every step; a second time changes nothing."""
    if listener not in _listeners:
        _listeners.append(listener)


def tell(happened: Happened) -> None:
    """Call all of them."""
    for listener in _listeners:
        listener(happened)


def register_late(listener: Callable[["Case"], None]) -> None:
    """Have a function called when a case is marked overdue, which is no step."""
    if listener not in _late:
        _late.append(listener)


def tell_late(case: "Case") -> None:
    """Call all of them, in the transaction of the mark."""
    for listener in _late:
        listener(case)


def register_change(listener: Change) -> None:
    """Have a function called when a case changes beside its steps."""
    if listener not in _changes:
        _changes.append(listener)


def changed(case: "Case") -> None:
    """Call all of them, in the transaction of the change."""
    for listener in _changes:
        listener(case)


def register_objection(objection: Objection) -> None:
    """Have a function asked before every step; words from it keep the step away."""
    if objection not in _objections:
        _objections.append(objection)


def objection(case: "Case", action: str, given: Mapping[str, Any] | None = None) -> str:
    """Why a step the process allows must not be made; empty if nothing is said."""
    found = (ask(case, action, given) for ask in _objections)
    return next(filter(None, found), "")
