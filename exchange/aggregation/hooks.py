"""What the parts of the aggregation tell each other without importing sideways.

An app appends its functions when it starts; the readers ask all of them.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import FloatField, Value
from django.db.models.expressions import BaseExpression


@dataclass(frozen=True, slots=True)
class Quality:
    """How good the rows of a table are: a score from 0 to 100, and what is open.

    `url` is the page of the run that measured it, for whom has `permission`.
    """

    score: float
    at: datetime
    problems: int = 0
    url: str = ""
    permission: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """One arrow of a lineage: rows went from one table to another."""

    source: str
    target: str
    how: object
    url: str = ""


# By the codes of tables; nothing of those of which nothing is known.
quality: list[Callable[[Collection[str]], Mapping[str, Quality]]] = []
# The newest score of the table that a field of a query points at.
scores: list[Callable[[str], BaseExpression]] = []
# Arrows that touch the table with this code.
lineage: list[Callable[[str], Iterable[Link]]] = []
# New values of landed rows by their keys, where cleansing has repaired some.
repairs: list[Callable[[Sequence[int]], Mapping[int, Mapping[str, Any]]]] = []


def quality_of(tables: Collection[str]) -> dict[str, Quality]:
    """What is known of each table; of two answers the first."""
    found: dict[str, Quality] = {}
    for ask in quality if tables else ():
        found = {**ask(tables), **found}
    return found


def score_of(field: str) -> BaseExpression:
    """The same score for the database to filter and sort by."""
    found = (express(field) for express in scores)
    return next(found, Value(None, output_field=FloatField()))


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
