"""Shifts and the roster: plan, take out, fill a period, copy a week."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from municipal.command.models import DutyGrid
from municipal.command.patrol.enums import LeaveState
from municipal.command.patrol.models import Leave, RosterEntry, Shift
from platform_core.accounts.models import User
from platform_core.audit import services as audit
from platform_core.calendars.selectors import schedule
from platform_core.common import clock
from platform_core.common.errors import Conflict, DomainError

from .common import inspectors, require

WEEK = timedelta(days=7)
DAY = timedelta(days=1)
MOST_DAYS = 62


@dataclass
class Outcome:
    """What came of planning many days: how many, and why others were not."""

    made: int = 0
    on_leave: int = 0
    known: int = 0
    rest_days: int = 0
    entries: list[RosterEntry] = field(default_factory=list)


@transaction.atomic
def save_shift(*, shift: Shift, by: User) -> Shift:
    """Keep a shift; what is planned already keeps its hours."""
    require(by, "patrol.manage_team")
    if shift.begins == shift.ends:
        text = _("A shift ends at another time than it begins.")
        raise DomainError(text, fields={"ends": text})
    shift.touch()
    shift.save()
    data = {"begins": shift.begins, "ends": shift.ends, "active": shift.is_active}
    audit.record("roster.shift_saved", shift, by=by, data=data)
    return shift


@transaction.atomic
def plan(
    *,
    person: User,
    day: date,
    shift: Shift,
    by: User,
    duty_grid: DutyGrid | None = None,
) -> RosterEntry:
    """Plan somebody for a shift; refused on leave and where shifts overlap."""
    require(by, "patrol.manage_team")
    if not inspectors([person.pk]).exists():
        raise DomainError(_("This person is no inspector."))
    if on_leave(person, day):
        text = _("%(person)s is on leave that day.") % {"person": person}
        raise Conflict(text, code="on_leave", fields={"day": text})
    entry = _entry(person.pk, day, shift, duty_grid.pk if duty_grid else None)
    others = RosterEntry.objects.filter(
        person=person, begins_at__lt=entry.ends_at, ends_at__gt=entry.begins_at
    )
    if others.exists():
        text = _("%(person)s has a shift at that time already.") % {"person": person}
        raise Conflict(text, code="planned", fields={"shift": text})
    entry.save()
    data = {"day": day, "shift": str(shift), "grid": entry.duty_grid_id}
    audit.record("roster.planned", entry, by=by, data=data)
    return entry


def _entry(person: int, day: date, shift: Shift, duty_grid: int | None) -> RosterEntry:
    begin, end = shift.span(day)
    return RosterEntry(
        person_id=person,
        day=day,
        shift=shift,
        duty_grid_id=duty_grid,
        begins_at=begin,
        ends_at=end,
    )


@transaction.atomic
def remove(*, entry: RosterEntry, by: User) -> None:
    """Take an entry out, as long as nobody came for it."""
    require(by, "patrol.manage_team")
    if hasattr(entry, "attendance"):
        raise Conflict(_("There is attendance for this entry already."))
    audit.record("roster.removed", entry, by=by, data={"day": entry.day})
    entry.delete()


def on_leave(person: User, day: date) -> bool:
    """Whether approved leave covers a day."""
    return Leave.objects.filter(
        person=person, state=LeaveState.APPROVED, from_day__lte=day, to_day__gte=day
    ).exists()


def leave_days(people: Iterable[int], first: date, last: date) -> set[tuple[int, date]]:
    """The days of approved leave of some people, in one query."""
    rows = Leave.objects.filter(
        person__in=list(people),
        state=LeaveState.APPROVED,
        from_day__lte=last,
        to_day__gte=first,
    ).values_list("person", "from_day", "to_day")
    return {
        (person, day)
        for person, begin, end in rows
        for day in days(max(begin, first), min(end, last))
    }


def days(first: date, last: date) -> list[date]:
    """The days from one to another."""
    return [first + DAY * number for number in range((last - first).days + 1)]


@transaction.atomic
def fill(
    *,
    people: Iterable[User],
    shift: Shift,
    first: date,
    last: date,
    by: User,
    duty_grid: DutyGrid | None = None,
) -> Outcome:
    """Plan people for each day of a period; a workday shift goes by the calendar."""
    require(by, "patrol.manage_team")
    if last < first or (last - first).days > MOST_DAYS:
        text = _("Give a period of at most %(most)s days.") % {"most": MOST_DAYS}
        raise DomainError(text, fields={"last": text})
    keys = [person.pk for person in people]
    grid = duty_grid.pk if duty_grid else None
    wanted = [(key, day, shift, grid) for key in keys for day in days(first, last)]
    found = _store(wanted)
    data = {**_figures(found), "shift": str(shift), "from": first, "to": last}
    audit.record("roster.filled", shift, by=by, data=data)
    return found


@transaction.atomic
def copy_week(*, source: date, target: date, by: User) -> Outcome:
    """Plan the week of a day like that of another; make-up days like its last workday.

    What is planned there already stays; leave and days off are left out.
    """
    require(by, "patrol.manage_team")
    start, begin = monday(source), monday(target)
    if start == begin:
        raise DomainError(_("These are the same week."))
    by_day: dict[date, list[RosterEntry]] = {}
    rows = RosterEntry.objects.filter(day__gte=start, day__lt=start + WEEK)
    for row in rows.select_related("shift"):
        by_day.setdefault(row.day, []).append(row)
    wanted = [
        (row.person_id, begin + DAY * number, row.shift, row.duty_grid_id)
        for number in range(7)
        for row in by_day.get(_model_day(start, begin + DAY * number, by_day), [])
    ]
    found = _store(wanted)
    data = {**_figures(found), "from": start, "to": begin}
    audit.record("roster.week_copied", by=by, data=data)
    return found


def monday(day: date) -> date:
    """The first day of a week."""
    return day - DAY * day.weekday()


def _model_day(start: date, day: date, planned: Iterable[date]) -> date:
    """The day of the source week that a day is planned like."""
    known = schedule()
    same = start + DAY * day.weekday()
    if known.works(day) and not known.works(same):
        return max((one for one in planned if known.works(one)), default=same)
    return same


def _store(wanted: list[tuple[int, date, Shift, int | None]]) -> Outcome:
    """Make the entries that neither leave, the calendar nor others forbid."""
    found, known = Outcome(), schedule()
    if not wanted:
        return found
    first, last = min(row[1] for row in wanted), max(row[1] for row in wanted)
    people = {row[0] for row in wanted}
    away = leave_days(people, first, last)
    taken: dict[int, list[Any]] = {}
    rows = RosterEntry.objects.filter(
        person__in=people, day__gte=first - DAY, day__lte=last + DAY
    )
    for person, begin, end in rows.values_list("person", "begins_at", "ends_at"):
        taken.setdefault(person, []).append((begin, end))
    for person, day, shift, grid in wanted:
        entry = _entry(person, day, shift, grid)
        spans = taken.setdefault(person, [])
        if shift.workdays_only and not known.works(day):
            found.rest_days += 1
        elif (person, day) in away:
            found.on_leave += 1
        elif any(a < entry.ends_at and entry.begins_at < b for a, b in spans):
            found.known += 1
        else:
            spans.append((entry.begins_at, entry.ends_at))
            found.entries.append(entry)
    RosterEntry.objects.bulk_create(found.entries)
    found.made = len(found.entries)
    return found


def _figures(found: Outcome) -> dict[str, int]:
    return {
        "made": found.made,
        "on_leave": found.on_leave,
        "planned_already": found.known,
        "rest_days": found.rest_days,
    }


def this_week() -> date:
    """The Monday of this week."""
    return monday(clock.today())
