"""Reads of duty in the field: who is on duty, where, what was done."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

import numpy as np
from django.db.models import Count, Prefetch, Q, QuerySet, Sum
from django.utils import timezone

from municipal.command import places
from municipal.command.enums import State
from municipal.command.models import Case, UnitGrid
from platform_core.accounts.models import User
from platform_core.common import clock
from platform_core.geo import shapes
from platform_core.processes.models import ProcessStep

from .enums import WORKED, AttendanceState, MarkKind
from .models import Attendance, Mark, TrackPoint

STALE = timedelta(minutes=10)
MOST_POINTS = 20_000
MOST_GRIDS = 1000
VERIFIED = ("verify_true", "verify_false")
CHECKED = ("check_pass", "check_fail")


def on_duty(at: datetime | None = None) -> QuerySet[Attendance]:
    """The duties running now, or at a moment, each with its person and grids."""
    if at is None:
        found = Attendance.objects.filter(state=AttendanceState.ON)
    else:
        found = Attendance.objects.filter(
            Q(clock_out_at=None) | Q(clock_out_at__gt=at),
            clock_in_at__lte=at,
            state__in=WORKED,
        )
    people = found.filter(person__is_active=True).order_by("person")
    return people.select_related("person__unit", "duty_grid").prefetch_related(
        "person__duty_grids"
    )


@dataclass(frozen=True, slots=True)
class Position:
    """Where an inspector on duty was last."""

    duty: Attendance
    person: User
    lon: float
    lat: float
    at: datetime
    grid_code: str
    marks: tuple[str, ...]

    @property
    def level(self) -> str:
        """Red outside the area, yellow idle, grey without news, else green."""
        if MarkKind.OUT in self.marks:
            return "red"
        if MarkKind.SILENT in self.marks or clock.now() - self.at > STALE:
            return "grey"
        return "yellow" if MarkKind.IDLE in self.marks else "green"

    def feature(self, url: str = "") -> dict[str, Any]:
        """As a point of a map."""
        about = {
            "title": str(self.person),
            "text": f"{self.person.phone} {timezone.localtime(self.at):%H:%M}".strip(),
            "level": self.level,
            "person": self.person.pk,
            "url": url,
        }
        return shapes.feature(shapes.point(self.lon, self.lat), about, self.person.pk)


def positions(
    prefixes: Sequence[str] = (), *, duties: QuerySet[Attendance] | None = None
) -> list[Position]:
    """The last position of each inspector on duty, within divisions if some are named.

    A prefix is a division's code: an inspector counts where the position lies, and
    outside all grids where the duty grid lies.
    """
    open_marks = Prefetch(
        "marks", Mark.objects.filter(ends_at=None), to_attr="open_marks"
    )
    rows = list((on_duty() if duties is None else duties).prefetch_related(open_marks))
    found = [row for row in rows if row.last_lon is not None or row.in_lon is not None]
    codes = _grid_codes(found)
    return [
        position
        for row, code in zip(found, codes, strict=True)
        if _within(position := _position(row, code), prefixes)
    ]


def _position(row: Any, code: str) -> Position:
    tracked = row.last_lon is not None
    return Position(
        duty=row,
        person=row.person,
        lon=row.last_lon if tracked else row.in_lon,
        lat=row.last_lat if tracked else row.in_lat,
        at=row.last_at if tracked else row.clock_in_at,
        grid_code=code,
        marks=tuple(sorted(mark.kind for mark in row.open_marks)),
    )


def _grid_codes(rows: Sequence[Any]) -> list[str]:
    if not rows:
        return []
    lons = [row.in_lon if row.last_lon is None else row.last_lon for row in rows]
    lats = [row.in_lat if row.last_lat is None else row.last_lat for row in rows]
    codes, _inside = places.grids_of(np.array(lons, float), np.array(lats, float))
    return codes


def _within(position: Position, prefixes: Sequence[str]) -> bool:
    if not prefixes:
        return True
    grid = position.duty.duty_grid
    own = [grid] if grid else position.person.duty_grids.all()
    codes = [position.grid_code] if position.grid_code else [one.code for one in own]
    return any(code.startswith(prefix) for code in codes for prefix in prefixes)


def track(
    person: User | int, begin: datetime, end: datetime
) -> list[tuple[datetime, float, float, int]]:
    """Moment, longitude, latitude and accuracy of somebody's positions, in order."""
    rows = TrackPoint.objects.filter(person=person, at__gte=begin, at__lte=end)
    found = rows.order_by("at").values_list("at", "lon", "lat", "accuracy")
    return list(found[:MOST_POINTS])


def marks_of(person: User | int, begin: datetime, end: datetime) -> QuerySet[Mark]:
    """The marks of somebody that touch a time."""
    rows = Mark.objects.filter(person=person, begins_at__lte=end)
    return rows.filter(Q(ends_at=None) | Q(ends_at__gte=begin)).order_by("begins_at")


def midnight() -> datetime:
    """When today began."""
    return timezone.make_aware(datetime.combine(clock.today(), time.min))


def todays_work(person: User) -> dict[str, int]:
    """What somebody did today: reports, visits, metres, minutes outside and idle."""
    since = midnight()
    cases = Case.objects.filter(reported_by=person, reported_at__gte=since).order_by()
    reported = cases.aggregate(
        reports=Count("pk"), self_handled=Count("pk", filter=Q(source="02"))
    )
    waiting = Case.objects.filter(
        field_inspector=person, state__in=(State.VERIFYING, State.CHECKING)
    )
    duty = Attendance.objects.filter(person=person, day=clock.today()).aggregate(
        metres=Sum("metres"), outside=Sum("outside_seconds"), idle=Sum("idle_seconds")
    )
    return {
        **reported,
        **_visits([person.pk], since),
        "waiting": waiting.count(),
        "metres": duty["metres"] or 0,
        "outside_minutes": (duty["outside"] or 0) // 60,
        "idle_minutes": (duty["idle"] or 0) // 60,
    }


def _visits(people: Iterable[int], since: datetime) -> dict[str, int]:
    steps = ProcessStep.objects.filter(by__in=list(people), at__gte=since).order_by()
    return steps.aggregate(
        verified=Count("pk", filter=Q(action__in=VERIFIED)),
        checked=Count("pk", filter=Q(action__in=CHECKED)),
    )


def mark_row(mark: Mark) -> dict[str, Any]:
    """A mark as a map shows it."""
    return {
        "kind": mark.kind,
        "name": mark.get_kind_display(),
        "begins_at": mark.begins_at,
        "ends_at": mark.ends_at,
        "metres": mark.metres,
        "excuse": mark.excuse,
        "lon": mark.lon,
        "lat": mark.lat,
    }


def area_shapes(person: User) -> dict[str, Any]:
    """The unit grids of somebody's duty grids as areas of a map."""
    grids = UnitGrid.objects.filter(
        valid_to=None, duty_grid__in=person.duty_grids.values("pk")
    ).order_by("code")
    return shapes.collection(
        shapes.feature(grid.geometry, {"title": grid.code})
        for grid in grids[:MOST_GRIDS]
    )
