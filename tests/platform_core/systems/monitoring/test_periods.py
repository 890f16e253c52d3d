"""Periods as the exchange writes them."""

from datetime import date

import pytest

from platform_core.systems.monitoring import periods


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("2026", "year"),
        ("2026-Q4", "quarter"),
        ("2026-11", "month"),
        ("2026-W47", "week"),
        ("2026-11-20", "day"),
        ("2026-11-20T14", "hour"),
    ],
)
def test_knows_the_length_of_a_period(text, length):
    assert periods.grain(text) == length


@pytest.mark.parametrize(
    "text",
    [
        "",
        "26",
        "2026-13",
        "2026-Q5",
        "2026-W54",
        "2026-02-30",
        "2026-11-20T24",
        "2026-11-20 14",
        "2026-11-20\n",
        "2025-W53",
    ],
)
def test_refuses_what_is_no_period(text):
    with pytest.raises(ValueError):  # noqa: PT011
        periods.grain(text)


def test_a_day_lies_in_its_month_and_year():
    assert periods.enclosing("2026-11-20") == ("2026-11-20", "2026-11", "2026")
    assert periods.enclosing("2026-W47") == ("2026-W47",)


def test_days_and_months_cross_the_end_of_a_year():
    first, last = date(2025, 12, 31), date(2026, 1, 2)
    assert periods.days(first, last) == ["2025-12-31", "2026-01-01", "2026-01-02"]
    assert periods.spell(first, last, "month") == ["2025-12", "2026-01"]
    assert periods.spell(first, last, "year") == ["2025", "2026"]
