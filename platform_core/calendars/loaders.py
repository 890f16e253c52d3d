"""Seed of the national work calendar."""

from collections.abc import Iterator
from datetime import date

import holidays

from .enums import DayKind
from .models import CalendarDay, WorkCalendar, WorkSessions
from .selectors import snapshot

CODE = "china"
YEARS = range(2019, 2028)
PUBLISHED_UNTIL = 2026
BEGIN = date(2000, 1, 1)
SPANS = [["08:30", "12:00"], ["14:00", "18:00"]]
NOT_PUBLISHED = "调休安排尚未公布，公布后请更正"
SOURCE = "国务院办公厅放假通知"
FIELDS = ["kind", "name", "note"]


def load_calendar() -> int:
    """Create the default calendar and its days; corrections by people stay."""
    calendar, _ = WorkCalendar.objects.get_or_create(
        code=CODE, defaults={"name": "全国法定工作日历", "is_default": True}
    )
    if not calendar.sessions.exists():
        WorkSessions.objects.create(calendar=calendar, valid_from=BEGIN, spans=SPANS)
    present = {day.date: day for day in calendar.days.all()}
    wanted = {day.date: day for day in _seed(calendar)}
    stale = [
        day.pk
        for day in present.values()
        if day.date not in wanted and not day.is_corrected
    ]
    calendar.days.filter(pk__in=stale).delete()
    changed = [
        day
        for day in wanted.values()
        if day.date not in present or not present[day.date].is_corrected
    ]
    CalendarDay.objects.bulk_create(
        changed,
        update_conflicts=True,
        unique_fields=["calendar", "date"],
        update_fields=FIELDS,
    )
    snapshot.renew()
    return len(wanted)


def _seed(calendar: WorkCalendar) -> Iterator[CalendarDay]:
    china = holidays.country_holidays("CN", years=YEARS, language="zh_CN")
    for day, name in sorted(china.items()):
        if day.year in YEARS:
            yield _day(calendar, day, DayKind.HOLIDAY, name)
    for day in sorted(china.weekend_workdays):
        if day.year in YEARS:
            yield _day(calendar, day, DayKind.MAKE_UP, "调休上班")


def _day(calendar: WorkCalendar, day: date, kind: DayKind, name: str) -> CalendarDay:
    note = SOURCE if day.year <= PUBLISHED_UNTIL else NOT_PUBLISHED
    return CalendarDay(calendar=calendar, date=day, kind=kind, name=name, note=note)
