"""Inspectors on duty: where, how many by district, what they did today."""

from collections import Counter
from collections.abc import Collection
from datetime import datetime, time, timedelta
from typing import Any

from django.db.models import Count
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from municipal.command.models import Case
from municipal.command.patrol import selectors as patrol
from municipal.command.patrol.selectors import Position
from platform_core.accounts.models import User
from platform_core.common import clock
from platform_core.geo import shapes
from platform_core.processes.models import ProcessStep
from platform_core.regions import selectors as regions
from platform_core.regions.models import Division

from .scope import prefixes

TEAM = "patrol.view_team"
VISITS = {
    "verify_true": "verified",
    "verify_false": "verified",
    "check_pass": "checked",
    "check_fail": "checked",
}
WORK = ("reports", "verified", "checked")
LEVELS = {
    "green": _("In order"),
    "yellow": _("Idle"),
    "red": _("Outside"),
    "grey": _("No news"),
}


def positions(user: User, area: Division) -> list[Position]:
    """Inspectors on duty in an area whom somebody looks after."""
    if not user.has_perm(TEAM):
        return []
    duties = patrol.on_duty().visible_to(user)  # type: ignore[attr-defined]
    return patrol.positions(prefixes(area), duties=duties)


def of_area(user: User, area: Division) -> dict[str, Any]:
    """Points for the map and numbers by district."""
    found = positions(user, area)
    return {
        "points": shapes.collection(row.feature(url(row)) for row in found),
        "total": len(found),
        "levels": {level: _at(found, level) for level in LEVELS},
        "districts": by_district(found, area),
    }


def _at(found: list[Position], level: str) -> int:
    return sum(row.level == level for row in found)


def by_district(found: list[Position], area: Division) -> list[dict[str, Any]]:
    """On duty and in order by district; in a district by street."""
    length = 9 if prefixes(area) else 6
    counted: Counter[tuple[str, str]] = Counter(
        (code_of(row)[:length], row.level) for row in found
    )
    codes = sorted({code for code, _level in counted})
    rows = [
        {
            "code": code,
            "name": _name(code),
            "total": sum(counted[code, level] for level in LEVELS),
            **{level: counted[code, level] for level in LEVELS},
        }
        for code in codes
    ]
    return sorted(rows, key=lambda row: -row["total"])


def code_of(row: Position) -> str:
    """The grid somebody is in, else the one of duty, else that of the unit."""
    if row.grid_code:
        return row.grid_code
    grid = row.duty.duty_grid
    if grid:
        return str(grid.code)
    return row.person.unit.division_id if row.person.unit else ""


def _name(code: str) -> str:
    found = regions.find_division(code)
    return found.label if found else code


def url(row: Position) -> str:
    """The replay of somebody's track of today."""
    return reverse("patrol:track", args=[row.person.pk, row.duty.day])


def work_of(keys: Collection[int]) -> dict[int, dict[str, int]]:
    """Reports, verifications and checks of today by person; two queries."""
    since = patrol.midnight()
    cases = Case.objects.filter(reported_by__in=keys, reported_at__gte=since)
    found: dict[int, Counter[str]] = {key: Counter() for key in keys}
    rows = cases.order_by().values_list("reported_by").annotate(rows=Count("pk"))
    for person, count in rows:
        found[person]["reports"] = count
    steps = ProcessStep.objects.filter(by__in=keys, at__gte=since, action__in=VISITS)
    made = steps.order_by().values_list("by", "action").annotate(rows=Count("pk"))
    for person, action, count in made:
        found[person][VISITS[action]] += count
    return {key: dict(counts) for key, counts in found.items()}


def board(user: User, area: Division) -> list[dict[str, Any]]:
    """Everybody on duty with place, light and work of today."""
    rows = positions(user, area)
    work = work_of([row.person.pk for row in rows])
    return [
        {
            **person_row(row),
            "level_label": LEVELS[row.level],
            "place": _name(code_of(row)[:12]) or row.grid_code,
            "since": row.duty.clock_in_at,
            "at": row.at,
            "metres": row.duty.metres,
            "grid": row.duty.duty_grid,
            **{name: work[row.person.pk].get(name, 0) for name in WORK},
        }
        for row in rows
    ]


def person_row(row: Position) -> dict[str, Any]:
    """An inspector in a list beside the map."""
    return {
        "pk": row.person.pk,
        "name": str(row.person),
        "phone": row.person.phone,
        "level": row.level,
        "lon": row.lon,
        "lat": row.lat,
        "url": url(row),
    }


def track(person: int, hours: int = 10) -> dict[str, Any]:
    """Today's track of somebody as a line."""
    now = clock.now()
    midnight = timezone.make_aware(datetime.combine(clock.today(), time.min))
    begin = max(midnight, now - timedelta(hours=hours))
    line = [[lon, lat] for _at, lon, lat, _m in patrol.track(person, begin, now)]
    if len(line) < 2:
        return shapes.collection([])
    geometry = {"type": "LineString", "coordinates": line}
    return shapes.collection([shapes.feature(geometry, {"person": person}, person)])
