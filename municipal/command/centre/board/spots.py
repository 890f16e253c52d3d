"""Problems that come back: the same class in the same unit grid within some days."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count, Max, QuerySet

from municipal.command.centre.models import Change, Spot
from municipal.command.models import Case
from municipal.command.queries.milestones import Milestone
from municipal.command.selectors import in_cells
from platform_core.common import clock
from platform_core.geo import cells

DAYS = 30
LEAST = 3  # so many reports make a problem a recurring one
REACH = 200.0  # metres: a unit grid lies within them around any of its points
FIELDS = ("class_kind", "class_code", "grid_code")


def since() -> datetime:
    """From when on reports count."""
    return clock.now() - timedelta(days=DAYS)


def follow(rows: Iterable[Change]) -> None:
    """Look again where something was reported."""
    reported = [row for row in rows if row.milestone == Milestone.REPORTED]
    keys = {tuple(getattr(row, field) for field in FIELDS): row for row in reported}
    places = {
        case.pk: case
        for case in Case.objects.filter(pk__in=[row.case_id for row in keys.values()])
    }
    for key, row in keys.items():
        if row.grid_code and row.case_id in places:
            look(key, places[row.case_id])


def look(key: tuple[Any, ...], case: Case) -> None:
    """Count the reports of a class around one of its places and keep what came out."""
    about = dict(zip(FIELDS, key, strict=True))
    near = in_cells(cells.ranges(case.lon, case.lat, REACH))
    rows = Case.objects.filter(near, **about, reported_at__gte=since()).order_by()
    found = rows.aggregate(count=Count("pk"), last=Max("reported_at"))
    if found["count"] < LEAST:
        Spot.objects.filter(**about).delete()
        return
    values = {
        "division_code": case.division_code,
        "address": case.address,
        "lon": case.lon,
        "lat": case.lat,
        "count": found["count"],
        "last_at": found["last"],
    }
    Spot.objects.update_or_create(**about, defaults=values)


@transaction.atomic
def rebuild() -> int:
    """Find all of them anew, for days go by: one pass over the cases of those days."""
    Spot.objects.all().delete()
    found = grouped(Case.objects.filter(reported_at__gte=since()).exclude(grid_code=""))
    newest = Case.objects.in_bulk([row["last_case"] for row in found])
    Spot.objects.bulk_create(
        (_spot(row, newest[row["last_case"]]) for row in found), batch_size=500
    )
    return len(found)


def grouped(rows: QuerySet[Case]) -> list[Mapping[str, Any]]:
    """Reports by class and grid, those that occur often enough."""
    found = rows.order_by().values(*FIELDS)
    found = found.annotate(
        count=Count("pk"), last_at=Max("reported_at"), last_case=Max("pk")
    )
    return list(found.filter(count__gte=LEAST))


def _spot(row: Mapping[str, Any], case: Case) -> Spot:
    return Spot(
        **{name: row[name] for name in (*FIELDS, "count", "last_at")},
        division_code=case.division_code,
        address=case.address,
        lon=case.lon,
        lat=case.lat,
    )
