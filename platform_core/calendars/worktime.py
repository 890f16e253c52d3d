"""Arithmetic of working time on plain local times; no database.

A span is a pair of moments; working time is the working spans of all days
without the pauses. A deadline is the earliest moment by which the whole amount
was available.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

Span = tuple[datetime, datetime]
DaySpans = tuple[tuple[time, time], ...]
ONE_DAY = timedelta(days=1)
MOST_DAYS = 20_000


@dataclass(frozen=True)
class DayNote:
    """A day that differs from the plain week."""

    works: bool
    name: str = ""


@dataclass(frozen=True)
class Schedule:
    """When work is done: spans by the date they apply from, and special days."""

    sessions: Sequence[tuple[date, DaySpans]]
    days: Mapping[date, DayNote]

    def spans_of(self, day: date) -> DaySpans:
        """The spans in force on a date, were it a working day."""
        found = self.sessions[0][1]
        for valid_from, spans in self.sessions:
            if valid_from > day:
                break
            found = spans
        return found

    def works(self, day: date) -> bool:
        """Whether work is done on a day."""
        note = self.days.get(day)
        return note.works if note else day.weekday() < 5

    def day_length(self, day: date) -> timedelta:
        """How much a normal working day of that time has."""
        return total(_on(day, self.spans_of(day)))

    def working_spans(self, start: datetime) -> Iterator[Span]:
        """Working spans from a moment on."""
        day = start.date()
        for _ in range(MOST_DAYS):
            if self.works(day):
                for begin, end in _on(day, self.spans_of(day)):
                    if end > start:
                        yield max(begin, start), end
            day += ONE_DAY
        raise ValueError("the calendar has no working time in sight")


def _on(day: date, spans: DaySpans) -> Iterator[Span]:
    for begin, end in spans:
        yield datetime.combine(day, begin), datetime.combine(day, end)


def total(spans: Iterable[Span]) -> timedelta:
    """The length of all spans together."""
    return sum((end - begin for begin, end in spans), timedelta())


def merged(pauses: Iterable[Span]) -> list[Span]:
    """Pauses in order, overlapping ones as one, empty ones dropped."""
    result: list[Span] = []
    for begin, end in sorted(span for span in pauses if span[1] > span[0]):
        if result and begin <= result[-1][1]:
            result[-1] = result[-1][0], max(end, result[-1][1])
        else:
            result.append((begin, end))
    return result


def without(spans: Iterable[Span], pauses: Sequence[Span]) -> Iterator[Span]:
    """What is left of ordered spans when merged pauses are taken out."""
    for begin, end in spans:
        left = begin
        for pause_begin, pause_end in pauses:
            if pause_end <= left:
                continue
            if pause_begin >= end:
                break
            if pause_begin > left:
                yield left, pause_begin
            left = pause_end
        if left < end:
            yield left, end


def running(start: datetime) -> Iterator[Span]:
    """Time that runs day and night, in pieces."""
    yield start, datetime.max  # noqa: DTZ901


def add(spans: Iterable[Span], start: datetime, amount: timedelta) -> datetime:
    """The earliest moment by which `amount` of the spans has passed."""
    if amount <= timedelta():
        return start
    for begin, end in spans:
        if end - begin >= amount:
            return begin + amount
        amount -= end - begin
    raise ValueError("not enough time in the spans")


def within(spans: Iterable[Span], end: datetime) -> timedelta:
    """How much of the spans lies before a moment."""
    passed = timedelta()
    for begin, finish in spans:
        if begin >= end:
            break
        passed += min(finish, end) - begin
    return passed


def light(
    start: datetime,
    deadline: datetime | None,
    now: datetime,
    *,
    yellow_share: float = 0.5,
) -> str:
    """Green, yellow from `yellow_share` of the time left, red when overdue."""
    if deadline is None:
        return "none"
    if now > deadline:
        return "red"
    left = (deadline - now) / (deadline - start) if deadline > start else 0
    return "green" if left > yellow_share else "yellow"
