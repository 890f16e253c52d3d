"""Counts of objects in periods, from the sums of days: a few queries for all."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import Count, Q, Sum

from municipal.command.enums import OPEN
from municipal.command.models import Case
from platform_core.common import clock

from . import measures, waiting
from .enums import ObjectKind
from .measures import WAITING
from .models import ClosedDay, RollUp
from .periods import Period

Counts = dict[str, int]
# Where an open case keeps the object of each kind; desks share what waits for them.
OF_CASE: Mapping[ObjectKind, str] = {
    ObjectKind.UNIT_GRID: "grid_code",
    ObjectKind.DUTY_GRID: "duty_grid",
    ObjectKind.COMMUNITY: "community_code",
    ObjectKind.STREET: "street_code",
    ObjectKind.DISTRICT: "division_code",
    ObjectKind.UNIT: "handling_unit",
    ObjectKind.SUPERVISOR: "field_inspector",
    ObjectKind.COMPANY: "field_inspector__unit",
}


def sums(
    kind: ObjectKind, period: Period, *, keys: Collection[str] | None = None
) -> dict[str, Counts]:
    """The counts of a period by object and measure.

    Objects without any count appear only where they are asked for by key.
    """
    kind = ObjectKind(kind)
    names = measures.stored(kind)
    rows = _rows(kind, keys).filter(day__range=(period.first, period.last))
    wanted = {f"sum_{name}": _sum(name, period.last) for name in names}
    found: dict[str, Counts] = {}
    for key, *values in rows.values_list("key").annotate(**wanted):
        found[key] = dict(zip(names, (value or 0 for value in values), strict=True))
    if is_running(period):
        _put_waiting(found, kind, keys, names)
    for key in keys or ():
        found.setdefault(key, dict.fromkeys(names, 0))
    return {key: _measured(kind, row) for key, row in found.items()}


def _rows(kind: ObjectKind, keys: Collection[str] | None) -> Any:
    rows = RollUp.objects.filter(kind=kind).order_by()
    return rows if keys is None else rows.filter(key__in=list(keys))


def _sum(name: str, last: date) -> Sum:
    """Flags add up; what waits is what waited at the end."""
    return Sum(name, filter=Q(day=last)) if name in WAITING else Sum(name)


def _measured(kind: ObjectKind, row: Counts) -> Counts:
    """Measures from the flags that make them up."""
    return {
        one.code: sum(row[name] for name in one.columns(kind))
        for one in measures.of(kind)
    }


# What waits ---------------------------------------------------------------------


def is_running(period: Period) -> bool:
    """Whether what waits is what waits now: the last day is not closed yet."""
    known = ClosedDay.objects.values_list("day", flat=True).first()
    return period.last >= clock.today() or (known is not None and period.last > known)


def _put_waiting(
    found: dict[str, Counts],
    kind: ObjectKind,
    keys: Collection[str] | None,
    names: Iterable[str],
) -> None:
    """Replace what waited at the end of a day by what waits now."""
    columns = [name for name in names if name in WAITING]
    for row in found.values():
        row.update(dict.fromkeys(columns, 0))
    if kind not in OF_CASE or not columns:
        return
    for key, counts in waiting_now(kind, columns, keys).items():
        row = found.setdefault(key, dict.fromkeys(names, 0))
        row.update(counts)


def waiting_now(
    kind: ObjectKind, columns: Sequence[str], keys: Collection[str] | None = None
) -> dict[str, Counts]:
    """What waits now by object, in one query over the open cases."""
    field = OF_CASE[kind]
    known = waiting.conditions(clock.now())
    rows = Case.objects.filter(state__in=OPEN).order_by()
    if keys is not None:
        rows = rows.filter(**{f"{field}__in": list(keys)})
    counted = {f"n_{name}": Count("pk", filter=known[name]) for name in columns}
    found = rows.values_list(field).annotate(**counted)
    return {
        str(key): dict(zip(columns, values, strict=True))
        for key, *values in found
        if key not in (None, "") and any(values)
    }


# One object over time -----------------------------------------------------------


def series(kind: ObjectKind, key: str, periods: Sequence[Period]) -> list[Counts]:
    """The counts of one object in each of some periods, from one query."""
    kind = ObjectKind(kind)
    names = measures.stored(kind)
    first = min(period.first for period in periods)
    last = max(period.last for period in periods)
    days = _by_day(kind, key, first, last, names)
    found = []
    for period in periods:
        row = {name: _in(days, name, period) for name in names}
        if is_running(period):
            _put_waiting({key: row}, kind, [key], names)
        found.append(_measured(kind, row))
    return found


def _by_day(
    kind: ObjectKind, key: str, first: date, last: date, names: Sequence[str]
) -> dict[date, Counts]:
    rows = _rows(kind, [key]).filter(day__range=(first, last))
    wanted = {f"sum_{name}": Sum(name) for name in names}
    return {
        day: dict(zip(names, (value or 0 for value in values), strict=True))
        for day, *values in rows.values_list("day").annotate(**wanted)
    }


def _in(days: Mapping[date, Counts], name: str, period: Period) -> int:
    if name in WAITING:
        return days.get(period.last, {}).get(name, 0)
    return sum(
        row[name] for day, row in days.items() if period.first <= day <= period.last
    )
