"""GeoJSON in and out."""

import math
from collections.abc import Iterable, Mapping
from typing import Any

import shapely
from shapely.errors import ShapelyError
from shapely.geometry import mapping, shape
from shapely.geometry.base import BaseGeometry

from .distance import EARTH

Geometry = Mapping[str, Any]
AREAS = {"Polygon", "MultiPolygon"}


class InvalidGeometry(ValueError):
    """A geometry that cannot be drawn or searched."""


def read_plane(geometry: Geometry) -> BaseGeometry:
    """A valid shape in any coordinates; InvalidGeometry otherwise."""
    try:
        found = shape(dict(geometry))
    except (ShapelyError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise InvalidGeometry(str(error)) from error
    if found.is_empty or not found.is_valid:
        raise InvalidGeometry(shapely.is_valid_reason(found))
    return found


def read(geometry: Geometry) -> BaseGeometry:
    """A valid shape of a GeoJSON geometry; InvalidGeometry otherwise."""
    found = read_plane(geometry)
    west, south, east, north = found.bounds
    if west < -180 or east > 180 or south < -90 or north > 90:
        raise InvalidGeometry("outside longitude and latitude")
    return found


def read_area(geometry: Geometry) -> BaseGeometry:
    """Like `read`, for polygons only."""
    found = read(geometry)
    if found.geom_type not in AREAS:
        raise InvalidGeometry(f"not an area: {found.geom_type}")
    return found


def write(found: BaseGeometry, digits: int = 7) -> dict[str, Any]:
    """A GeoJSON geometry with rounded coordinates."""
    written: dict[str, Any] = mapping(found)
    return {
        "type": written["type"],
        "coordinates": _rounded(written["coordinates"], digits),
    }


def rectangle(west: float, south: float, east: float, north: float) -> dict[str, Any]:
    """A polygon along parallels and meridians."""
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def centre(geometry: Geometry) -> tuple[float, float]:
    """A point that is surely inside, for labels and for opening a map."""
    point = read(geometry).representative_point()
    return round(point.x, 7), round(point.y, 7)


def bounds(geometry: Geometry) -> tuple[float, float, float, float]:
    """West, south, east, north."""
    west, south, east, north = read(geometry).bounds
    return west, south, east, north


def square_metres(geometry: Geometry) -> float:
    """The area on the ground, to about half a percent for city-sized shapes."""
    found = read_area(geometry)
    degree = math.radians(1) * EARTH
    shrink = math.cos(math.radians(found.centroid.y))
    return float(found.area * degree * degree * shrink)


def metres_long(geometry: Geometry) -> float:
    """The length on the ground, to about half a percent for city-sized shapes."""
    found = read(geometry)
    shrink = math.cos(math.radians(found.centroid.y))
    flat = shapely.transform(found, lambda points: points * [shrink, 1.0])
    return float(flat.length * math.radians(1) * EARTH)


def feature(
    geometry: Geometry | None, properties: Mapping[str, Any], key: Any = None
) -> dict[str, Any]:
    """A GeoJSON feature."""
    made: dict[str, Any] = {
        "type": "Feature",
        "geometry": dict(geometry) if geometry is not None else None,
        "properties": dict(properties),
    }
    return made if key is None else {**made, "id": key}


def point(lon: float, lat: float) -> dict[str, Any]:
    """A GeoJSON point."""
    return {"type": "Point", "coordinates": [lon, lat]}


def collection(features: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """A GeoJSON feature collection."""
    return {"type": "FeatureCollection", "features": [dict(one) for one in features]}


def _rounded(value: Any, digits: int) -> Any:
    if isinstance(value, int | float):
        return round(value, digits)
    return [_rounded(item, digits) for item in value]
