"""Writes of the monitoring system: counting, announcing, taking in what arrives."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from platform_core.common.clock import now, today
from platform_core.common.errors import DomainError
from platform_core.common.models import own_node
from platform_core.datasets.services import publish
from platform_core.regions.selectors import prefix_of, within

from . import live, periods
from .enums import Measure
from .models import CaseDigest, Indicator, IndicatorDelta, IndicatorValue
from .rollups import fold, fold_all, is_known

__all__ = [
    "announce_case",
    "count",
    "fold",
    "fold_all",
    "keep_digest",
    "keep_value",
]

DIGEST = "monitoring.case_digest"
TallyKey = tuple[str, str, str, str]


def count(indicator: str, division: str, *, day: date, amount: int = 1) -> None:
    """Note that something was counted; one INSERT in the caller's transaction."""
    _count(indicator, division, day, amount).save(force_insert=True)


def _count(indicator: str, division: str, day: date, amount: int) -> IndicatorDelta:
    if not is_known(indicator):
        raise DomainError(
            _("There is no indicator %(code)s.") % {"code": indicator},
            code="code_list",
            fields={"indicator": indicator},
        )
    return IndicatorDelta(
        measure=indicator,
        division=division,
        period=periods.day(day),
        amount=Decimal(amount),
        is_own=True,
    )


@transaction.atomic(savepoint=False)
def announce_case(
    *,
    uid: UUID,
    revision: int,
    number: str,
    title: str,
    edition: str,
    class_kind: str,
    class_code: str,
    class_name: str,
    division: str,
    lon: float | None,
    lat: float | None,
    source: str,
    state: str,
    stage: int,
    reported_at: datetime,
    deadline: datetime | None = None,
    closed_at: datetime | None = None,
    overdue: bool = False,
    on_time: bool | None = None,
    rework_count: int = 0,
    counted: Sequence[str] = (),
) -> None:
    """Keep the digest of a case made here and tell the tiers above.

    `counted` are indicators that this change adds one to, today.
    """
    digest = keep_digest(
        uid=uid,
        origin=own_node(),
        revision=revision,
        is_new=revision == 1,
        deltas=[_count(name, division, today(), 1) for name in counted],
        values={
            "number": number,
            "title": title[:200],
            "edition": edition,
            "class_kind": class_kind,
            "class_code": class_code,
            "class_name": class_name,
            "division": division,
            "lon": lon,
            "lat": lat,
            "source": source,
            "state": state,
            "stage": stage,
            "reported_at": reported_at,
            "deadline": deadline,
            "closed_at": closed_at,
            "overdue": overdue,
            "on_time": on_time,
            "rework_count": rework_count,
        },
    )
    publish(DIGEST, digest)


def keep_digest(
    *,
    uid: UUID,
    origin: str,
    revision: int,
    values: Mapping[str, Any],
    withdrawn: bool = False,
    is_new: bool = False,
    deltas: Iterable[IndicatorDelta] = (),
) -> CaseDigest:
    """Store a digest and note what it changes in the tallies.

    `is_new` spares the look for an older one; `deltas` are noted along with it.
    """
    older = CaseDigest.objects.select_for_update(of=("self",)).filter(uid=uid)
    digest = None if is_new else older.first()
    if digest is not None and digest.revision > revision:
        return digest
    before = tallies(digest) if digest else Counter()
    digest = digest or CaseDigest(uid=uid, origin=origin)
    digest.revision = revision
    for name, value in values.items():
        setattr(digest, name, value)
    digest.is_withdrawn = withdrawn
    digest.settle()
    digest.touch()
    digest.save()
    _note(before, tallies(digest), deltas)
    live.changed()
    return digest


def tallies(digest: CaseDigest) -> Counter[TallyKey]:
    """What one digest adds to the sums: (measure, key, division, period)."""
    if digest.is_withdrawn:
        return Counter()
    reported = periods.day(timezone.localtime(digest.reported_at).date())
    major = f"{digest.edition}/{digest.class_kind}/{digest.class_code[:2]}"
    found: Counter[TallyKey] = Counter(
        {
            (Measure.BY_CLASS.value, major, digest.division, reported): 1,
            (Measure.BY_SOURCE.value, digest.source, digest.division, reported): 1,
        }
    )
    if digest.is_open:
        found[(Measure.OPEN.value, str(digest.stage), digest.division, "")] = 1
        if digest.overdue:
            found[(Measure.OVERDUE.value, "", digest.division, "")] = 1
    return found


def _note(
    before: Counter[TallyKey],
    after: Counter[TallyKey],
    deltas: Iterable[IndicatorDelta],
) -> None:
    change = Counter(after)
    change.subtract(before)
    changes = (
        IndicatorDelta(
            measure=measure,
            key=key,
            division=division,
            period=period,
            amount=Decimal(amount),
        )
        for (measure, key, division, period), amount in change.items()
        if amount
    )
    IndicatorDelta.objects.bulk_create([*changes, *deltas])


def keep_value(
    *,
    uid: UUID,
    origin: str,
    revision: int,
    indicator: Indicator,
    division: str,
    period: str,
    value: Decimal,
    unit: str,
    measured_at: datetime,
    withdrawn: bool = False,
) -> IndicatorValue:
    """Store another platform's figure and note the difference it makes."""
    row = (
        IndicatorValue.objects.select_for_update(of=("self",))
        .filter(origin=origin, indicator=indicator, division=division, period=period)
        .first()
    )
    if row is None and IndicatorValue.objects.filter(uid=uid).exists():
        raise DomainError(
            _("A figure keeps its indicator, division and period for ever."),
            code="format",
            fields={"period": period},
        )
    if row is not None and row.uid != uid and row.measured_at > measured_at:
        return row
    before = _standing(row)
    row = row or IndicatorValue(
        origin=origin, indicator=indicator, division=division, period=period
    )
    row.uid, row.revision = uid, revision
    row.value, row.unit, row.measured_at = value, unit, measured_at
    row.is_withdrawn = withdrawn
    row.touch()
    row.save()
    if indicator.adds_up(periods.grain(period)):
        _note_value(row, before, _standing(row))
    live.changed()
    return row


def _standing(row: IndicatorValue | None) -> Decimal | None:
    """What a value counts for at present; None where there is none."""
    if row is None or row.is_withdrawn:
        return None
    return row.value


def _note_value(
    row: IndicatorValue, before: Decimal | None, after: Decimal | None
) -> None:
    """Add the difference; a figure for a whole division replaces those inside it."""
    change = (after or Decimal(0)) - (before or Decimal(0))
    upto, inner = _overlap(row)
    if before is None and after is not None:
        change -= inner
    elif before is not None and after is None:
        change += inner
    if change:
        IndicatorDelta.objects.create(
            measure=row.indicator_id,
            division=row.division,
            period=row.period,
            amount=change,
            upto=upto,
            made_at=now(),
        )


def _overlap(row: IndicatorValue) -> tuple[str, Decimal]:
    """The nearest whole that its origin also reported, and the sum of its parts."""
    others = list(
        IndicatorValue.objects.filter(
            origin=row.origin,
            indicator_id=row.indicator_id,
            period=row.period,
            is_withdrawn=False,
        )
        .exclude(pk=row.pk)
        .values_list("division", "value")
    )
    wholes = [code for code, _value in others if _contains(code, row.division)]
    parts = [(code, value) for code, value in others if _contains(row.division, code)]
    outermost = [
        value
        for code, value in parts
        if not any(_contains(other, code) for other, _value in parts)
    ]
    nearest = max(wholes, key=lambda code: len(prefix_of(code)), default="")
    return nearest, sum(outermost, Decimal(0))


def _contains(whole: str, part: str) -> bool:
    return whole != part and within(part, whole)
