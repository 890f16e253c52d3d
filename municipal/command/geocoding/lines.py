"""Roads on the ground: lengths, offsets, junctions; metres in and out."""

import math
from collections.abc import Mapping
from typing import Any

from shapely import ops
from shapely.geometry import LineString, Point
from shapely.geometry.base import BaseGeometry

from platform_core.geo import shapes
from platform_core.geo.distance import EARTH

DEGREE = math.radians(1) * EARTH
CROSSING_METRES = 60.0
LINES = {"LineString", "MultiLineString"}
Position = tuple[float, float]


def read_line(geometry: Any) -> BaseGeometry:
    """A line of GeoJSON; InvalidGeometry for anything else."""
    found = shapes.read(geometry)
    if found.geom_type not in LINES:
        raise shapes.InvalidGeometry(f"not a line: {found.geom_type}")
    return found


def moved(lon: float, lat: float, bearing: float, metres: float) -> Position:
    """The position so many metres away in a direction (degrees from north)."""
    angle = math.radians(bearing)
    north, east = math.cos(angle) * metres, math.sin(angle) * metres
    return lon + east / (DEGREE * math.cos(math.radians(lat))), lat + north / DEGREE


def bearing(lon1: float, lat1: float, lon2: float, lat2: float) -> float:
    """The direction from one position to another, in degrees from north."""
    east = (lon2 - lon1) * math.cos(math.radians(lat1))
    return math.degrees(math.atan2(east, lat2 - lat1)) % 360


def along(geometry: Mapping[str, Any], metres: float) -> Position:
    """The position so many metres from the beginning of a line, at most its end."""
    line = _joined(read_line(geometry))
    flat = _flat(line)
    return _round(flat.interpolate(min(metres, flat.length)), line)


def between(
    geometry: Mapping[str, Any] | None, low: Position, high: Position, share: float
) -> Position:
    """The position at a share of the way from one to another, along a line."""
    if geometry is None:
        lon, lat = (a + (b - a) * share for a, b in zip(low, high, strict=True))
        return lon, lat
    line = _joined(read_line(geometry))
    start, end = (line.project(Point(position)) for position in (low, high))
    on_line = line.interpolate(start + (end - start) * share)
    feet = [line.interpolate(place) for place in (start, end)]
    # Keep the distance from the road that both neighbours have
    aside = [
        low[axis] - feet[0].coords[0][axis] + high[axis] - feet[1].coords[0][axis]
        for axis in (0, 1)
    ]
    return on_line.x + aside[0] / 2, on_line.y + aside[1] / 2


def crossing(one: Any, two: Any) -> Position | None:
    """Where two roads meet; None where they stay more than 60 m apart."""
    first, second = read_line(one), read_line(two)
    met = first.intersection(second)
    if not met.is_empty:
        point = met.representative_point()
        return point.x, point.y
    near, far = ops.nearest_points(first, second)
    if math.hypot(near.x - far.x, near.y - far.y) * DEGREE > CROSSING_METRES:
        return None
    return (near.x + far.x) / 2, (near.y + far.y) / 2


def middle(geometry: Any) -> Position:
    """The middle of a line."""
    point: Point = _joined(read_line(geometry)).interpolate(0.5, normalized=True)
    return point.x, point.y


def _joined(found: Any) -> Any:
    """One line where the parts join, else the longest part."""
    several = found.geom_type == "MultiLineString"
    merged: Any = ops.linemerge(found) if several else found
    if merged.geom_type == "LineString":
        return merged
    return max(merged.geoms, key=lambda part: part.length)


def _flat(line: Any) -> Any:
    shrink = math.cos(math.radians(line.centroid.y))
    return LineString([(x * DEGREE * shrink, y * DEGREE) for x, y in line.coords])


def _round(flat: Point, line: Any) -> Position:
    shrink = math.cos(math.radians(line.centroid.y))
    return flat.x / (DEGREE * shrink), flat.y / DEGREE
