"""Reads of cases that span models."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from django.conf import settings
from django.db.models import Avg, Count, QuerySet

from platform_core.accounts.enums import UnitKind
from platform_core.accounts.models import OrgUnit, User
from platform_core.calendars.deadlines import Deadline
from platform_core.classification import selectors as classification
from platform_core.classification.models import FilingCondition
from platform_core.geo import cells, distance
from platform_core.processes import selectors as processes
from platform_core.processes.selectors import HistoryStep
from platform_core.regions import selectors as regions

from . import clocks
from .enums import OPEN
from .models import Case, CaseQuerySet, Component, UnitGrid
from .places import Place

HANDLING_KINDS = (
    UnitKind.DEPARTMENT,
    UnitKind.ENTERPRISE,
    UnitKind.STREET,
    UnitKind.DISTRICT,
)
RECENT = 200
MOST_SHAPES = 5000


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
    metres = settings.CASE_DUPLICATE_METRES
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
    """Who should handle it: who maintains the component, else who mostly did."""
    component = (
        Component.objects.filter(code=case.component_code)
        .select_related("maintaining_unit")
        .first()
        if case.component_code
        else None
    )
    if component and component.maintaining_unit:
        return component.maintaining_unit
    recent = Case.objects.filter(
        class_kind=case.class_kind,
        class_code=case.class_code,
        handling_unit__isnull=False,
    ).order_by("-reported_at")
    most = Counter(recent.values_list("handling_unit", flat=True)[:RECENT])
    if not most:
        return None
    return OrgUnit.objects.filter(pk=most.most_common(1)[0][0], is_active=True).first()


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
    near = Component.objects.filter(cell__in=cells.around(lon, lat, radius))
    if class_code:
        near = near.filter(class_code=class_code)
    measured = [
        (distance.metres(lon, lat, row.lon, row.lat), row) for row in near[: RECENT * 5]
    ]
    return sorted(
        (pair for pair in measured if pair[0] <= radius), key=lambda pair: pair[0]
    )


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


def deadline_of_stage(case: Case) -> Deadline | None:
    """The deadline of the present stage with its derivation."""
    definition = processes.definition_of(case.process)
    return clocks.stage_deadline(case, definition, since=case.state_since)


def deadline_sentence(case: Case) -> str:
    """How the deadline of the present stage comes about, in a sentence."""
    found = deadline_of_stage(case)
    return found.explain() if found else ""


def points(cases: Iterable[Case]) -> dict[str, Any]:
    """Cases as GeoJSON points."""
    return features(
        (
            str(case.uid),
            {"type": "Point", "coordinates": [case.lon, case.lat]},
            {
                "title": case.title,
                "state": case.state,
                "label": case.get_state_display(),
                "light": case.light,
                "url": case.get_absolute_url(),
            },
        )
        for case in cases
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
