"""What lies in a box or circle drawn on the map: cases, components, inspectors."""

from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from municipal.command import selectors
from municipal.command.models import Case, Component
from municipal.command.queries import tiling
from platform_core.accounts.models import User
from platform_core.common.errors import DomainError
from platform_core.geo import distance
from platform_core.geo.cells import box_ranges, ranges
from platform_core.regions.models import Division

from . import people
from .scope import narrowing

MOST = 200
MOST_METRES = 20_000.0
MOST_DEGREES = 0.5
SHOWN = ("state", "major", "reported_from", "reported_to")  # what the map is set to


@dataclass(frozen=True, slots=True)
class Shape:
    """A circle where there is a radius, else a box."""

    box: tuple[float, float, float, float]
    lon: float = 0.0
    lat: float = 0.0
    radius: float = 0.0

    def holds(self, lon: float, lat: float) -> bool:
        """Whether a point lies inside."""
        if self.radius:
            return bool(distance.metres(self.lon, self.lat, lon, lat) <= self.radius)
        west, south, east, north = self.box
        return west <= lon <= east and south <= lat <= north

    @property
    def cells(self) -> list[tuple[int, int]]:
        """The cells it touches."""
        if self.radius:
            return ranges(self.lon, self.lat, self.radius)
        return box_ranges(*self.box)


def read(given: QueryDict) -> Shape:
    """The shape of an address: bbox, or lon, lat and radius in metres."""
    try:
        if "bbox" in given:
            west, south, east, north = map(float, str(given["bbox"]).split(","))
            shape = Shape((west, south, east, north))
        else:
            lon, lat, radius = (
                float(str(given[key])) for key in ("lon", "lat", "radius")
            )
            shape = Shape((lon, lat, lon, lat), lon, lat, radius)
    except (KeyError, ValueError) as error:
        raise _wrong() from error
    west, south, east, north = shape.box
    wide = max(east - west, north - south) > MOST_DEGREES
    world = -180 <= west <= east <= 180 and -90 <= south <= north <= 90
    if wide or not world or not 0 <= shape.radius <= MOST_METRES:
        raise _wrong()
    return shape


def _wrong() -> DomainError:
    return DomainError(_("Draw a box of at most half a degree or a circle of 20 km."))


def of_shape(
    shape: Shape, user: User, area: Division, given: QueryDict
) -> dict[str, Any]:
    """The cases the map shows, components and inspectors inside."""
    cases = _cases(shape, user, area, given)
    things = _components(shape) if user.has_perm("command.view_component") else []
    found = [
        row for row in people.positions(user, area) if shape.holds(row.lon, row.lat)
    ]
    return {
        "cases": [case_row(case) for case in cases],
        "components": things,
        "people": [people.person_row(row) for row in found],
        "most": MOST,
    }


def _cases(shape: Shape, user: User, area: Division, given: QueryDict) -> list[Case]:
    shown = QueryDict(mutable=True)
    for name in SHOWN:
        shown.setlist(name, [text for text in given.getlist(name) if text])
    asked = QueryDict(shown.urlencode())
    rows = tiling.chosen(user, asked).filter(selectors.in_cells(shape.cells))
    if narrow := narrowing(area):
        rows = rows.filter(division_code=narrow["division"])
    rows = rows.select_related("handling_unit").order_by("-reported_at", "-pk")
    found = []
    for case in rows.iterator(MOST):
        if shape.holds(case.lon, case.lat):
            found.append(case)
        if len(found) == MOST:
            break
    return found


def _components(shape: Shape) -> list[dict[str, Any]]:
    rows = Component.objects.in_place().filter(selectors.in_cells(shape.cells))
    found = []
    for row in rows.order_by("cell", "pk").iterator(MOST):
        if shape.holds(row.lon, row.lat):
            found.append(
                {
                    "code": row.code,
                    "name": row.class_name,
                    "url": row.get_absolute_url(),
                }
            )
        if len(found) == MOST:
            break
    return found


def case_row(case: Case) -> dict[str, Any]:
    """A case in the list beside the map."""
    return {
        "uid": str(case.uid),
        "number": case.number,
        "title": case.title,
        "state": case.state_name,
        "light": case.light,
        "unit": str(case.handling_unit or ""),
        "url": case.get_absolute_url(),
    }
