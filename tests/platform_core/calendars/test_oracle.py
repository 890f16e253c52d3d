"""Deadlines against the minute-by-minute oracle, 2019–2026.

CALENDAR_CASES=100000 runs the long version.
"""

import os
import random
from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from platform_core.calendars import services
from platform_core.calendars.selectors import schedule

from . import oracle

CASES = int(os.environ.get("CALENDAR_CASES", "10000"))
AMOUNTS = {
    "work_hour": (1, 40),
    "work_day": (1, 20),
    "hour": (1, 100),
    "urgent_hour": (1, 48),
    "day": (1, 15),
    "urgent_day": (1, 7),
}
# Moments where mistakes hide: edges of sessions, lunch, midnight.
EDGES = (0, 510, 509, 719, 720, 780, 839, 840, 1079, 1080, 1439)
SPAN = int((datetime(2026, 8, 1) - oracle.BEGIN).total_seconds() // 60)
SPECIAL = sorted({*oracle.off_days(), *oracle.made_up_days()})
LAST_START = datetime(2026, 8, 1)
pytestmark = pytest.mark.django_db


def some_start(chance):
    """Any minute, or one close to a holiday or a make-up day."""
    if chance.random() < 0.5:
        return oracle.BEGIN + timedelta(minutes=chance.randrange(SPAN))
    near = chance.choice(SPECIAL) + timedelta(days=chance.randint(-2, 1))
    minute = chance.choice(EDGES) if chance.random() < 0.5 else chance.randrange(1440)
    moment = near + timedelta(minutes=minute)
    return min(max(moment, oracle.BEGIN), LAST_START)


def some_pauses(chance, start):
    """None to three, perhaps overlapping, before the start or empty."""
    pauses = []
    for _ in range(chance.choice((0, 0, 1, 1, 2, 3))):
        begin = start + timedelta(minutes=chance.randint(-2000, 8000))
        pauses.append((begin, begin + timedelta(minutes=chance.randint(0, 6000))))
    return pauses


def aware(moments):
    return [tuple(timezone.make_aware(moment) for moment in pair) for pair in moments]


def test_deadlines_equal_the_oracle(django_assert_num_queries):
    chance = random.Random(20260925)
    schedule()
    with django_assert_num_queries(0):
        for _ in range(CASES):
            start = some_start(chance)
            unit = chance.choice(sorted(AMOUNTS))
            value, pauses = chance.randint(*AMOUNTS[unit]), some_pauses(chance, start)
            found = services.deadline(
                timezone.make_aware(start), value, unit, pauses=aware(pauses)
            ).at
            expected = oracle.deadline(start, value, unit, pauses)
            assert timezone.make_naive(found) == expected, (start, value, unit, pauses)


def test_time_used_equals_the_oracle():
    chance = random.Random(20261001)
    for _ in range(CASES // 2):
        start = some_start(chance)
        end = start + timedelta(minutes=chance.randrange(30_000))
        unit, pauses = chance.choice(sorted(AMOUNTS)), some_pauses(chance, start)
        found = services.elapsed(*aware([(start, end)])[0], unit, pauses=aware(pauses))
        expected = oracle.elapsed(start, end, unit, pauses)
        assert found == pytest.approx(expected), (start, end, unit, pauses)


def test_every_day_of_the_calendar_is_the_notices_day():
    known, off = schedule(), set(oracle.off_days())
    made_up = set(oracle.made_up_days())
    day = oracle.BEGIN
    while day < oracle.END:
        works = day in made_up or (day.weekday() < 5 and day not in off)
        assert known.works(day.date()) == works, day
        day += timedelta(days=1)
