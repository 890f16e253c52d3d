"""Which system fills which table of the data standard; owners register at start."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet


@dataclass(frozen=True)
class Filling:
    """Where the rows of a table come from.

    `rows` gives the objects, without an order; `record` makes a row of one, by
    the fields of the standard, or None where it is none. With `changed`, a field
    that moves on at each change, only what changed is looked at; without, all of
    it in turns.
    """

    table: str
    system: str
    rows: Callable[[], "QuerySet[Any]"]
    record: Callable[[Any], Mapping[str, Any] | None]
    changed: str = "updated_at"


_fillings: dict[str, Filling] = {}


def fill(filling: Filling) -> Filling:
    """Declare that a system fills a table."""
    known = _fillings.get(filling.table)
    if known is not None and known.system != filling.system:
        raise ValueError(f"{filling.table} is filled by {known.system} already")
    _fillings[filling.table] = filling
    return filling


def find(table: str) -> Filling | None:
    """Who fills this table, or None."""
    return _fillings.get(table)


def fillings() -> list[Filling]:
    """All of them, by table."""
    return [_fillings[code] for code in sorted(_fillings)]
