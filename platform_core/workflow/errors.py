"""Why the engine refuses."""

from collections.abc import Sequence
from enum import StrEnum


class Refusal(StrEnum):
    """Reasons of the engine itself; a guard adds reason codes of its own."""

    UNKNOWN_STATE = "unknown_state"
    ENDED = "ended"
    NOT_HERE = "not_here"
    ROLE = "role"
    REASON_REQUIRED = "reason_required"


class StepRefused(Exception):
    """A step that the definition does not allow; `code` says why."""

    def __init__(
        self, code: str, *, state: str, action: str = "", roles: Sequence[str] = ()
    ) -> None:
        super().__init__(f"{code}: {action} in {state}")
        self.code = code
        self.state = state
        self.action = action
        self.roles = tuple(roles)


class DefinitionInvalid(Exception):
    """A definition that cannot be run; `problems` lists all of them."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = tuple(problems)
