"""Reads of cases that span models."""

from collections.abc import Iterable, Sequence
from operator import attrgetter
from typing import Any
from uuid import UUID

import numpy as np
from django.db.models import Avg, Count, Max, Min, Q, QuerySet
from django.urls import reverse

from platform_core.accounts.enums import UnitKind
from platform_core.accounts.models import OrgUnit, User
from platform_core.classification import selectors as classification
from platform_core.classification.models import FilingCondition
from platform_core.common import clock
from platform_core.geo import cells, distance
from platform_core.processes import selectors as processes
from platform_core.processes.selectors import HistoryStep
from platform_core.regions import selectors as regions

from . import clocks, duty, rules
from .enums import OPEN, State
from .models import Case, CaseQuerySet, Component, UnitGrid, light_of
from .places import Place

HANDLING_KINDS = (
    UnitKind.DEPARTMENT,
    UnitKind.ENTERPRISE,
    UnitKind.STREET,
    UnitKind.DISTRICT,
)
RECENT = 200
MOST_NEAR = 1000
FIRST_RADIUS = 25.0
MOST_SHAPES = 5000
NOBODY = UUID(int=0)
SHOWN = (
    *("uid", "lon", "lat", "class_name", "address"),
    *("state", "warn_at", "red_at"),
)


def visible(user: User) -> CaseQuerySet:
    """The cases the user may see, for apps that stand on this one."""
    return Case.objects.visible_to(user)


def from_sources(codes: Iterable[str]) -> CaseQuerySet:
    """The cases that came in by some sources, oldest first."""
    return Case.objects.filter(source__in=codes).order_by("reported_at", "pk")


def actable(user: User) -> CaseQuerySet:
    """Cases with what tells the steps that can be made now."""
    return Case.objects.visible_to(user).select_related("process", "handling_unit")


def detail(user: User) -> CaseQuerySet:
    """Cases with everything that their page shows of other tables."""
    return Case.objects.visible_to(user).select_related(
        "process",
        "source",
        "handling_unit",
        "duty_grid",
        "field_inspector",
        "reported_by",
        "duplicate_of",
    )


def similar(
    *,
    class_code: str,
    class_kind: str,
    lon: float,
    lat: float,
    leave_out: int | None = None,
) -> list[Case]:
    """Open cases of the same class near a point: what it may repeat."""
    metres = rules.current().duplicate_metres
    near = Case.objects.filter(
        class_kind=class_kind,
        class_code=class_code,
        cell__in=cells.around(lon, lat, metres),
        state__in=OPEN,
    )
    if leave_out is not None:
        near = near.exclude(pk=leave_out)
    return [
        case
        for case in near.order_by("reported_at")[:RECENT]
        if distance.metres(lon, lat, case.lon, case.lat) <= metres
    ]


def similar_to(case: Case) -> list[Case]:
    """Open cases that may be the same problem as this one."""
    return similar(
        class_code=case.class_code,
        class_kind=case.class_kind,
        lon=case.lon,
        lat=case.lat,
        leave_out=case.pk,
    )


def conditions(case: Case) -> Sequence[FilingCondition]:
    """The filing conditions of a case's class."""
    found = classification.problem_class(case.class_kind, case.class_code, case.edition)
    return classification.conditions(found) if found else ()


def condition(case: Case) -> FilingCondition | None:
    """The filing condition that a case was filed by."""
    matching = (row for row in conditions(case) if row.number == case.condition)
    return next(matching, None)


def handling_units() -> QuerySet[OrgUnit]:
    """The organisations a case can be given to."""
    return OrgUnit.objects.filter(kind__in=HANDLING_KINDS, is_active=True).order_by(
        "path"
    )


def recommended_unit(case: Case) -> OrgUnit | None:
    """Who should handle it: as the rules of duty say, else who maintains it."""
    found = duty.candidates(case)
    if found:
        return found[0].unit
    component = component_of(case)
    return component.maintaining_unit if component else None


def component_of(case: Case) -> Component | None:
    """The component a case is about, with the units it belongs to."""
    if not case.component_code:
        return None
    rows = Component.objects.select_related("maintaining_unit", "managing_unit")
    return rows.filter(code=case.component_code).first()


def count_by_state(user: User) -> dict[str, int]:
    """How many cases a user sees in each open state."""
    rows = (
        Case.objects.visible_to(user)
        .filter(state__in=OPEN)
        .order_by()
        .values_list("state")
        .annotate(rows=Count("pk"))
    )
    return dict(rows)


def area_names(case: Case | Place) -> list[str]:
    """District, street and community, in the words of the reader."""
    codes = (case.division_code, case.street_code, case.community_code)
    found = (regions.find_division(code) for code in codes if code)
    return [one.label for one in found if one]


def near_components(
    *, lon: float, lat: float, radius: float, class_code: str = ""
) -> list[tuple[float, Component]]:
    """Components around a point with their distance, the nearest first."""
    found = _measured(lon, lat, radius, class_code)[:MOST_NEAR]
    rows = Component.objects.in_bulk([key for _metres, key in found])
    return [(metres, rows[key]) for metres, key in found if key in rows]


def nearest_component(
    *, lon: float, lat: float, class_code: str = "", within: float = 1000
) -> tuple[float, Component] | None:
    """The component next to a point with its distance, looked for ever further."""
    radius = FIRST_RADIUS
    while True:
        found = _measured(lon, lat, min(radius, within), class_code)
        if found:
            metres, key = found[0]
            return metres, Component.objects.in_place().get(pk=key)
        if radius >= within:
            return None
        radius *= 4


def _around(
    lon: float, lat: float, radius: float, class_code: str
) -> QuerySet[Component]:
    """The components in the cells that a circle touches."""
    rows = Component.objects.in_place().order_by()
    rows = rows.filter(in_cells(cells.ranges(lon, lat, radius)))
    return rows.filter(class_code=class_code) if class_code else rows


def _measured(
    lon: float, lat: float, radius: float, class_code: str
) -> list[tuple[float, int]]:
    """Distance and key of the components in a circle, the nearest first."""
    rows = _around(lon, lat, radius, class_code)
    found = list(rows.values_list("pk", "lon", "lat"))
    if not found:
        return []
    keys, lons, lats = zip(*found, strict=True)
    metres = distance.metres(lon, lat, np.array(lons), np.array(lats))
    order = np.argsort(metres, kind="stable")
    return [
        (float(metres[place]), keys[place])
        for place in order
        if metres[place] <= radius
    ]


def in_cells(ranges: Iterable[tuple[int, int]], field: str = "cell") -> Q:
    """Rows whose cell lies in one of the ranges, as an index can serve it."""
    found = Q()
    for pair in ranges:
        found |= Q(**{f"{field}__range": pair})
    return found


def reporter(case: Case, *, unmasked: bool) -> str:
    """The reporter's name, shortened for those who need not know it."""
    name = case.reporter
    return name if unmasked or not name else name[0] + "*" * max(1, len(name) - 1)


def contact(case: Case, *, unmasked: bool) -> str:
    """The reporter's phone, its middle hidden from those who need not know it."""
    text = case.contact
    if unmasked or not text:
        return text
    keep = 3 if len(text) > 7 else 0
    hidden = "*" * (len(text) - 2 * keep)
    return text[:keep] + hidden + text[len(text) - keep :]


def deadline_sentence(case: Case) -> str:
    """How the deadline of the present stage comes about, in a sentence."""
    found = clocks.stage_clock(case, processes.definition_of(case.process))
    return found.deadline().explain() if found else ""


def points(cases: Iterable[Case]) -> dict[str, Any]:
    """Cases as GeoJSON points; of a query only the columns that are shown."""
    if isinstance(cases, QuerySet):
        rows: Iterable[Any] = cases.values_list(*SHOWN)
    else:
        rows = map(attrgetter(*SHOWN), cases)
    now = clock.now()
    names = {str(state): str(state.label) for state in State}
    anywhere = reverse("command:case-detail", args=[NOBODY])
    return features(
        (
            str(uid),
            {"type": "Point", "coordinates": [lon, lat]},
            {
                "title": f"{name} {address}".strip(),
                "state": state,
                "label": names[state],
                "light": light_of(state, warn, red, now),
                "url": anywhere.replace(str(NOBODY), str(uid)),
            },
        )
        for uid, lon, lat, name, address, state, warn, red in rows
    )


def grid_shapes(box: Sequence[float]) -> dict[str, Any]:
    """Unit grids in a box of west, south, east, north as GeoJSON polygons."""
    west, south, east, north = box
    rows = UnitGrid.objects.filter(
        valid_to=None, lon__range=(west, east), lat__range=(south, north)
    )
    return features(
        (row.code, row.geometry, {"code": row.code}) for row in rows[:MOST_SHAPES]
    )


def features(rows: Iterable[tuple[str, object, dict[str, Any]]]) -> dict[str, Any]:
    """A GeoJSON feature collection."""
    return {
        "type": "FeatureCollection",
        "features": [
            {"type": "Feature", "id": key, "geometry": shape, "properties": about}
            for key, shape, about in rows
        ],
    }


def timeline(case: Case) -> list[HistoryStep]:
    """The steps that were made, the first one first."""
    return processes.history(case.process)


def middle_of_grids() -> tuple[float, float] | None:
    """A position amid the grids of the city, where maps open."""
    grids = UnitGrid.objects.filter(valid_to=None)
    first = grids.order_by("code").values_list("code", flat=True).first()
    if first is None:
        return None
    found = grids.filter(code__startswith=first[:6]).aggregate(Avg("lon"), Avg("lat"))
    return found["lon__avg"], found["lat__avg"]


def grid_box(prefixes: Sequence[str] = ()) -> tuple[float, float, float, float] | None:
    """West, south, east, north of the unit grids of a place; None where are none."""
    grids = UnitGrid.objects.filter(valid_to=None)
    inside = Q()
    for prefix in prefixes:
        inside |= Q(code__startswith=prefix)
    found = grids.filter(inside).aggregate(
        west=Min("lon"), south=Min("lat"), east=Max("lon"), north=Max("lat")
    )
    if found["west"] is None:
        return None
    return found["west"], found["south"], found["east"], found["north"]
