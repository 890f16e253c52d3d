"""Periods as the exchange writes them: 2026, 2026-Q4, 2026-11, 2026-W47, …"""

import re
from datetime import date, datetime, timedelta

from .enums import Grain

PATTERN = (
    r"^\d{4}(-Q[1-4]|-W(0[1-9]|[1-4]\d|5[0-3])"
    r"|-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01])(T([01]\d|2[0-3]))?)?)?$"
)
_SHAPE = re.compile(PATTERN)
_LENGTHS = {4: Grain.YEAR, 10: Grain.DAY, 13: Grain.HOUR}


def grain(period: str) -> Grain:
    """The length of a period; ValueError for a text that names none."""
    if not _SHAPE.fullmatch(period):
        raise ValueError(period)
    if "Q" in period:
        return Grain.QUARTER
    if "W" in period:
        date.fromisocalendar(int(period[:4]), int(period[6:]), 1)
        return Grain.WEEK
    found = _LENGTHS.get(len(period), Grain.MONTH)
    if found in {Grain.DAY, Grain.HOUR}:
        datetime.strptime(period[:10], "%Y-%m-%d")  # noqa: DTZ007
    return found


def day(value: date) -> str:
    """The period of one day."""
    return value.isoformat()


def month(value: date) -> str:
    """The period of the month a day lies in."""
    return value.isoformat()[:7]


def year(value: date) -> str:
    """The period of the year a day lies in."""
    return value.isoformat()[:4]


def enclosing(period: str) -> tuple[str, ...]:
    """A day with its month and year; any other period stands alone."""
    if len(period) == 10:
        return (period, period[:7], period[:4])
    return (period,)


def days(first: date, last: date) -> list[str]:
    """The days from `first` to `last`, both included."""
    count = (last - first).days + 1
    return [day(first + timedelta(days=step)) for step in range(count)]


def months(first: date, last: date) -> list[str]:
    """The months touched by the days from `first` to `last`."""
    return sorted({text[:7] for text in days(first, last)})


def years(first: date, last: date) -> list[str]:
    """The years touched by the days from `first` to `last`."""
    return [f"{number:04d}" for number in range(first.year, last.year + 1)]


def spell(first: date, last: date, length: str) -> list[str]:
    """The periods of one length that cover the days from `first` to `last`."""
    make = {Grain.MONTH: months, Grain.YEAR: years}
    return make.get(Grain(length), days)(first, last)
