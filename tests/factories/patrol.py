"""Shifts, rosters, and inspectors who walk."""

from datetime import date, datetime, time, timedelta

from django.utils import timezone

from municipal.command.patrol.models import Attendance, RosterEntry, Shift
from municipal.command.patrol.services import attendance, tracks
from municipal.command.patrol.services.common import Place
from platform_core.accounts.models import User

from .command import LAT, LON, STEP

DAY = date(2026, 9, 15)  # a Tuesday
INSIDE = Place(LON + STEP / 2, LAT + STEP / 2, 10)
OUTSIDE = Place(LON + STEP * 10, LAT + STEP / 2, 10)


def at(text: str, day: date = DAY) -> datetime:
    """A moment of the day, such as "08:30" or "08:30:15"."""
    return timezone.make_aware(datetime.combine(day, time.fromisoformat(text)))


def shift(name: str = "白班", begins: str = "08:00", ends: str = "16:00") -> Shift:
    """A shift by name, made once."""
    hours = {"begins": time.fromisoformat(begins), "ends": time.fromisoformat(ends)}
    return Shift.objects.get_or_create(name=name, defaults=hours)[0]


def planned(person: User, day: date = DAY, **given) -> RosterEntry:
    """An entry of the roster for the day shift."""
    hours = given.pop("shift", None) or shift()
    begin, end = hours.span(day)
    return RosterEntry.objects.create(
        person=person, day=day, shift=hours, begins_at=begin, ends_at=end, **given
    )


def on_duty(person: User, moment: datetime, place: Place | None = INSIDE) -> Attendance:
    """Somebody who has clocked in."""
    return attendance.clock_in(by=person, at=moment, place=place)


def walk(start: datetime, steps: list[tuple[int, Place]]) -> list:
    """Positions by the minute after a start: (how many minutes, where)."""
    found, moment = [], start
    for minutes, place in steps:
        for number in range(minutes):
            # a few metres to and fro, so that nobody counts as idle by accident
            lon = place.lon + (number % 2) * 0.0009
            found.append((moment, Place(lon, place.lat, place.accuracy)))
            moment += timedelta(minutes=1)
    return found


def send(person: User, points: list) -> int:
    """Have the platform take positions in."""
    return tracks.add(by=person, points=points)
