"""Periods of evaluation: they cover all days, none of them twice."""

from datetime import date, timedelta

import pytest
from django.utils.translation import override

from municipal.command.performance.enums import AREAS, POSTS, ObjectKind, PeriodKind
from municipal.command.performance.periods import Period, period_of


@pytest.mark.parametrize(
    ("kind", "day", "first", "last", "label"),
    [
        ("week", (2024, 12, 31), (2024, 12, 30), (2025, 1, 5), "2025, week 1"),
        ("month", (2024, 2, 29), (2024, 2, 1), (2024, 2, 29), "2024-02"),
        ("quarter", (2025, 12, 31), (2025, 10, 1), (2025, 12, 31), "2025-Q4"),
        ("year", (2026, 7, 1), (2026, 1, 1), (2026, 12, 31), "2026"),
        ("free", (2026, 7, 1), (2026, 7, 1), (2026, 7, 1), "2026-07-01 – 2026-07-01"),
    ],
)
def test_the_period_around_a_day(
    kind: str,
    day: tuple[int, int, int],
    first: tuple[int, int, int],
    last: tuple[int, int, int],
    label: str,
) -> None:
    found = period_of(kind, date(*day))
    assert (found.first, found.last) == (date(*first), date(*last))
    with override("en"):
        assert str(found) == label


@pytest.mark.parametrize("kind", list(PeriodKind))
def test_each_day_lies_in_one_period_and_none_is_left_out(kind: PeriodKind) -> None:
    day = date(2023, 12, 1)
    while day < date(2025, 2, 1):
        found = period_of(kind, day)
        assert found.first <= day <= found.last
        before = found.previous()
        assert before.last == found.first - timedelta(days=1)
        assert before == period_of(kind, before.last)
        day += timedelta(days=1)


def test_free_dates_are_compared_with_as_many_days_before() -> None:
    found = Period("free", date(2026, 3, 5), date(2026, 3, 14))
    assert found.days == 10
    assert found.previous() == Period("free", date(2026, 2, 23), date(2026, 3, 4))
    assert [one.days for one in found.back(3)] == [10, 10, 10]


def test_a_period_runs_forward() -> None:
    with pytest.raises(ValueError, match="ends before"):
        Period("free", date(2026, 3, 5), date(2026, 3, 4))


def test_every_kind_of_object_is_an_area_a_unit_or_a_post() -> None:
    others = {ObjectKind.UNIT, ObjectKind.COMPANY}
    assert {*AREAS, *POSTS} | others == set(ObjectKind)
