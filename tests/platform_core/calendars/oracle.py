"""A slow, independent answer: every minute of 2019–2026 marked work or not.

The make-up days are typed from the State Council's notices; days off come from
the same notices as ranges. Nothing of the product is used here.
"""

from datetime import datetime, timedelta

import numpy as np

# Year: (days off as first–last, make-up workdays), month and day.
NOTICES = {
    2019: (
        "1.1-1.1 2.4-2.10 4.5-4.7 5.1-5.4 6.7-6.9 9.13-9.15 10.1-10.7",
        "2.2 2.3 4.28 5.5 9.29 10.12",
    ),
    2020: (
        "1.1-1.1 1.24-2.2 4.4-4.6 5.1-5.5 6.25-6.27 10.1-10.8",
        "1.19 4.26 5.9 6.28 9.27 10.10",
    ),
    2021: (
        "1.1-1.3 2.11-2.17 4.3-4.5 5.1-5.5 6.12-6.14 9.19-9.21 10.1-10.7",
        "2.7 2.20 4.25 5.8 9.18 9.26 10.9",
    ),
    2022: (
        "1.1-1.3 1.31-2.6 4.3-4.5 4.30-5.4 6.3-6.5 9.10-9.12 10.1-10.7",
        "1.29 1.30 4.2 4.24 5.7 10.8 10.9",
    ),
    2023: (
        "1.1-1.2 1.21-1.27 4.5-4.5 4.29-5.3 6.22-6.24 9.29-10.6 12.30-12.31",
        "1.28 1.29 4.23 5.6 6.25 10.7 10.8",
    ),
    2024: (
        "1.1-1.1 2.10-2.17 4.4-4.6 5.1-5.5 6.8-6.10 9.15-9.17 10.1-10.7",
        "2.4 2.18 4.7 4.28 5.11 9.14 9.29 10.12",
    ),
    2025: (
        "1.1-1.1 1.28-2.4 4.4-4.6 5.1-5.5 5.31-6.2 10.1-10.8",
        "1.26 2.8 4.27 9.28 10.11",
    ),
    2026: (
        "1.1-1.3 2.15-2.23 4.4-4.6 5.1-5.5 6.19-6.21 9.25-9.27 10.1-10.7",
        "1.4 2.14 2.28 5.9 9.20 10.10",
    ),
}
BEGIN, END = datetime(2019, 1, 1), datetime(2027, 1, 1)
MINUTE = timedelta(minutes=1)
DAY_MINUTES = 1440


def off_days():
    for year, (ranges, _) in NOTICES.items():
        for text in ranges.split():
            first, last = (day_of(year, part) for part in text.split("-"))
            while first <= last:
                yield first
                first += timedelta(days=1)


def made_up_days():
    for year, (_, days) in NOTICES.items():
        yield from (day_of(year, text) for text in days.split())


def day_of(year, text):
    month, day = text.split(".")
    return datetime(year, int(month), int(day))


def mark_minutes():
    """One byte per minute: is it worked?"""
    off, made_up = set(off_days()), set(made_up_days())
    minutes = np.zeros(int((END - BEGIN) / MINUTE), dtype=bool)
    day = BEGIN
    while day < END:
        if day in made_up or (day.weekday() < 5 and day not in off):
            at = int((day - BEGIN) / MINUTE)
            minutes[at + 8 * 60 + 30 : at + 12 * 60] = True
            minutes[at + 14 * 60 : at + 18 * 60] = True
        day += timedelta(days=1)
    return minutes


WORKED = mark_minutes()
WORK_DAY_MINUTES = 450
SIZES = {
    "work_hour": 60,
    "work_day": WORK_DAY_MINUTES,
    "hour": 60,
    "urgent_hour": 60,
    "day": DAY_MINUTES,
    "urgent_day": DAY_MINUTES,
}


def counting(start, end, unit, pauses):
    """The minutes from start to end that count, pauses taken out one by one."""
    a, b = (int((moment - BEGIN) / MINUTE) for moment in (start, end))
    counted = WORKED[a:b].copy() if unit.startswith("work") else np.ones(b - a, bool)
    for begin, finish in pauses:
        left, right = (int((moment - start) / MINUTE) for moment in (begin, finish))
        counted[max(left, 0) : max(right, 0)] = False
    return counted


def deadline(start, value, unit, pauses):
    """Step through the minutes until the amount has been counted."""
    wanted = value * SIZES[unit]
    days = 40
    while True:
        end = min(start + timedelta(days=days), END)
        passed = np.cumsum(counting(start, end, unit, pauses))
        if passed[-1] >= wanted:
            return start + (int(np.searchsorted(passed, wanted)) + 1) * MINUTE
        assert end < END, "the case runs out of the oracle's years"
        days *= 2


def elapsed(start, end, unit, pauses):
    return counting(start, end, unit, pauses).sum() / SIZES[unit]
