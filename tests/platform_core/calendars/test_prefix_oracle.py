"""A hundred thousand deadlines to the second, 2019–2026, seasons and pauses too."""

import random
from datetime import date, datetime, timedelta

import numpy as np
import pytest
from django.utils import timezone

from platform_core.calendars import services
from platform_core.calendars.enums import Unit
from platform_core.calendars.models import CalendarDay, WorkCalendar, WorkSessions
from platform_core.calendars.selectors import schedule

from .prefix import BEGIN, Table, seconds

CASES = {"china": 70_000, "seasons": 35_000}
MOST = {
    "work_hour": 40,
    "work_day": 15,
    "hour": 100,
    "urgent_hour": 48,
    "day": 15,
    "urgent_day": 7,
}
FIRST, LAST = datetime(2019, 1, 1), datetime(2026, 12, 31)
SPAN = int((LAST - FIRST).total_seconds())
EDGES = (0, 30_600, 43_199, 43_200, 50_400, 50_399, 64_800, 64_799, 86_399)
SUMMER = [["08:00", "11:30"], ["15:00", "18:30"]]
WINTER = [["09:00", "12:00"], ["13:30", "17:00"]]
pytestmark = pytest.mark.django_db


@pytest.fixture
def seasons():
    """The national days with hours of summer and winter."""
    calendar = WorkCalendar.objects.create(code="seasons", name="冬夏时令")
    national = CalendarDay.objects.filter(calendar__code="china")
    CalendarDay.objects.bulk_create(
        CalendarDay(calendar=calendar, date=day.date, kind=day.kind, name=day.name)
        for day in national
    )
    for year in range(2018, 2028):
        for month, spans in ((5, SUMMER), (10, WINTER)):
            WorkSessions.objects.create(
                calendar=calendar, valid_from=date(year, month, 1), spans=spans
            )
    return calendar


def table(code):
    """The table of a calendar, from its rows."""
    days = CalendarDay.objects.filter(calendar__code=code)
    sessions = WorkSessions.objects.filter(calendar__code=code)
    return Table(
        dict(days.values_list("date", "kind")),
        list(sessions.values_list("valid_from", "spans")),
    )


def some_start(chance):
    moment = FIRST + timedelta(seconds=chance.randrange(SPAN))
    if chance.random() < 0.3:
        moment = moment.replace(hour=0, minute=0, second=0)
        moment += timedelta(seconds=chance.choice(EDGES))
    return moment


def some_pauses(chance, start):
    """None to three, perhaps overlapping, before the start or empty."""
    for _ in range(chance.choice((0, 0, 1, 2, 3))):
        begin = start + timedelta(seconds=chance.randint(-100_000, 900_000))
        yield begin, begin + timedelta(seconds=chance.randint(0, 900_000))


def some_case(chance):
    start, unit = some_start(chance), chance.choice(sorted(MOST))
    value = chance.choice((0.25, 0.5, 0.8, 1, 1.25, *range(1, MOST[unit] + 1)))
    return start, unit, value, list(some_pauses(chance, start))


def expected_of(known, cases):
    """The oracle's deadlines of all cases at once."""
    pauses = np.zeros((len(cases), 3, 2), dtype=np.int64)
    for row, (*_case, stopped) in enumerate(cases):
        for column, pair in enumerate(stopped):
            pauses[row, column] = [seconds(moment) for moment in pair]
    found = known.deadlines(
        np.array([seconds(start) for start, *_rest in cases]),
        np.array([round(value * known.one(unit, at)) for at, unit, value, _ in cases]),
        np.array([unit.startswith("work") for _at, unit, *_rest in cases]),
        pauses,
    )
    return [BEGIN + timedelta(seconds=int(one)) for one in found]


def aware(moment):
    return timezone.make_aware(moment)


@pytest.mark.parametrize("code", CASES)
def test_deadlines_equal_the_table_of_working_seconds(seasons, code):
    chance = random.Random(f"20261122{code}")
    cases = [some_case(chance) for _ in range(CASES[code])]
    assert {unit for _, unit, *_rest in cases} == set(Unit.values)
    schedule(code)
    for case, expected in zip(cases, expected_of(table(code), cases), strict=True):
        start, unit, value, stopped = case
        pauses = [(aware(begin), aware(end)) for begin, end in stopped]
        found = services.deadline(
            aware(start), value, unit, pauses=pauses, calendar=code
        )
        assert timezone.make_naive(found.at) == expected, case


def test_time_used_equals_the_table_of_working_seconds(seasons):
    chance, known = random.Random(20261123), table("china")
    for _ in range(3000):
        start, unit, _value, stopped = some_case(chance)
        end = start + timedelta(seconds=chance.randrange(3_000_000))
        pauses = np.zeros((1, 3, 2), dtype=np.int64)
        for column, pair in enumerate(stopped):
            pauses[0, column] = [seconds(moment) for moment in pair]
        ends = [np.array([seconds(one)]) for one in (start, end)]
        counted = known.counted(*ends, np.array([unit.startswith("work")]), pauses)
        found = services.elapsed(
            aware(start),
            aware(end),
            unit,
            pauses=[(aware(begin), aware(to)) for begin, to in stopped],
        )
        assert found == pytest.approx(counted[0] / known.one(unit, start))
