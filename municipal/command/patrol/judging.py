"""What the positions of a duty show: way, time outside, idle, without a signal.

Plain values in, plain values out, no database: whatever the order in which
positions arrived, the same positions come to the same.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Protocol

from platform_core.geo.distance import metres

from .enums import MarkKind

LEAST_STEP = 10.0  # metres below which a move is the unrest of the receiver
MOST_SPEED = 40.0  # metres a second beyond which a jump is none of the way


class Limits(Protocol):
    """The rules that are needed here."""

    idle_minutes: int
    idle_radius: int
    out_metres: int
    out_minutes: int
    silent_minutes: int
    worst_accuracy: int


@dataclass(frozen=True, slots=True)
class Point:
    """A position, and how far outside the area it lies where there is one."""

    at: datetime
    lon: float
    lat: float
    accuracy: int = 0
    outside: float | None = None


@dataclass(frozen=True, slots=True)
class Span:
    """A time in which something is so; without an end it still is."""

    kind: str
    begins_at: datetime
    ends_at: datetime | None
    last_at: datetime
    metres: int = 0
    lon: float | None = None
    lat: float | None = None

    @property
    def seconds(self) -> int:
        until = self.ends_at or self.last_at
        return round((until - self.begins_at).total_seconds())


def judge(
    points: Iterable[Point],
    rules: Limits,
    *,
    begin: datetime,
    end: datetime | None,
    now: datetime,
) -> list[Span]:
    """All that is to be marked, in the order in which it began."""
    rows = sorted(points, key=lambda point: point.at)
    clear = [one for one in rows if one.accuracy <= rules.worst_accuracy]
    found = [
        *_outside(clear, rules, end),
        *_idle(clear, rules, end),
        *_silent(rows, rules, begin, end, now),
    ]
    return sorted(found, key=lambda span: (span.begins_at, span.kind))


def way(points: Iterable[Point], worst: int) -> int:
    """Metres walked, without the unrest of the receiver and impossible jumps."""
    total, last = 0.0, None
    for point in sorted(points, key=lambda point: point.at):
        if point.accuracy > worst:
            continue
        if last is None:
            last = point
            continue
        step = metres(last.lon, last.lat, point.lon, point.lat)
        seconds = max((point.at - last.at).total_seconds(), 1.0)
        if step >= LEAST_STEP:
            total += step if step / seconds <= MOST_SPEED else 0
            last = point
    return round(total)


def _outside(
    points: Sequence[Point], rules: Limits, end: datetime | None
) -> Iterable[Span]:
    run: list[Point] = []
    for point in points:
        if (point.outside or 0) > rules.out_metres:
            run.append(point)
        elif run:
            yield from _run(run, point.at, rules)
            run = []
    if run:
        yield from _run(run, end, rules)


def _run(run: list[Point], back: datetime | None, rules: Limits) -> Iterable[Span]:
    """Positions outside in a row, if they last long enough."""
    last = run[-1].at
    if (back or last) - run[0].at >= timedelta(minutes=rules.out_minutes):
        far = max(run, key=lambda point: point.outside or 0)
        yield Span(
            MarkKind.OUT,
            run[0].at,
            back,
            last,
            metres=round(far.outside or 0),
            lon=far.lon,
            lat=far.lat,
        )


def _idle(
    points: Sequence[Point], rules: Limits, end: datetime | None
) -> Iterable[Span]:
    """Stays around the place where each began; a silence ends one."""
    least = timedelta(minutes=rules.idle_minutes)
    silence = timedelta(minutes=rules.silent_minutes)
    anchor = last = None
    for point in points:
        if anchor is None or last is None:
            anchor = last = point
            continue
        far = metres(anchor.lon, anchor.lat, point.lon, point.lat)
        silent = point.at - last.at > silence
        if silent or far > rules.idle_radius:
            until = last.at if silent else point.at
            if until - anchor.at >= least:
                yield _stay(anchor, until, until)
            anchor = point
        last = point
    if anchor and last and last.at - anchor.at >= least:
        yield _stay(anchor, last.at if end else None, last.at)


def _stay(anchor: Point, until: datetime | None, last: datetime) -> Span:
    return Span(MarkKind.IDLE, anchor.at, until, last, lon=anchor.lon, lat=anchor.lat)


def _silent(
    points: Sequence[Point],
    rules: Limits,
    begin: datetime,
    end: datetime | None,
    now: datetime,
) -> Iterable[Span]:
    """Gaps between positions, and between them and the ends of the duty."""
    most = timedelta(minutes=rules.silent_minutes)
    moments = [begin, *(one.at for one in points if one.at > begin)]
    places = {one.at: one for one in points}
    if end is not None and end > moments[-1]:
        moments.append(end)
    for before, after in pairwise(moments):
        if after - before > most:
            yield _gap(places.get(before), before, after, after)
    if end is None and now - moments[-1] > most:
        yield _gap(places.get(moments[-1]), moments[-1], None, now)


def _gap(
    place: Point | None, begin: datetime, end: datetime | None, last: datetime
) -> Span:
    lon, lat = (place.lon, place.lat) if place else (None, None)
    return Span(MarkKind.SILENT, begin, end, last, lon=lon, lat=lat)
