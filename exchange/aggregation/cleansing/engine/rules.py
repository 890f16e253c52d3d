"""What a rule is, and what it says about a row."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any


class Action(StrEnum):
    """What becomes of a value, or of its row, that breaks a rule."""

    FIX = "fix"
    DEFAULT = "default"
    REJECT = "reject"
    RETURN = "return"


class Severity(StrEnum):
    """An error holds the row back, a hint does not."""

    ERROR = "error"
    HINT = "hint"


class Verdict(StrEnum):
    """What became of a row."""

    CLEAN = "clean"
    FIXED = "fixed"
    REJECTED = "rejected"
    RETURNED = "returned"


class RuleError(ValueError):
    """A rule that cannot be applied; `parameter` names what is wrong with it."""

    def __init__(self, parameter: str, problem: str) -> None:
        super().__init__(f"{parameter}: {problem}")
        self.parameter, self.problem = parameter, problem


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: its kind, the fields it looks at, and its parameters.

    `parameters` are what a kind declares; `keys` is a file of allowed values, one
    a line, or a sequence of them, for rules that look values up.
    """

    kind: str
    fields: tuple[str, ...]
    parameters: Mapping[str, Any] = field(default_factory=dict)
    action: Action = Action.RETURN
    severity: Severity = Severity.ERROR
    keys: Path | Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """One problem: row, position of its rule, field, value, proposal, still open."""

    row: int
    rule: int
    field: str
    value: str | None
    fix: str | None
    open: bool


@dataclass(frozen=True, slots=True)
class Count:
    """Rows that one rule found, and how many stay open after the fixes."""

    found: int = 0
    open: int = 0
