"""Coordinate systems that surveys are delivered in, brought to CGCS2000.

Codes: those of `coords.SYSTEMS`, "epsg:4491" … "epsg:4554" of the Gauss-Krüger
zones, or any definition that PROJ understands.  [GB/T 47678.5, EPSG]
"""

from collections.abc import Callable

from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError

from .coords import SYSTEMS, Array, convert

Reader = Callable[[Array, Array], tuple[Array, Array]]
TARGET = "EPSG:4490"
# first code, first zone or meridian, step, how many, degrees, by zone number
GROUPS = (
    (4491, 13, 1, 11, 6, True),
    (4502, 75, 6, 11, 6, False),
    (4513, 25, 1, 21, 3, True),
    (4534, 75, 3, 21, 3, False),
)


class UnknownSystem(ValueError):
    """A definition that PROJ does not understand."""


def zones() -> list[tuple[str, int, int, bool]]:
    """Code, zone or meridian, degrees, and whether it is a zone, of every belt."""
    return [
        (f"epsg:{code + index}", start + index * step, degrees, by_zone)
        for code, start, step, count, degrees, by_zone in GROUPS
        for index in range(count)
    ]


def check(definition: str) -> None:
    """UnknownSystem where PROJ cannot make sense of a definition."""
    try:
        CRS.from_user_input(definition)
    except CRSError as error:
        raise UnknownSystem(definition[:200]) from error


def reader(definition: str) -> Reader:
    """A function from x and y (east and north, or longitude and latitude) of a
    system to CGCS2000; what it cannot place becomes infinite."""
    if definition in SYSTEMS:
        return lambda xs, ys: convert(xs, ys, definition, "cgcs2000")
    check(definition)
    source = CRS.from_user_input(definition)
    moved: Reader = Transformer.from_crs(source, TARGET, always_xy=True).transform
    return moved
