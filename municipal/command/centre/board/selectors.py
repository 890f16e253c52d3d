"""Reads of the wall: a handful of indexed queries, whatever is stored."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Sum

from municipal.command.centre.models import Change, Count, Spot
from municipal.command.models import CaseSource
from municipal.command.queries.milestones import Milestone
from municipal.command.sources import sources
from platform_core.accounts.models import OrgUnit
from platform_core.classification import selectors as classification
from platform_core.common.clock import today
from platform_core.common.snapshots import Snapshot
from platform_core.regions import selectors as regions

from . import standing

TREND = (Milestone.REPORTED, Milestone.FILED, Milestone.CLOSED)
PERIODS = 7
# How many days the hot spots of a span look back, and a period of its trend has.
SPANS = {"day": 1, "week": 7, "month": 30}
HOT = (
    ("class", Milestone.REPORTED),
    ("street", Milestone.REPORTED),
    ("unit", Milestone.DISPATCHED),
    ("source", Milestone.REPORTED),
)
_names = Snapshot("centre.names")


@dataclass(frozen=True, slots=True)
class Part:
    """One class, street, unit or source: how often now and in the days before."""

    key: str
    name: str
    value: int
    former: int


@dataclass(frozen=True, slots=True)
class Period:
    """A period of the trend with its figures by milestone."""

    label: str
    first: date
    last: date
    values: dict[str, int]


def totals(area: str, periods: Iterable[str]) -> dict[tuple[str, str], int]:
    """How many cases came to each milestone: (milestone, period) → cases."""
    rows = Count.objects.filter(area=area, part="", period__in=list(periods))
    found = rows.values_list("milestone", "period", "value")
    return {(milestone, period): value for milestone, period, value in found}


def stands(area: str) -> dict[str, int]:
    """Open cases by state, and how many of all are overdue under "late"."""
    rows = Count.objects.filter(
        area=area, part__in=(standing.STATE, standing.LATE), period="", value__gt=0
    )
    return {
        key or standing.LATE: value for key, value in rows.values_list("key", "value")
    }


def calendar(day: date) -> tuple[str, str, str]:
    """A day, its month, its year as periods."""
    return f"{day:%Y-%m-%d}", f"{day:%Y-%m}", f"{day:%Y}"


def trend(area: str, span: str) -> list[Period]:
    """The last seven days, weeks or months up to today."""
    spells = [spell(span, back) for back in reversed(range(PERIODS))]
    if span == "month":
        rows = totals(area, [f"{first:%Y-%m}" for first, _last in spells])
        return [_period(span, one, rows, [f"{one[0]:%Y-%m}"]) for one in spells]
    rows = totals(area, days(spells[0][0], spells[-1][1]))
    return [_period(span, one, rows, days(*one)) for one in spells]


def _period(
    span: str,
    one: tuple[date, date],
    rows: dict[tuple[str, str], int],
    periods: list[str],
) -> Period:
    label = f"{one[0]:%Y-%m}" if span == "month" else f"{one[0]:%m-%d}"
    values = {
        str(name): sum(rows.get((name, period), 0) for period in periods)
        for name in TREND
    }
    return Period(label, *one, values)


def spell(span: str, back: int) -> tuple[date, date]:
    """First and last day of the period so many before the present one."""
    last = today()
    if span == "day":
        return last - timedelta(days=back), last - timedelta(days=back)
    if span == "week":
        end = last - timedelta(days=7 * back)
        return end - timedelta(days=6), end
    first = last.replace(day=1)
    for _ in range(back):
        first = (first - timedelta(days=1)).replace(day=1)
    end = (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    return first, min(end, last)


def days(first: date, last: date) -> list[str]:
    """The days from one to another as periods."""
    count = (last - first).days + 1
    return [f"{first + timedelta(days=step):%Y-%m-%d}" for step in range(count)]


def window(span: str) -> tuple[date, date]:
    """The days that the hot spots of a span look at."""
    return today() - timedelta(days=SPANS[span] - 1), today()


def hot(area: str, span: str, most: int = 10) -> dict[str, list[Part]]:
    """What occurs most by class, street, unit and source, beside the days before."""
    first, last = window(span)
    before = first - timedelta(days=SPANS[span])
    now = _sums(area, days(first, last))
    former = _sums(area, days(before, first - timedelta(days=1)))
    found: dict[str, list[Part]] = {}
    for part, _milestone in HOT:
        top = sorted(now[part].items(), key=lambda row: (-row[1], row[0]))[:most]
        names = names_of(part, [key for key, _value in top])
        found[part] = [
            Part(key, names.get(key, key), value, former[part].get(key, 0))
            for key, value in top
        ]
    return found


def _sums(area: str, periods: list[str]) -> dict[str, dict[str, int]]:
    rows = Count.objects.filter(
        area=area,
        part__in=[part for part, _milestone in HOT],
        milestone__in={milestone for _part, milestone in HOT},
        period__in=periods,
    )
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for part, key, value in (
        rows.order_by().values_list("part", "key").annotate(total=Sum("value"))
    ):
        found[part][key] = value
    return found


def names_of(part: str, keys: list[str]) -> dict[str, str]:
    """What people call classes, streets, units, sources."""
    if part == "class":
        return {key: class_name(key) for key in keys}
    if part == "street":
        places = {key: regions.find_division(key) for key in keys}
        return {key: one.label for key, one in places.items() if one}
    if part == "source":
        known: dict[str, CaseSource] = sources()
        return {key: str(known[key]) for key in keys if key in known}
    return {key: _unit_names().get(key, key) for key in keys}


def class_name(key: str) -> str:
    """The name of "matter-06001"."""
    kind, _dash, code = key.partition("-")
    found = classification.problem_class(kind, code, classification.default_edition())
    return found.label if found else code


def _unit_names() -> dict[str, str]:
    def load() -> dict[str, str]:
        rows = OrgUnit.objects.values_list("code", "short_name", "name")
        return {code: short or name for code, short, name in rows}

    return _names.get("units", load)


def stream(area: str, is_city: bool, most: int = 24) -> list[Change]:
    """What happened last, the newest first, with its cases."""
    rows = Change.objects.order_by("-pk")
    rows = rows if is_city else rows.filter(division_code=area)
    return list(rows.select_related("case")[:most])


def recurring(area: str, is_city: bool, most: int = 10) -> list[Spot]:
    """The problems that come back most."""
    rows = Spot.objects.order_by("-count", "-last_at")
    rows = rows if is_city else rows.filter(division_code=area)
    return list(rows[:most])
