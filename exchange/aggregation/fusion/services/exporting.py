"""Landed rows as files for the engine, whatever their number."""

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast

from exchange.aggregation import hooks
from exchange.interfaces import selectors as landed
from exchange.interfaces.enums import RowState
from exchange.interfaces.models import Row, Table

PAGE = 5_000
GOOD = (RowState.CLEAN, RowState.FIXED)
# What cleansing held back never becomes part of a master record.
HELD = (RowState.REJECTED, RowState.RETURNED)
Line = tuple[int, UUID, datetime, str]


def rows(source: Mapping[str, Any]) -> "QuerySet[Row]":
    """The landed rows that a source of a task is made of."""
    found = landed.rows(Table.objects.get(code=source["table"]))
    if source.get("source"):
        found = found.filter(batch__source=source["source"])
    if source.get("cleansed"):
        return found.filter(state__in=GOOD)
    return found.exclude(state__in=HELD)


def export(
    source: Mapping[str, Any],
    target: Path,
    *,
    newest: int = 0,
    tick: Callable[[int], None] = lambda count: None,
) -> int:
    """Write the rows of a source, or only the newest ones; how many."""
    count = 0
    with target.open("w", encoding="utf-8") as stream:
        for page in _pages(rows(source), newest):
            fixes = hooks.repairs_of([key for key, *_rest in page])
            for line in page:
                stream.write(_line(line, fixes.get(line[0])))
            count += len(page)
            tick(len(page))
    return count


def _pages(found: "QuerySet[Row]", newest: int) -> Iterator[list[Line]]:
    # The stored text goes into the file as it is; parsing it would only cost time.
    named = found.annotate(text=Cast("content", TextField()))
    wanted = named.values_list("pk", "uid", "landed_at", "text")
    if newest:
        yield list(wanted.order_by("-pk")[:newest])
        return
    last = 0
    while page := list(wanted.order_by("pk").filter(pk__gt=last)[:PAGE]):
        yield page
        last = page[-1][0]


def _line(line: Line, fixes: Mapping[str, Any] | None) -> str:
    key, uid, moment, text = line
    if fixes:
        text = json.dumps({**json.loads(text), **fixes}, ensure_ascii=False)
    return (
        f'{{"landed":{key},"uid":"{uid}","moment":"{moment.isoformat()}",'
        f'"content":{text}}}\n'
    )
