"""Figures of the assets: size, growth, freshness, quality, use; volume; capacity."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Count, Max, Min, Sum
from django.db.models.functions import TruncDate
from django.utils.timezone import make_aware

from exchange.aggregation.hooks import Quality
from exchange.interfaces.enums import Subset
from exchange.interfaces.models import Batch, Table
from exchange.interfaces.sources import in_words
from platform_core.accounts.models import User
from platform_core.common.clock import now, today

from .enums import DUE, Frequency, Touch
from .models import Edition, Measure, TouchCount
from .selectors import last_landed, published, qualities

SPAN = 30


@dataclass(frozen=True, slots=True)
class Asset:
    """One resource with its figures; rows are those of the last night."""

    edition: Edition
    rows: int
    growth: int
    landed_at: datetime | None
    late: bool
    quality: Quality | None
    uses: int


def assets(user: User, subset: str = "") -> list[Asset]:
    """Every published resource that has a table, the most used first."""
    chosen = published(user).filter(table__isnull=False)
    editions = list(chosen.filter(subset=subset) if subset else chosen)
    tables = {one.table_id for one in editions if one.table_id is not None}
    sizes, before, landed = _sizes(tables), _before(tables), last_landed(tables)
    used = _uses(one.resource_id for one in editions)
    measured = qualities(editions)
    found = [
        Asset(
            edition=one,
            rows=sizes.get(table.pk, 0),
            growth=sizes.get(table.pk, 0) - before.get(table.pk, 0),
            landed_at=landed.get(table.pk),
            late=late(one, landed.get(table.pk)),
            quality=measured.get(table.code),
            uses=used.get(one.resource_id, 0),
        )
        for one in editions
        if (table := one.table) is not None
    ]
    return sorted(found, key=lambda asset: (-asset.uses, asset.edition.code))


def late(edition: Edition, landed: datetime | None) -> bool:
    """Is the last batch older than its frequency allows?  Never: late too."""
    due = DUE.get(Frequency(edition.frequency))
    return due is not None and (landed is None or now() - landed > due)


def _sizes(tables: Iterable[int]) -> dict[int, int]:
    rows = Measure.objects.filter(table__in=list(tables)).order_by("day")
    return dict(rows.values_list("table", "rows"))


def _before(tables: Iterable[int]) -> dict[int, int]:
    """Sizes 30 days ago; without one, the first there is."""
    start = today() - timedelta(days=SPAN)
    rows = Measure.objects.filter(table__in=list(tables), day__gte=start)
    return dict(rows.order_by("-day").values_list("table", "rows"))


def _uses(resources: Iterable[int]) -> dict[int, int]:
    start = today() - timedelta(days=SPAN)
    counts = TouchCount.objects.filter(resource__in=list(resources), day__gte=start)
    summed = counts.values("resource").annotate(uses=Sum("count")).order_by()
    return {one["resource"]: one["uses"] for one in summed}


def ways_of_use(resource: int) -> list[tuple[object, int]]:
    """How often a resource was used in each way, in 30 days."""
    start = today() - timedelta(days=SPAN)
    counts = TouchCount.objects.filter(resource=resource, day__gte=start)
    summed = counts.values("touch").annotate(uses=Sum("count")).order_by()
    found = {one["touch"]: one["uses"] for one in summed}
    return [(way.label, found.get(way, 0)) for way in Touch]


@dataclass(frozen=True, slots=True)
class Volume:
    """Rows of one source on one day."""

    day: date
    source: str
    tables: int
    batches: int
    rows: int
    last: datetime


def moments(start: date, end: date) -> tuple[datetime, datetime]:
    """From the beginning of one day to the end of another."""
    first = make_aware(datetime.combine(start, time()))
    return first, make_aware(datetime.combine(end + timedelta(days=1), time()))


def volume(start: date, end: date) -> list[Volume]:
    """What arrived by source and day, the newest first."""
    done = Batch.objects.filter(finished_at__isnull=False)
    days = done.annotate(day=TruncDate("arrived_at")).filter(
        day__gte=start, day__lte=end
    )
    grouped = days.values("day", "source").annotate(
        tables=Count("table", distinct=True),
        batches=Count("pk"),
        total=Sum("count"),
        last=Max("arrived_at"),
    )
    return [
        Volume(
            one["day"],
            in_words(one["source"]),
            one["tables"],
            one["batches"],
            one["total"],
            one["last"],
        )
        for one in grouped.order_by("-day", "source")
    ]


@dataclass(frozen=True, slots=True)
class Holding:
    """What is stored of one subset; rows are those of the last night."""

    label: object
    tables: int
    rows: int
    history: int
    first: datetime | None
    last: datetime | None


def holdings() -> list[Holding]:
    """The comprehensive database by subset."""
    subsets = dict(Table.objects.values_list("code", "subset"))
    newest: dict[str, tuple[int, int]] = {}
    for code, rows, history in Measure.objects.order_by("day").values_list(
        "table__code", "rows", "history"
    ):
        newest[code] = rows, history
    spans = {
        one["table__subset"]: one
        for one in Batch.objects.values("table__subset")
        .annotate(first=Min("arrived_at"), last=Max("arrived_at"))
        .order_by()
    }
    return [_holding(subset, subsets, newest, spans) for subset in Subset]


def _holding(subset: Subset, subsets: Any, newest: Any, spans: Any) -> Holding:
    codes = [code for code, name in subsets.items() if name == subset]
    sizes = [newest.get(code, (0, 0)) for code in codes]
    span = spans.get(subset, {})
    return Holding(
        subset.label,
        len(codes),
        sum(rows for rows, _history in sizes),
        sum(history for _rows, history in sizes),
        span.get("first"),
        span.get("last"),
    )
