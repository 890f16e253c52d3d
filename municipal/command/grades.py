"""Time limits by the grade of an area.  [GB/T 30428.8, codes.md 13]"""

from collections.abc import Sequence
from math import ceil

from platform_core.calendars.enums import Unit
from platform_core.classification.models import FilingCondition
from platform_core.common.snapshots import Snapshot

from . import rules
from .enums import Grade
from .models import Case, GradedArea

URGENT = frozenset({Unit.URGENT_HOUR, Unit.URGENT_DAY})
FACTORS = {Grade.A: 0.5, Grade.B: 1.0, Grade.C: 1.5}
snapshot = Snapshot("command.grades")


def grade_of(case: Case) -> str:
    """The grade where a case lies, that of the smallest area; "" without grades."""
    if not rules.current().graded:
        return ""
    areas = snapshot.get("areas", _areas)
    codes = (case.community_code, case.street_code, case.division_code)
    return next((areas[code] for code in codes if code in areas), "")


def _areas() -> dict[str, str]:
    return dict(GradedArea.objects.values_list("code", "grade"))


def graded_value(value: float, unit: str, grade: str) -> float:
    """A listed limit in a grade: whole units, at least one; urgent ones stay."""
    if not grade or unit in URGENT or grade == Grade.B:
        return value
    return float(max(1, ceil(value * FACTORS[Grade(grade)])))


def limit_of(
    conditions: Sequence[FilingCondition], number: str, grade: str
) -> tuple[FilingCondition, float] | None:
    """The condition of a number with its limit: the grade's own row comes first."""
    rows = {row.grade: row for row in conditions if row.number == number}
    if grade and grade in rows:
        return rows[grade], float(rows[grade].limit_value)
    listed = rows.get("") or rows.get(Grade.B) or next(iter(rows.values()), None)
    if listed is None:
        return None
    value = float(listed.limit_value)
    return listed, graded_value(value, listed.limit_unit, grade)
