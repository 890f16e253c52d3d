"""A street with its people, and counts that a test gives."""

from collections import defaultdict
from datetime import date

import pytest

from municipal.command.performance import counting
from municipal.command.performance.periods import Period, period_of
from municipal.command.performance.services import running
from tests.factories import command as factory
from tests.factories.accounts import UserFactory

OCTOBER = period_of("month", date(2026, 10, 15))


@pytest.fixture
def city(db) -> factory.City:
    return factory.district()


@pytest.fixture
def manager(db):
    return UserFactory(roles=["centre_manager"])


@pytest.fixture
def counted(monkeypatch):
    """Counts by kind and first day: `counted[kind, first][key] = {measure: n}`."""
    given = defaultdict(dict)

    def sums(kind, period, *, keys=None):
        return given[str(kind), period.first]

    monkeypatch.setattr(counting, "sums", sums)
    return given


@pytest.fixture
def evaluated(counted, city, manager):
    """Evaluate departments in October with given counts by unit."""

    def evaluate(rows=None, period: Period = OCTOBER, kind="unit", **given):
        rows = rows or {city.unit: (9, 10), city.other_unit: (5, 10)}
        for unit, (good, due) in rows.items():
            counted[kind, period.first][str(unit.pk)] = unit_counts(good, due)
        return running.start(kind=kind, period=period, by=manager, **given)

    return evaluate


def unit_counts(good: int, due: int) -> dict[str, int]:
    """Counts of a department: so many of those due were handled and closed."""
    return {
        "filed_num": due,
        "should_close_num": due,
        "closed_num": good,
        "should_handle_num": due,
        "intime_handled_num": good,
        "rework_num": due - good,
    }
