"""What stands now: open cases by state, the overdue ones, and since when they are.

A case is compared with how it was counted before, so that it does not matter how
many of its steps came in between, nor that a mark of lateness may be taken back.
"""

from collections import Counter
from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any

from django.utils import timezone

from municipal.command.centre.models import Standing
from municipal.command.enums import OPEN
from municipal.command.models import Case
from municipal.command.queries.milestones import Milestone
from platform_core.regions import selectors as regions

STATE, LATE = "state", "late"
FIELDS = ("pk", "state", "overdue_at", "division_code", "handling_unit__code")


def follow(keys: Collection[int]) -> Counter[Any]:
    """Compare these cases with how they were counted; what that adds."""
    known = Standing.objects.in_bulk(list(keys))
    counted: Counter[Any] = Counter()
    fresh = []
    for row in Case.objects.filter(pk__in=keys).order_by("pk").values(*FIELDS):
        now = standing_of(row)
        counted.update(difference(row, known.get(row["pk"]), now))
        fresh.append(now)
    Standing.objects.bulk_create(
        fresh,
        batch_size=300,
        update_conflicts=True,
        update_fields=["state", "overdue_day", "unit_code"],
        unique_fields=["case"],
    )
    return counted


def standing_of(row: dict[str, Any]) -> Standing:
    """How a case is counted as it is now."""
    late = row["overdue_at"]
    return Standing(
        case_id=row["pk"],
        state=row["state"],
        overdue_day=timezone.localtime(late).date() if late else None,
        unit_code=row["handling_unit__code"] or "",
    )


def difference(
    row: dict[str, Any], before: Standing | None, now: Standing
) -> Counter[Any]:
    """What goes up and down when a case stands otherwise than before."""
    found: Counter[Any] = Counter()
    for one, sign in ((before, -1), (now, 1)):
        if one is not None:
            for key in _entries(row, one):
                found[key] += sign
    return found


def _entries(row: dict[str, Any], one: Standing) -> Iterator[tuple[str, ...]]:
    for area in (regions.own_division().code, row["division_code"]):
        if one.state in OPEN:
            yield area, STATE, "", one.state, ""
            if one.overdue_day:
                yield area, LATE, "", "", ""
        if one.overdue_day:
            day, unit = f"{one.overdue_day:%Y-%m-%d}", one.unit_code
            for period in (day, day[:7], day[:4]):
                yield area, "", Milestone.OVERDUE, "", period
                if unit:
                    yield area, "unit", Milestone.OVERDUE, unit, period


def forget(before: datetime) -> int:
    """Drop the rows of cases that ended long ago: they do not change any more."""
    ended = Standing.objects.exclude(state__in=OPEN)
    return ended.filter(case__state_since__lt=before).delete()[0]
