"""Cross tables: a measure by two dimensions, computed by the database."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from django.db.models import (
    Avg,
    Count,
    DurationField,
    ExpressionWrapper,
    F,
    FloatField,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models import Case as Choose
from django.db.models.functions import (
    Concat,
    ExtractHour,
    ExtractWeekDay,
    Left,
    TruncMonth,
    TruncWeek,
)
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from municipal.command.enums import OPEN, State
from municipal.command.models import Case, CaseSource
from platform_core.accounts.models import OrgUnit
from platform_core.classification import selectors as classification
from platform_core.regions.models import Division

from .filters import WEEKDAYS, majors

MOST = 60  # rows or columns that a page shows; a file has all of them
Labels = Callable[[set[Any]], Mapping[Any, str]]
Query = Callable[[Any], dict[str, object]]
TOTAL = "total"


@dataclass(frozen=True)
class Dimension:
    """What cases are counted by: an expression, names, the search behind a value."""

    code: str
    label: str | Promise
    expression: Any
    names: Labels
    search: Query


@dataclass(frozen=True)
class Measure:
    """What a cell says; `unit` tells how it is written."""

    code: str
    label: str | Promise
    expression: Any
    unit: str = ""
    additive: bool = True


def _areas(codes: set[Any]) -> Mapping[Any, str]:
    return {row.code: row.label for row in Division.objects.filter(code__in=codes)}


def _units(keys: set[Any]) -> Mapping[Any, str]:
    return {row.pk: str(row) for row in OrgUnit.objects.filter(pk__in=keys)}


def _unit_search(key: Any) -> dict[str, object]:
    code = OrgUnit.objects.filter(pk=key).values_list("code", flat=True).first()
    return {"unit": code or ""}


def _sources(codes: set[Any]) -> Mapping[Any, str]:
    return {row.code: str(row) for row in CaseSource.objects.filter(code__in=codes)}


def _classes(codes: set[Any]) -> Mapping[Any, str]:
    found = {}
    edition = classification.default_edition()
    for value in codes:
        kind, _dash, code = str(value).partition("-")
        row = classification.problem_class(kind, code, edition)
        found[value] = row.label if row else code
    return found


def _month_search(value: date) -> dict[str, object]:
    following = (value.replace(day=1) + timedelta(days=32)).replace(day=1)
    return {"reported_from": _day(value), "reported_to": following - timedelta(days=1)}


def _week_search(value: date) -> dict[str, object]:
    return {"reported_from": _day(value), "reported_to": value + timedelta(days=6)}


def _day(value: date) -> date:
    return value.date() if isinstance(value, datetime) else value


def _written(form: str) -> Labels:
    return lambda values: {value: value.strftime(form) for value in values}


def _area(code: str, label: Promise, name: str) -> Dimension:
    return Dimension(code, label, F(name), _areas, lambda value: {"area": value})


def _facts() -> tuple[Dimension, ...]:
    """What a case is: its place, unit, class, source and state."""
    return (
        _area("district", _("District"), "division_code"),
        _area("street", _("Street"), "street_code"),
        _area("community", _("Community"), "community_code"),
        Dimension(
            "unit", _("Handling unit"), F("handling_unit_id"), _units, _unit_search
        ),
        Dimension(
            "major",
            _("Major class"),
            Concat("class_kind", Value("-"), Left("class_code", 2)),
            lambda _values: dict(majors()),
            lambda value: {"major": value},
        ),
        Dimension(
            "class",
            _("Class"),
            Concat("class_kind", Value("-"), "class_code"),
            _classes,
            lambda value: {"class_code": str(value).partition("-")[2]},
        ),
        Dimension(
            "source",
            _("Source"),
            F("source_id"),
            _sources,
            lambda value: {"source": value},
        ),
        Dimension(
            "state",
            _("State"),
            F("state"),
            lambda _values: {str(state): str(state.label) for state in State},
            lambda value: {"state": value},
        ),
    )


def _times() -> tuple[Dimension, ...]:
    """When a case was reported."""
    return (
        Dimension(
            "month",
            _("Month"),
            TruncMonth("reported_at"),
            _written("%Y-%m"),
            lambda value: _month_search(_day(value)),
        ),
        Dimension(
            "week",
            _("Week"),
            TruncWeek("reported_at"),
            _written("%Y-%m-%d"),
            lambda value: _week_search(_day(value)),
        ),
        Dimension(
            "weekday",
            _("Weekday"),
            ExtractWeekDay("reported_at"),
            lambda _values: {key: str(name) for key, name in WEEKDAYS},
            lambda value: {"weekday": value},
        ),
        Dimension(
            "hour",
            _("Hour"),
            ExtractHour("reported_at"),
            lambda values: {value: f"{value:02d}:00" for value in values},
            lambda value: {"hour": value},
        ),
    )


@cache
def dimensions() -> dict[str, Dimension]:
    """All dimensions by their code."""
    return {one.code: one for one in (*_facts(), *_times())}


@cache
def measures() -> dict[str, Measure]:
    """All measures by their code."""
    punctual = Choose(
        When(on_time=True, then=100.0),
        When(on_time=False, then=0.0),
        default=None,
        output_field=FloatField(),
    )
    spent = ExpressionWrapper(
        F("handled_at") - F("dispatched_at"), output_field=DurationField()
    )
    found = (
        Measure("count", _("Cases"), Count("pk")),
        Measure("open", _("Open"), Count("pk", filter=Q(state__in=OPEN))),
        Measure(
            "overdue", _("Overdue"), Count("pk", filter=Q(overdue_at__isnull=False))
        ),
        Measure("rework", _("Rework"), Count("pk", filter=Q(rework_count__gt=0))),
        Measure("on_time", _("On-time rate"), Avg(punctual), "%", additive=False),
        Measure(
            "spent", _("Mean handling time (hours)"), Avg(spent), "h", additive=False
        ),
    )
    return {one.code: one for one in found}


@dataclass(frozen=True)
class Table:
    """The values of a cross table; keys in the order in which they are shown."""

    rows: list[Any]
    columns: list[Any]
    values: dict[tuple[Any, Any], float]
    row_names: Mapping[Any, str]
    column_names: Mapping[Any, str]
    row_totals: dict[Any, float] = field(default_factory=dict)

    @property
    def highest(self) -> float:
        """The greatest value, for the colours."""
        return max(self.values.values(), default=0)

    def row_name(self, key: Any) -> str:
        return self.row_names.get(key, "") or str(key or "—")

    def column_name(self, key: Any) -> str:
        return self.column_names.get(key, "") or str(key or "—")


def compute(
    cases: QuerySet[Case], row: Dimension, column: Dimension, measure: Measure
) -> Table:
    """The table of the cases; one query for the values, one for each side's names."""
    grouped = (
        cases.order_by()
        .annotate(side=row.expression, head=column.expression)
        .values("side", "head")
        .annotate(value=measure.expression)
        .values_list("side", "head", "value")
    )
    values = {
        (side, head): _number(value)
        for side, head, value in grouped
        if value is not None
    }
    sides, heads = {side for side, _h in values}, {head for _s, head in values}
    totals = {
        side: sum(values.get((side, head), 0) for head in heads) for side in sides
    }
    return Table(
        rows=_ordered(row, sides, totals),
        columns=sorted(heads, key=_sortable),
        values=values,
        row_names=row.names(sides),
        column_names=column.names(heads),
        row_totals=totals if measure.additive else {},
    )


def _number(value: Any) -> float:
    if isinstance(value, timedelta):
        return round(value.total_seconds() / 3600, 1)
    return value if isinstance(value, int) else round(float(value), 1)


def _ordered(
    row: Dimension, keys: Iterable[Any], totals: dict[Any, float]
) -> list[Any]:
    """Places and units by how much there is; times and grades as they follow."""
    if row.code in {"month", "week", "weekday", "hour", "state", "source"}:
        return sorted(keys, key=_sortable)
    return sorted(keys, key=lambda key: (-totals[key], str(key)))


def _sortable(key: Any) -> tuple[bool, Any]:
    return (key is None, "" if key is None else key)
