"""Periods of evaluation: week, month, quarter, year, free dates."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from django.utils.translation import gettext as _

from platform_core.common import clock

from .enums import PeriodKind

ONE_DAY = timedelta(days=1)
MONTHS = {PeriodKind.MONTH: 1, PeriodKind.QUARTER: 3, PeriodKind.YEAR: 12}


@dataclass(frozen=True)
class Period:
    """Days of the city from the first to the last one, both included."""

    kind: str
    first: date
    last: date

    def __post_init__(self) -> None:
        PeriodKind(self.kind)
        if self.first > self.last:
            raise ValueError("a period ends before it begins")

    def __str__(self) -> str:
        return self.label

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.last - self.first).days + 1

    @property
    def over(self) -> bool:
        """Whether its last day is over."""
        return self.last < clock.today()

    @cached_property
    def label(self) -> str:
        """The period in the words of the reader."""
        week = dict(zip(("year", "week"), self.first.isocalendar(), strict=False))
        named = {
            PeriodKind.WEEK: _("%(year)s, week %(week)s") % week,
            PeriodKind.MONTH: f"{self.first:%Y-%m}",
            PeriodKind.QUARTER: f"{self.first.year}-Q{(self.first.month + 2) // 3}",
            PeriodKind.YEAR: f"{self.first.year}",
        }
        plain = f"{self.first:%Y-%m-%d} – {self.last:%Y-%m-%d}"
        return named.get(PeriodKind(self.kind), plain)

    def previous(self) -> "Period":
        """The period before this one; as many days before free dates."""
        if self.kind == PeriodKind.FREE:
            before = self.first - ONE_DAY
            return Period(self.kind, before - ONE_DAY * (self.days - 1), before)
        return period_of(self.kind, self.first - ONE_DAY)

    def back(self, count: int) -> list["Period"]:
        """So many periods up to this one, the oldest first."""
        found = [self]
        while len(found) < count:
            found.append(found[-1].previous())
        return found[::-1]


def period_of(kind: str, day: date) -> Period:
    """The period of a kind that a day lies in; a free one is the day alone."""
    if kind == PeriodKind.FREE:
        return Period(kind, day, day)
    if kind == PeriodKind.WEEK:
        first = day - ONE_DAY * day.weekday()
        return Period(kind, first, first + ONE_DAY * 6)
    months = MONTHS[PeriodKind(kind)]
    first = day.replace(month=(day.month - 1) // months * months + 1, day=1)
    after = first.year * 12 + first.month - 1 + months
    return Period(kind, first, date(after // 12, after % 12 + 1, 1) - ONE_DAY)
