"""Adding up: waiting changes become published values and sums at every level."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal

from django.conf import settings
from django.db import connection, transaction

from platform_core.common.clock import now
from platform_core.common.models import Sequence as Counter
from platform_core.common.models import own_node
from platform_core.datasets.services import publish
from platform_core.regions import selectors as regions

from . import live, periods
from .enums import SHIPPED
from .models import Indicator, IndicatorDelta, IndicatorValue, RollUp

BATCH = 2000
ROWS_PER_STATEMENT = 150
DATASET = "monitoring.indicator_value"

SumKey = tuple[str, str, str, str]
ValueKey = tuple[str, str, str]


def fold(*, limit: int = BATCH) -> int:
    """Add up what waits and publish this node's changed values.

    Safe to run twice and in two workers: a counter row is the turnstile, and a
    change is deleted in the transaction that adds it.
    """
    if not IndicatorDelta.objects.exists():
        return 0
    with transaction.atomic():
        Counter.take("monitoring.fold")
        deltas = list(IndicatorDelta.objects.order_by("pk")[:limit])
        _publish_own(deltas)
        _roll(deltas)
        IndicatorDelta.objects.filter(pk__in=[delta.pk for delta in deltas]).delete()
        live.changed()
    return len(deltas)


def fold_all() -> int:
    """Fold until nothing waits; the number of changes added up."""
    total = 0
    while done := fold():
        total += done
    return total


def _publish_own(deltas: Iterable[IndicatorDelta]) -> None:
    sums: dict[ValueKey, Decimal] = defaultdict(Decimal)
    for delta in deltas:
        if delta.is_own:
            sums[(delta.measure, delta.division, delta.period)] += delta.amount
    if not sums:
        return
    known = _own_values(sums)
    units = dict(Indicator.objects.values_list("code", "unit"))
    changed, fresh = [], []
    for key, amount in sorted(sums.items()):
        value = known.get(key)
        if value is None:
            fresh.append(_new_value(key, amount, units[key[0]]))
        elif amount:
            value.value += amount
            value.measured_at = now()
            value.revise()
            changed.append(value)
    IndicatorValue.objects.bulk_create(fresh)
    IndicatorValue.objects.bulk_update(
        changed, ["value", "measured_at", "revision", "updated_at"], batch_size=100
    )
    for value in [*changed, *fresh]:
        publish(DATASET, value)


def _own_values(keys: Iterable[ValueKey]) -> dict[ValueKey, IndicatorValue]:
    measures, divisions, days = (set(part) for part in zip(*keys, strict=True))
    rows = IndicatorValue.objects.filter(
        origin=own_node(),
        indicator__in=measures,
        division__in=divisions,
        period__in=days,
    )
    return {(row.indicator_id, row.division, row.period): row for row in rows}


def _new_value(key: ValueKey, amount: Decimal, unit: str) -> IndicatorValue:
    measure, division, period = key
    return IndicatorValue(
        indicator_id=measure,
        division=division,
        period=period,
        value=amount,
        unit=unit,
        measured_at=now(),
    )


def _roll(deltas: Iterable[IndicatorDelta]) -> None:
    sums: dict[SumKey, Decimal] = defaultdict(Decimal)
    levels: dict[tuple[str, str], list[str]] = {}
    for delta in deltas:
        place = (delta.division, delta.upto)
        if place not in levels:
            levels[place] = divisions_above(*place)
        for division in levels[place]:
            for period in periods.enclosing(delta.period):
                sums[(delta.measure, division, period, delta.key)] += delta.amount
    rows = [(*key, amount) for key, amount in sorted(sums.items()) if amount]
    for start in range(0, len(rows), ROWS_PER_STATEMENT):
        _add(rows[start : start + ROWS_PER_STATEMENT])


def divisions_above(division: str, upto: str = "") -> list[str]:
    """The division and those around it within this node, below `upto`."""
    own = regions.node_division(settings.NODE_CODE)
    around = [step.code for step in regions.lineage(division)]
    return [
        code
        for code in around
        if regions.within(code, own) and not (upto and regions.within(upto, code))
    ]


def _add(rows: Sequence[tuple[str, str, str, str, Decimal]]) -> None:
    """One upsert that adds; both databases know it, Django's cannot add."""
    table = connection.ops.quote_name(RollUp._meta.db_table)
    marks = ", ".join(["(%s, %s, %s, %s, %s)"] * len(rows))
    values = [
        connection.ops.adapt_decimalfield_value(cell, 20, 4)
        if isinstance(cell, Decimal)
        else cell
        for row in rows
        for cell in row
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (measure, division, period, key, value) "  # noqa: S608
            f"VALUES {marks} "
            "ON CONFLICT (measure, division, period, key) "
            f"DO UPDATE SET value = {table}.value + excluded.value",
            values,
        )


def is_known(indicator: str) -> bool:
    """Is this the code of an indicator? Shipped ones cost no query."""
    return indicator in SHIPPED or Indicator.objects.filter(pk=indicator).exists()
