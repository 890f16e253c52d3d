"""Definition of a process as data: states, transitions, clocks, escalations."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from functools import cached_property
from typing import Any, Self

from jsonschema import Draft202012Validator

from .errors import DefinitionInvalid
from .schema import SCHEMA

PAUSED = "paused"
SYSTEM = "system"


@dataclass(frozen=True)
class State:
    """Where a process can stand; `clock` names the time limit that runs there.

    `also` names a second one that runs beside it, such as the time for signing.
    """

    code: str
    name: str
    name_en: str = ""
    stage: int = 0
    stage_name: str = ""
    terminal: bool = False
    clock: str = ""
    also: str = ""

    @property
    def pauses(self) -> bool:
        """Whether the clocks stand still here."""
        return self.clock == PAUSED


@dataclass(frozen=True)
class Transition:
    """One step: from `source` by `action`, done by `role`, to `target`."""

    source: str
    action: str
    name: str
    role: str
    target: str
    name_en: str = ""
    condition: str = ""
    reason_required: bool = False
    guard: str = ""
    form: str = ""
    automatic: bool = False

    def open_to(self, roles: frozenset[str]) -> bool:
        """Whether somebody with these roles may do it; automatic: the platform."""
        return self.role in roles or (self.automatic and SYSTEM in roles)


@dataclass(frozen=True)
class Limit:
    """How long a clock may run, in a unit of the work calendar."""

    value: float
    unit: str


@dataclass(frozen=True)
class Escalation:
    """Whom to tell when `share` of a clock's limit is used up."""

    clock: str
    share: float
    role: str
    level: str = "warning"


@dataclass(frozen=True)
class Definition:
    """A whole process; build it with `from_dict`, which validates."""

    initial: str
    states: tuple[State, ...]
    transitions: tuple[Transition, ...]
    roles: Mapping[str, str]
    clocks: Mapping[str, Limit] = field(default_factory=dict)
    escalations: tuple[Escalation, ...] = ()

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Read a JSON document; DefinitionInvalid lists what is wrong with it."""
        errors = sorted(Draft202012Validator(SCHEMA).iter_errors(data), key=str)
        if errors:
            raise DefinitionInvalid([f"{e.json_path}: {e.message}" for e in errors])
        return cls(
            initial=data["initial"],
            states=tuple(State(**item) for item in data["states"]),
            transitions=tuple(Transition(**item) for item in data["transitions"]),
            roles=dict(data["roles"]),
            clocks={
                name: Limit(**item) for name, item in data.get("clocks", {}).items()
            },
            escalations=tuple(
                Escalation(**item) for item in data.get("escalations", ())
            ),
        )

    def to_dict(self) -> dict[str, Any]:
        """The JSON document of this definition; `from_dict` reads it back."""
        data = asdict(self)
        for name in ("states", "transitions", "escalations"):
            data[name] = list(data[name])
        return data

    @cached_property
    def by_code(self) -> Mapping[str, State]:
        """States by code."""
        return {state.code: state for state in self.states}

    @cached_property
    def _exits(self) -> Mapping[str, tuple[Transition, ...]]:
        found: dict[str, list[Transition]] = {}
        for transition in self.transitions:
            found.setdefault(transition.source, []).append(transition)
        return {source: tuple(items) for source, items in found.items()}

    def exits(self, state: str) -> tuple[Transition, ...]:
        """Steps that leave a state."""
        return self._exits.get(state, ())

    def limit(self, state: str) -> Limit | None:
        """The time limit of a state's clock, where the definition sets one."""
        return self.clocks.get(self.by_code[state].clock)
