"""What the parts of the aggregation tell each other without importing sideways.

An app appends its functions when it starts; the readers ask all of them.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Quality:
    """How good the rows of a table are: a score from 0 to 100, and its page."""

    score: float
    url: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """One arrow of a lineage: rows went from one table to another."""

    source: str
    target: str
    how: object
    url: str = ""


# By the code of a table; None where nothing is known.
quality: list[Callable[[str], Quality | None]] = []
# Arrows that touch the table with this code.
lineage: list[Callable[[str], Iterable[Link]]] = []
# New values of landed rows by their keys, where cleansing has repaired some.
repairs: list[Callable[[Sequence[int]], Mapping[int, Mapping[str, Any]]]] = []


def quality_of(table: str) -> Quality | None:
    """The first answer that somebody has."""
    return next((found for ask in quality if (found := ask(table))), None)


def links_of(table: str) -> list[Link]:
    """All arrows into and out of a table."""
    return [link for ask in lineage for link in ask(table)]


def repairs_of(rows: Sequence[int]) -> dict[int, dict[str, Any]]:
    """The repaired values of some rows; the rows themselves stay as they came."""
    made: dict[int, dict[str, Any]] = {}
    for ask in repairs:
        for row, values in ask(rows).items():
            made.setdefault(row, {}).update(values)
    return made
