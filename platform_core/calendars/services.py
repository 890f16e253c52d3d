"""Deadlines by the work calendar, and corrections of the calendar."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from platform_core.audit import services as audit
from platform_core.common.clock import now
from platform_core.common.errors import DomainError

from . import worktime
from .deadlines import DAY_UNITS, WORK_UNITS, Deadline
from .enums import DayKind, Unit
from .models import CalendarDay, WorkCalendar, WorkSessions
from .selectors import schedule, snapshot
from .worktime import Schedule, Span

Pause = tuple[datetime, datetime | None]


def deadline(
    start: datetime,
    value: float,
    unit: str,
    *,
    pauses: Iterable[Pause] = (),
    calendar: str | None = None,
) -> Deadline:
    """The moment by which a limit is used up; an open pause lasts until now."""
    known = schedule(calendar)
    begin, stopped = _local(start), _closed(pauses)
    amount = value * _one(Unit(unit), known, begin.date())
    end = worktime.add(_spans(Unit(unit), known, begin, stopped), begin, amount)
    return Deadline(
        at=timezone.make_aware(end),
        start=start,
        value=value,
        unit=unit,
        pauses=tuple(stopped),
        schedule=known,
    )


def elapsed(
    start: datetime,
    end: datetime,
    unit: str,
    *,
    pauses: Iterable[Pause] = (),
    calendar: str | None = None,
) -> float:
    """How much of a unit passed between two moments, without the pauses."""
    known = schedule(calendar)
    begin = _local(start)
    spans = _spans(Unit(unit), known, begin, _closed(pauses))
    passed = worktime.within(spans, _local(end))
    return passed / _one(Unit(unit), known, begin.date())


def light(
    start: datetime,
    deadline: datetime | None,
    now: datetime,
    *,
    yellow_share: float = 0.5,
) -> str:
    """The light of a deadline: green, yellow, red, or none without a deadline."""
    return worktime.light(start, deadline, now, yellow_share=yellow_share)


def _one(unit: Unit, known: Schedule, day: date) -> timedelta:
    if unit == Unit.WORK_DAY:
        return known.day_length(day)
    return timedelta(days=1) if unit in DAY_UNITS else timedelta(hours=1)


def _spans(
    unit: Unit, known: Schedule, start: datetime, pauses: Sequence[Span]
) -> Iterator[Span]:
    spans = (
        known.working_spans(start) if unit in WORK_UNITS else worktime.running(start)
    )
    return worktime.without(spans, pauses)


def _local(moment: datetime) -> datetime:
    return timezone.localtime(moment).replace(tzinfo=None)


def _closed(pauses: Iterable[Pause]) -> list[Span]:
    return worktime.merged(
        (_local(begin), _local(end or now())) for begin, end in pauses
    )


@transaction.atomic
def set_day(
    *, calendar: WorkCalendar, date: date, kind: str, name: str = "", by: audit.Actor
) -> CalendarDay:
    """Correct what a day is; the loader leaves corrected days alone."""
    if kind not in DayKind.values:
        raise DomainError(
            _("Unknown kind of day."), fields={"kind": [_("Unknown kind of day.")]}
        )
    day, _created = CalendarDay.objects.update_or_create(
        calendar=calendar,
        date=date,
        defaults={
            "kind": kind,
            "name": name,
            "note": "",
            "is_corrected": True,
            "corrected_by": str(by or ""),
            "updated_at": now(),
        },
    )
    snapshot.renew()
    audit.record(
        "calendar.day_set",
        day,
        by=by,
        data={"date": date.isoformat(), "kind": kind, "name": name},
    )
    return day


@transaction.atomic
def set_sessions(
    *,
    calendar: WorkCalendar,
    spans: Sequence[Sequence[str]],
    valid_from: date,
    by: audit.Actor,
) -> WorkSessions:
    """Set the working spans from a date on, such as a season's hours."""
    checked = _checked_spans(spans)
    row, _created = WorkSessions.objects.update_or_create(
        calendar=calendar, valid_from=valid_from, defaults={"spans": checked}
    )
    snapshot.renew()
    audit.record(
        "calendar.sessions_set",
        row,
        by=by,
        data={"valid_from": valid_from.isoformat(), "spans": checked},
    )
    return row


def _checked_spans(spans: Sequence[Sequence[str]]) -> list[list[str]]:
    """Spans as HH:MM in order, none empty, none overlapping."""
    try:
        moments = [time.fromisoformat(text) for span in spans for text in span]
        paired = all(len(span) == 2 for span in spans)
    except ValueError:
        moments, paired = [], False
    rising = all(a < b for a, b in zip(moments[::2], moments[1::2], strict=False))
    if not (moments and paired and rising and moments == sorted(moments)):
        text = _("Give spans such as 08:30–12:00 in order, without overlap.")
        raise DomainError(text, fields={"spans": [text]})
    texts = [f"{moment:%H:%M}" for moment in moments]
    return [list(pair) for pair in zip(texts[::2], texts[1::2], strict=True)]
