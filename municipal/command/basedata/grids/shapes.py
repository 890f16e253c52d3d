"""Polygons of grids: cut, join, compare; areas in square metres."""

import math
from typing import Any

import shapely
from django.utils.translation import gettext as _
from shapely import ops
from shapely.geometry.base import BaseGeometry

from platform_core.common.errors import DomainError
from platform_core.geo import shapes
from platform_core.geo.distance import EARTH

DEGREE = math.radians(1) * EARTH  # metres
SMALLEST, LARGEST = 100.0, 5_000_000.0  # square metres


def area_of(geometry: dict[str, Any]) -> float:
    """The area of a polygon, rounded to a tenth of a square metre."""
    return round(shapes.square_metres(geometry), 1)


def size(found: BaseGeometry) -> float:
    """The area of a shape, hairlines too; nothing for points and lines."""
    if not found.area:
        return 0.0
    shrink = math.cos(math.radians(found.centroid.y))
    return float(found.area * DEGREE * DEGREE * shrink)


def polygon(geometry: Any) -> BaseGeometry:
    """One closed polygon of a sensible size; DomainError otherwise."""
    try:
        found: Any = shapes.read_area(geometry)
    except shapes.InvalidGeometry as error:
        raise wrong(
            _("This is not a closed polygon: %(why)s") % {"why": error}
        ) from error
    if found.geom_type == "MultiPolygon" and len(found.geoms) != 1:
        raise wrong(_("A unit grid is one polygon."))
    single: BaseGeometry = next(_polygons(found))
    metres = size(single)
    if not SMALLEST <= metres <= LARGEST:
        text = _("%(area)d square metres are no area of a unit grid.")
        raise wrong(text % {"area": metres})
    return single


def cut(found: BaseGeometry, line: Any) -> list[BaseGeometry]:
    """The parts into which a line cuts a polygon, from west to east, north to south."""
    try:
        blade = shapes.read(line)
    except shapes.InvalidGeometry as error:
        raise wrong(_("This is not a line: %(why)s") % {"why": error}) from error
    if blade.geom_type != "LineString":
        raise wrong(_("Draw one line across the grid."))
    parts = list(_polygons(ops.split(found, blade)))
    if len(parts) < 2:
        raise wrong(
            _("The line does not cut the grid: it has to cross its border twice.")
        )
    return sorted(parts, key=lambda part: (part.bounds[0], -part.bounds[3]))


def joined(parts: list[BaseGeometry]) -> BaseGeometry:
    """Neighbours as one polygon; hairlines between them are closed."""
    grown = shapely.union_all([part.buffer(1e-8) for part in parts]).buffer(-1e-8)
    if grown.geom_type != "Polygon":
        raise wrong(_("The grids do not touch one another."))
    return grown


def wrong(message: str) -> DomainError:
    """An error that stands beside the drawing."""
    return DomainError(message, code="geometry", fields={"geometry": message})


def _polygons(found: BaseGeometry) -> Any:
    if found.geom_type == "Polygon":
        yield found
    for part in getattr(found, "geoms", ()):
        yield from _polygons(part)
