"""Reading what landed."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.utils.translation import gettext

from platform_core.datasets.filling import find

from .enums import CHUNK
from .models import Batch, Row, Table


def table(code: str) -> Table:
    """A table with the version that counts.  [Table.DoesNotExist]"""
    return Table.objects.select_related("current").get(code=code)


def rows(table: Table) -> "QuerySet[Row]":
    """The newest revision of each record that was not withdrawn."""
    return Row.objects.filter(table=table, current=True, withdrawn=False)


def latest_batch(table: Table) -> Batch | None:
    """The last batch that came completely."""
    done = Batch.objects.filter(table=table, finished_at__isnull=False)
    return done.order_by("-pk").first()


def stream(
    table: Table, *, after: int = 0, state: str = ""
) -> Iterator[tuple[int, dict[str, Any]]]:
    """`(pk, content)` of the current rows by pk, however many there are.

    `after` goes on behind a row; `state` takes those in one state only.
    """
    wanted = rows(table).order_by("pk").values_list("pk", "content")
    if state:
        wanted = wanted.filter(state=state)
    while page := list(wanted.filter(pk__gt=after)[:CHUNK]):
        yield from page
        after = page[-1][0]


def system_of(table: Table) -> str:
    """The system here that fills a table, in words; empty without one."""
    found = find(table.code)
    return gettext(found.system) if found is not None else ""


def with_counts(tables: "QuerySet[Table]") -> "QuerySet[Table]":
    """With `row_count`, the number of current records."""
    current = Row.objects.filter(
        table=OuterRef("pk"), current=True, withdrawn=False
    ).order_by()
    counted = current.values("table").annotate(count=Count("pk")).values("count")
    return tables.annotate(row_count=Subquery(counted))
