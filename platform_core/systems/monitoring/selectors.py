"""Reads of the monitoring system; every figure comes from sums kept up to date."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import QuerySet, Sum

from platform_core.classification import selectors as classification
from platform_core.common.clock import today
from platform_core.common.models import own_node
from platform_core.regions import selectors as regions
from platform_core.regions.models import Division

from . import periods
from .enums import INDICATORS, CaseSource, Grain, Measure
from .models import CaseDigest, Indicator, RollUp

WINDOW_DAYS = 30
OVERDUE = -1


@dataclass(frozen=True, slots=True)
class Point:
    """One value of a series."""

    period: str
    value: float


@dataclass(frozen=True, slots=True)
class Share:
    """One part of a whole."""

    key: str
    label: str
    value: float


@dataclass(frozen=True, slots=True)
class Figures:
    """What a division shows at a glance."""

    today: dict[str, float]
    month: dict[str, float]
    open: int
    overdue: int
    stages: dict[int, int]
    closing_rate: float | None
    on_time_rate: float | None


def home_division() -> str:
    """The division this node answers for."""
    return regions.node_division(own_node())


def window_start(last: date) -> date:
    """First day of the usual window that ends on `last`."""
    return last - timedelta(days=WINDOW_DAYS - 1)


def indicators() -> QuerySet[Indicator]:
    """The indicators in use, in their order."""
    return Indicator.objects.filter(is_active=True)


def sums(
    measures: Iterable[str], divisions: Iterable[str], spell: Iterable[str]
) -> dict[tuple[str, str, str], float]:
    """(measure, division, period) → value, in one indexed query."""
    rows = RollUp.objects.filter(
        measure__in=list(measures),
        division__in=list(divisions),
        period__in=list(spell),
        key="",
    ).values_list("measure", "division", "period", "value")
    return {(row[0], row[1], row[2]): float(row[3]) for row in rows}


def series(
    indicator: str, division: str, first: date, last: date, grain: str = Grain.DAY
) -> list[Point]:
    """The values of an indicator, one per period, zero where nothing happened."""
    spell = periods.spell(first, last, grain)
    found = sums([indicator], [division], spell)
    return [
        Point(period, found.get((indicator, division, period), 0.0)) for period in spell
    ]


def trend(
    measures: Iterable[str], division: str, days: int = WINDOW_DAYS
) -> dict[str, list[Point]]:
    """Several indicators day by day up to today."""
    last = today()
    spell = periods.days(last - timedelta(days=days - 1), last)
    wanted = list(measures)
    found = sums(wanted, [division], spell)
    return {
        measure: [Point(day, found.get((measure, division, day), 0.0)) for day in spell]
        for measure in wanted
    }


def figures(division: str) -> Figures:
    """Today, this month and the present standing of a division; two queries."""
    day, month = periods.day(today()), periods.month(today())
    codes = [row[0] for row in INDICATORS]
    found = sums(codes, [division], [day, month])
    stages = standing(division)
    overdue = stages.pop(OVERDUE, 0)
    of_month = {code: found.get((code, division, month), 0.0) for code in codes}
    return Figures(
        today={code: found.get((code, division, day), 0.0) for code in codes},
        month=of_month,
        open=sum(stages.values()),
        overdue=overdue,
        stages=stages,
        closing_rate=rate(of_month["cases.closed"], of_month["cases.filed"]),
        on_time_rate=rate(of_month["cases.on_time"], of_month["cases.closed"]),
    )


def standing(division: str) -> dict[int, int]:
    """Open cases by stage, and under OVERDUE those past their time."""
    rows = RollUp.objects.filter(
        measure__in=[Measure.OPEN, Measure.OVERDUE], division=division, period=""
    ).values_list("measure", "key", "value")
    found: dict[int, int] = {}
    for measure, key, value in rows:
        found[OVERDUE if measure == Measure.OVERDUE else int(key)] = int(value)
    return found


def open_by_division(divisions: Iterable[str]) -> dict[str, dict[str, int]]:
    """Open and overdue cases of several divisions; one query."""
    found: dict[str, dict[str, int]] = {Measure.OPEN: {}, Measure.OVERDUE: {}}
    rows = (
        RollUp.objects.filter(
            measure__in=list(found), division__in=list(divisions), period=""
        )
        .values("measure", "division")
        .annotate(total=Sum("value"))
    )
    for row in rows:
        found[row["measure"]][row["division"]] = int(row["total"])
    return found


def rate(part: float, whole: float) -> float | None:
    """A percentage with one decimal, never above 100; None of nothing."""
    if not whole:
        return None
    return round(min(part / whole, 1.0) * 100, 1)


def ranking(indicator: str, division: str, period: str) -> list[tuple[Division, float]]:
    """The divisions right below, the largest value first."""
    below = list(regions.children(division))
    found = sums([indicator], [one.code for one in below], [period])
    ranked = [(one, found.get((indicator, one.code, period), 0.0)) for one in below]
    return sorted(ranked, key=lambda row: (-row[1], row[0].code))


def ranking_between(
    indicator: str, division: str, first: date, last: date
) -> list[tuple[Division, float]]:
    """The divisions right below over some days, the largest value first."""
    below = list(regions.children(division))
    rows = (
        RollUp.objects.filter(
            measure=indicator,
            division__in=[one.code for one in below],
            period__in=covering(first, last),
            key="",
        )
        .values("division")
        .annotate(total=Sum("value"))
        .values_list("division", "total")
    )
    found = {code: float(total) for code, total in rows}
    ranked = [(one, found.get(one.code, 0.0)) for one in below]
    return sorted(ranked, key=lambda row: (-row[1], row[0].code))


def covering(first: date, last: date) -> list[str]:
    """The fewest periods that make up the days: whole months, and single days."""
    found: list[str] = []
    day = first
    while day <= last:
        end = (day.replace(day=1) + timedelta(days=32)).replace(day=1)
        if day.day == 1 and end - timedelta(days=1) <= last:
            found.append(periods.month(day))
            day = end
        else:
            found.append(periods.day(day))
            day += timedelta(days=1)
    return found


def class_shares(division: str, days: int = WINDOW_DAYS) -> list[Share]:
    """Reported cases by major class over the last days, the largest first."""
    parts = _by_key(Measure.BY_CLASS, division, days)
    names = major_names()
    return [
        Share(key, names.get(key, key.rpartition("/")[2]), value)
        for key, value in parts
    ]


def source_shares(division: str, days: int = WINDOW_DAYS) -> list[Share]:
    """Reported cases by source over the last days, the largest first."""
    parts = _by_key(Measure.BY_SOURCE, division, days)
    names = dict(CaseSource.choices)
    return [Share(key, str(names.get(key, key)), value) for key, value in parts]


def major_names() -> dict[str, str]:
    """Names of major classes by edition, kind and code; from the catalogue."""
    return {
        f"{edition}/{kind}/{code[:2]}": one.major_label
        for (edition, kind, code), one in classification.catalogue().classes.items()
    }


def _by_key(measure: Measure, division: str, days: int) -> list[tuple[str, float]]:
    last = today()
    spell = periods.days(last - timedelta(days=days - 1), last)
    rows = (
        RollUp.objects.filter(measure=measure, division=division, period__in=spell)
        .values("key")
        .annotate(total=Sum("value"))
        .filter(total__gt=0)
        .order_by("-total", "key")
    )
    return [(row["key"], float(row["total"])) for row in rows]


def latest(user: Any, division: str, limit: int = 20) -> list[CaseDigest]:
    """The digests that changed last within a division."""
    found = CaseDigest.objects.visible_to(user).filter(is_withdrawn=False)
    return list(inside(found, division).order_by("-updated_at", "-id")[:limit])


def map_points(user: Any, division: str, limit: int = 400) -> list[CaseDigest]:
    """Open cases with a position, the latest first; bounded."""
    found = CaseDigest.objects.visible_to(user).filter(is_open=True, lon__isnull=False)
    return list(inside(found, division).order_by("-reported_at", "-id")[:limit])


def inside(rows: QuerySet[Any], division: str) -> QuerySet[Any]:
    """Rows whose division lies inside this one; no condition for all of ours."""
    if division == home_division():
        return rows
    prefix = regions.prefix_of(division)
    if not prefix:
        return rows
    return rows.filter(division__gte=prefix, division__lt=prefix + ":")
