"""Reads of the centre's duty: who is on duty, the month, what is handed over."""

import calendar
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db.models import QuerySet

from municipal.command.centre.desk_enums import DayRule, ItemState
from municipal.command.centre.models import DeskDuty, DeskShift, HandoverItem
from platform_core.accounts.models import User
from platform_core.calendars.selectors import schedule
from platform_core.calendars.worktime import Schedule
from platform_core.common import clock

DAY = timedelta(days=1)


def on_duty(at: datetime | None = None) -> QuerySet[DeskDuty]:
    """The duties that run now or at a moment, each with its person and shift."""
    moment = at or clock.now()
    rows: QuerySet[DeskDuty] = DeskDuty.objects.filter(
        begins_at__lte=moment, ends_at__gt=moment, person__is_active=True
    )
    return rows.select_related("person__unit", "shift").order_by("post", "pk")


def next_on_duty(within: timedelta = timedelta(hours=14)) -> QuerySet[DeskDuty]:
    """The duties that begin soon."""
    now = clock.now()
    rows: QuerySet[DeskDuty] = DeskDuty.objects.filter(
        begins_at__gt=now, begins_at__lte=now + within
    )
    return rows.select_related("person__unit", "shift").order_by("begins_at", "pk")


def people_on_duty() -> list[User]:
    """Everybody who is on duty now, once."""
    found = {duty.person_id: duty.person for duty in on_duty()}
    return list(found.values())


def works_on(shift: DeskShift, day: date, known: Schedule) -> bool:
    """Whether a shift is worked on a day, by the holidays and make-up days."""
    if shift.days == DayRule.EVERY:
        return True
    return known.works(day) == (shift.days == DayRule.WORKDAYS)


@dataclass
class Slot:
    """One shift of one day with its people."""

    shift: DeskShift
    duties: list[DeskDuty] = field(default_factory=list)

    @property
    def missing(self) -> int:
        return max(0, self.shift.needed - len(self.duties))


@dataclass
class Day:
    """A day of the calendar."""

    day: date
    inside: bool
    works: bool
    name: str
    is_today: bool
    slots: list[Slot]


def month(first: date) -> list[list[Day]]:
    """The weeks of a month with everybody on duty; two queries."""
    weeks = calendar.Calendar().monthdatescalendar(first.year, first.month)
    known, shifts = schedule(), list(DeskShift.objects.all())
    rows = DeskDuty.objects.filter(day__range=(weeks[0][0], weeks[-1][-1]))
    by_slot: dict[tuple[date, int], list[DeskDuty]] = {}
    for row in rows.select_related("person").order_by("post", "pk"):
        by_slot.setdefault((row.day, row.shift_id), []).append(row)
    return [
        [_day(day, first.month, shifts, by_slot, known) for day in week]
        for week in weeks
    ]


def _day(
    day: date,
    month: int,
    shifts: Iterable[DeskShift],
    by_slot: dict[tuple[date, int], list[DeskDuty]],
    known: Schedule,
) -> Day:
    slots = []
    for shift in shifts:
        duties = by_slot.get((day, shift.pk), [])
        if duties or (shift.is_active and works_on(shift, day, known)):
            slots.append(Slot(shift, duties))
    note = known.days.get(day)
    return Day(
        day=day,
        inside=day.month == month,
        works=known.works(day),
        name=note.name if note else "",
        is_today=day == clock.today(),
        slots=slots,
    )


def open_items() -> QuerySet[HandoverItem]:
    """What was handed over and is still to be done, the oldest first."""
    rows: QuerySet[HandoverItem] = HandoverItem.objects.filter(state=ItemState.OPEN)
    return rows.select_related("handover__shift").order_by("since", "pk")


def duty_people() -> QuerySet[User]:
    """Who can be on duty at the centre: whose roles may write its log."""
    people: QuerySet[User] = User.objects.filter(
        is_active=True,
        groups__permissions__codename="write_desk",
        groups__permissions__content_type__app_label="centre",
    )
    return people.distinct().order_by("full_name")
