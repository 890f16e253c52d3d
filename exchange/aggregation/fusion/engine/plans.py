"""What a fusion is made of: fields, sources, blocks, rules, thresholds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Field:
    """A field of the subject table, and which row gives its value.

    `order` names sources by code, the first one wins; without it the order of the
    plan's sources counts.
    """

    code: str
    kind: str = "text"
    survive: str = "priority"
    order: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """Where a source's row lies: two fields, or one that holds a geometry."""

    x: str = ""
    y: str = ""
    geometry: str = ""
    system: str = "cgcs2000"


@dataclass(frozen=True, slots=True)
class Source:
    """Rows of one source: which of their fields fill which of the subject's.

    `codes` maps the values of a subject field; a value it does not know is left
    out and reported. `only` keeps the rows whose field has one of the values.
    Rows of a `distinct` source are never the same thing as one another.
    """

    code: str
    file: Path
    picks: Mapping[str, str]
    codes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    place: Place | None = None
    updated: str = ""
    only: tuple[str, tuple[str, ...]] = ("", ())
    distinct: bool = True


@dataclass(frozen=True, slots=True)
class Rule:
    """How much two values of a field are alike, from 0 to 1.

    `least` above 0: a pair that is less alike in this one is different, whatever
    the others say. `metres` is where a distance counts for nothing.
    """

    code: str
    kind: str
    field: str
    weight: float = 1.0
    least: float = 0.0
    metres: float = 100.0


@dataclass(frozen=True, slots=True)
class Block:
    """Rows are compared where they share this."""

    kind: str
    field: str
    size: int = 2
    metres: float = 100.0


@dataclass(frozen=True, slots=True)
class Plan:
    """All of it. Scores from `same` on are the same thing, from `review` on a
    person decides. `evidence` is the share of all weights that must have been
    compared before a pair is the same thing without a person."""

    fields: Sequence[Field]
    sources: Sequence[Source]
    rules: Sequence[Rule]
    blocks: Sequence[Block]
    same: float = 0.85
    review: float = 0.65
    evidence: float = 0.5


@dataclass(frozen=True, slots=True)
class Pair:
    """Two rows and how much they are alike: `parts` has one value for each rule,
    None where one side has nothing to compare."""

    left: str
    right: str
    score: float
    evidence: float
    parts: tuple[float | None, ...]
    left_row: int = 0
    right_row: int = 0
    decided: bool = False


@dataclass(frozen=True, slots=True)
class Member:
    """A row as it goes into a master: its values after mapping, as texts."""

    uid: str
    source: str
    row: int
    moment: int
    values: Mapping[str, str]
    point: tuple[float, float] | None = None
    link: Pair | None = None


@dataclass(frozen=True, slots=True)
class Unmatched:
    """A code of a source that its map does not know."""

    source: str
    field: str
    value: str
    count: int
    row: int
