"""Landed rows as a file for the engine, whatever their number."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast

from exchange.aggregation.cleansing.models import Sender
from exchange.interfaces import selectors as landed
from exchange.interfaces.models import Batch, Row, Table

PAGE = 5_000


class Exported(NamedTuple):
    """How many rows went into the file, and the newest of them."""

    rows: int
    last: int


def _texts(table: Table) -> "QuerySet[Row, Any]":
    # The stored text goes into the file as it is; parsing it would only cost time.
    rows = landed.rows(table).annotate(text=Cast("content", TextField()))
    return rows.values_list("pk", "batch_id", "text")


def export(
    table: Table, target: Path, *, tick: Callable[[int], None] = lambda count: None
) -> Exported:
    """Write all current rows of a table, each with the number of its sender."""
    senders = _Senders()
    count = last = 0
    with target.open("w", encoding="utf-8") as stream:
        for page in _pages(table):
            for key, batch, text in page:
                stream.write(_line(key, senders.of(batch), text))
            count, last = count + len(page), page[-1][0]
            tick(count)
    return Exported(count, last)


def sample(table: Table, target: Path, size: int) -> int:
    """Write the newest rows only, all as if from one sender."""
    rows = list(_texts(table).order_by("-pk")[:size])
    with target.open("w", encoding="utf-8") as stream:
        for key, _batch, text in rows:
            stream.write(_line(key, 0, text))
    return len(rows)


def _pages(table: Table) -> Iterator[list[tuple[int, int, str]]]:
    last = 0
    rows = _texts(table).order_by("pk")
    while page := list(rows.filter(pk__gt=last)[:PAGE]):
        yield page
        last = page[-1][0]


def _line(key: int, group: int, text: str) -> str:
    return f'{{"row":{key},"group":{group},"content":{text}}}\n'


class _Senders:
    """The sender of each batch, made when it is met for the first time."""

    def __init__(self) -> None:
        self._known: dict[int, int] = {}

    def of(self, batch: int) -> int:
        if batch not in self._known:
            self._known[batch] = sender_of(Batch.objects.get(pk=batch)).pk
        return self._known[batch]


def sender_of(batch: Batch) -> Sender:
    """Who sent a batch; whoever landed it answers for it until said otherwise."""
    sender, _made = Sender.objects.get_or_create(
        origin=batch.origin, name=batch.source, defaults={"holder": batch.by}
    )
    return sender
