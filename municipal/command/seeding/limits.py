"""What the generated cases are about, and when their time limits end."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone

from platform_core.calendars import services as calendars
from platform_core.classification import selectors as classification
from platform_core.classification.models import FilingCondition

from . import tables

MOST_CLASSES = 120
MOST_LIMITS = 6  # so that the deadlines of all hours of a year stay few
CLASS_COLUMNS = (
    *("k", "edition", "kind", "code", "name", "condition"),
    *("limit_value", "limit_unit", "text"),
)
Limit = tuple[float, str]


def load(first: date, last: date) -> int:
    """Fill the tables of classes and of deadlines; how many classes."""
    rows = _conditions()
    tables.run(
        "CREATE TEMP TABLE seed_class (k int, edition text, kind text, code text,"
        " name text, condition text, limit_value float8, limit_unit text, text text)",
        "CREATE TEMP TABLE seed_limit (slot timestamptz, value float8, unit text,"
        " extended bool, due timestamptz)",
    )
    tables.fill("seed_class", CLASS_COLUMNS, list(_classes(rows)))
    limits = {(float(row.limit_value), row.limit_unit) for row in rows}
    columns = ("slot", "value", "unit", "extended", "due")
    tables.fill("seed_limit", columns, list(_deadlines(first, last, limits)))
    tables.run("CREATE INDEX ON seed_limit (slot)", "ANALYZE seed_limit")
    return len(rows)


def _conditions() -> list[FilingCondition]:
    """The first condition of each class, of classes with usual limits."""
    edition = classification.default_edition()
    found = FilingCondition.objects.filter(problem_class__edition=edition)
    found = found.filter(problem_class__is_active=True).order_by(
        "problem_class__kind", "problem_class__code", "number", "grade"
    )
    first: dict[int, FilingCondition] = {}
    for row in found.select_related("problem_class"):
        if row.problem_class.is_case_class:
            first.setdefault(row.problem_class_id, row)
    common = Counter((row.limit_value, row.limit_unit) for row in first.values())
    usual = {limit for limit, _count in common.most_common(MOST_LIMITS)}
    rows = [row for row in first.values() if (row.limit_value, row.limit_unit) in usual]
    # Matters are reported more often than components: they come first.
    rows.sort(key=lambda row: row.problem_class.kind != "matter")
    return rows[:MOST_CLASSES]


def _classes(rows: list[FilingCondition]) -> Iterator[tuple[Any, ...]]:
    for number, row in enumerate(rows):
        kind = row.problem_class
        yield (
            number,
            kind.edition,
            kind.kind,
            kind.code,
            kind.name,
            row.number,
            float(row.limit_value),
            row.limit_unit,
            f"{kind.name}，影响通行和市容，请尽快处置。",
        )


def _deadlines(
    first: date, last: date, limits: set[Limit]
) -> Iterator[tuple[datetime, float, str, bool, datetime]]:
    """The deadline of each limit from the beginning of each hour."""
    for day in range((last - first).days + 1):
        midnight = timezone.make_aware(
            datetime.combine(first + timedelta(days=day), time())
        )
        for hour in range(24):
            slot = midnight + timedelta(hours=hour)
            for value, unit in limits:
                for extended in (False, True):
                    amount = value * 2 if extended else value
                    due = calendars.deadline(slot, amount, unit).at
                    yield slot, value, unit, extended, due
