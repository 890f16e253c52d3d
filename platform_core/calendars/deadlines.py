"""A deadline and the sentence that derives it for people."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import groupby

from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, ngettext_lazy, pgettext

from .enums import Unit
from .worktime import ONE_DAY, Schedule, Span, total

WORK_UNITS = frozenset({Unit.WORK_HOUR, Unit.WORK_DAY})
SHORT_UNITS = frozenset({Unit.HOUR, Unit.URGENT_HOUR})
DAY_UNITS = frozenset({Unit.WORK_DAY, Unit.URGENT_DAY, Unit.DAY})
AMOUNTS: Mapping[str, object] = {
    Unit.URGENT_HOUR: ngettext_lazy(
        "%(value)s urgent hour", "%(value)s urgent hours", "count"
    ),
    Unit.URGENT_DAY: ngettext_lazy(
        "%(value)s urgent day", "%(value)s urgent days", "count"
    ),
    Unit.WORK_HOUR: ngettext_lazy(
        "%(value)s work hour", "%(value)s work hours", "count"
    ),
    Unit.WORK_DAY: ngettext_lazy("%(value)s work day", "%(value)s work days", "count"),
    Unit.HOUR: ngettext_lazy("%(value)s hour", "%(value)s hours", "count"),
    Unit.DAY: ngettext_lazy("%(value)s day", "%(value)s days", "count"),
}


@dataclass(frozen=True)
class Deadline:
    """The end of a time limit, with what it was counted from."""

    at: datetime
    start: datetime
    value: float
    unit: str
    pauses: tuple[Span, ...]
    schedule: Schedule = field(repr=False, compare=False)

    def explain(self) -> str:
        """How the deadline comes about, in the reader's language."""
        start = _local(self.start)
        head = _("%(amount)s from %(time)s on %(weekday)s %(date)s") % {
            "amount": amount_text(self.value, self.unit),
            "time": f"{start:%H:%M}",
            "weekday": WEEKDAYS[start.weekday()],
            "date": f"{start:%Y-%m-%d}",
        }
        comma = pgettext("between clauses", ", ")
        return comma.join([head, *self._skipped(), *self._paused()])

    def _skipped(self) -> Iterator[str]:
        if self.unit in WORK_UNITS:
            first, last = (_local(moment).date() for moment in (self.start, self.at))
            yield from skipped_days(self.schedule, first, last)

    def _paused(self) -> Iterator[str]:
        start, end = _local(self.start), _local(self.at)
        inside = [(max(begin, start), min(to, end)) for begin, to in self.pauses]
        paused = total(span for span in inside if span[0] < span[1])
        if paused:
            yield _("paused for %(duration)s") % {"duration": duration_text(paused)}


def _local(moment: datetime) -> datetime:
    return timezone.localtime(moment).replace(tzinfo=None)


def amount_text(value: float, unit: str) -> str:
    """A limit in words, such as "8 work hours"; less than an hour in minutes."""
    if unit in SHORT_UNITS and value < 1:
        minutes = round(value * 60)
        return ngettext("%(value)s minute", "%(value)s minutes", minutes) % {
            "value": minutes
        }
    count = 1 if value == 1 else 2
    text = AMOUNTS[unit] % {"value": f"{value:g}", "count": count}  # type: ignore[operator]
    return str(text)


def duration_text(duration: timedelta) -> str:
    """A length of time in days, hours and minutes."""
    minutes = int(duration.total_seconds()) // 60
    days, hours, minutes = minutes // 1440, minutes // 60 % 24, minutes % 60
    parts = [
        (days, _("%d d")),
        (hours, _("%d h")),
        (minutes, _("%d min")),
    ]
    return (
        " ".join(form % number for number, form in parts if number) or _("%d min") % 0
    )


def skipped_days(schedule: Schedule, first: date, last: date) -> Iterator[str]:
    """What of the days between did not count, and what did against the week."""
    days = [first + ONE_DAY * n for n in range((last - first).days + 1)]
    weekends = False
    for works, group in groupby(days, key=schedule.works):
        run = list(group)
        names = [schedule.days[day].name for day in run if day in schedule.days]
        if works:
            yield from (
                _("make-up workday %s counted") % f"{day:%m-%d}"
                for day in run
                if day.weekday() >= 5
            )
        elif names:
            yield _("holiday %(range)s skipped") % {
                "name": names[0],
                "range": _range(run),
            }
        else:
            weekends = True
    if weekends:
        yield _("weekends skipped")


def _range(days: Iterable[date]) -> str:
    first, *rest = days
    return f"{first:%m-%d}…{rest[-1]:%m-%d}" if rest else f"{first:%m-%d}"
