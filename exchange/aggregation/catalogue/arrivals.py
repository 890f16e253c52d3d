"""How timely each source is: the gaps between its batches against the frequency."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

from django.db.models import Max
from django.db.models.functions import TruncHour

from exchange.interfaces import frequencies, words
from exchange.interfaces.models import Batch, Table
from exchange.interfaces.sources import in_words
from platform_core.common.clock import now

from .boards import moments


@dataclass(frozen=True, slots=True)
class Arrivals:
    """One source of one table in some days."""

    table: Table
    source: str
    arrivals: int
    gaps: int
    late: int
    last: datetime
    overdue: bool

    @property
    def frequency(self) -> str:
        return words.frequency(self.table.frequency)

    @property
    def timeliness(self) -> float | None:
        """Gaps that were short enough, per cent."""
        return round(100 * (1 - self.late / self.gaps), 1) if self.gaps else None


def timely(start: date, end: date) -> list[Arrivals]:
    """Every source whose table promises a frequency, the worst first."""
    begin, over = moments(start, end)
    present = min(over, now())
    promised = {
        table.pk: (table, most)
        for table in Table.objects.all()
        if (most := frequencies.allowed(table.frequency)) is not None
    }
    found = [
        _one(*promised[table], in_words(source), hours, present)
        for (table, source), hours in _hours(begin, over, promised).items()
    ]
    return sorted(found, key=lambda one: (one.timeliness or 0, one.source))


def _hours(
    begin: datetime, over: datetime, tables: Iterable[int]
) -> dict[tuple[int, str], list[datetime]]:
    """When batches came, at most one for each hour."""
    done = Batch.objects.filter(
        table__in=list(tables),
        finished_at__isnull=False,
        arrived_at__gte=begin,
        arrived_at__lt=over,
    )
    hours = done.annotate(hour=TruncHour("arrived_at")).values(
        "table", "source", "hour"
    )
    rows: Any = hours.annotate(last=Max("arrived_at")).order_by("hour")
    found: dict[tuple[int, str], list[datetime]] = defaultdict(list)
    for row in rows:
        found[row["table"], row["source"]].append(row["last"])
    return found


def _one(
    table: Table,
    most: timedelta,
    source: str,
    hours: Sequence[datetime],
    present: datetime,
) -> Arrivals:
    gaps = [after - before for before, after in pairwise(hours)]
    overdue = present - hours[-1] > most
    late = sum(gap > most for gap in gaps) + overdue
    count = len(gaps) + overdue
    return Arrivals(table, source, len(hours), count, late, hours[-1], overdue)
