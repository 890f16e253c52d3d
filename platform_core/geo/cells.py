"""A fixed lattice of about 100 m, so that "near" is a range of integers.

Cells of one row are consecutive numbers: a box is a few ranges of an index.
"""

import math

import numpy as np
import numpy.typing as npt

from .distance import EARTH

Array = npt.NDArray[np.float64]

LON_STEP = 0.001
LAT_STEP = 0.0009
COLUMNS = 360_000
ROWS = 200_000
POLE = 0.01  # least cosine of a latitude: beyond it a circle spans whole rows


def cell(lon: float, lat: float) -> int:
    """The cell of a point."""
    return _row(lat) * COLUMNS + _column(lon)


def cell_array(lons: Array, lats: Array) -> npt.NDArray[np.int64]:
    """`cell` for many points at once."""
    columns = np.minimum(np.floor((lons + 180) / LON_STEP), COLUMNS - 1)
    rows = np.minimum(np.floor((lats + 90) / LAT_STEP), ROWS)
    return rows.astype(np.int64) * COLUMNS + columns.astype(np.int64)


def ranges(lon: float, lat: float, radius_m: float) -> list[tuple[int, int]]:
    """First and last cell of each row that a circle touches, south to north."""
    up = math.degrees(radius_m / EARTH)
    across = up / max(math.cos(math.radians(min(abs(lat) + up, 90))), POLE)
    return box_ranges(
        max(lon - across, -180),
        max(lat - up, -90),
        min(lon + across, 180),
        min(lat + up, 90),
    )


def box_ranges(
    west: float, south: float, east: float, north: float
) -> list[tuple[int, int]]:
    """First and last cell of each row that a box touches, south to north."""
    first, last = _column(west), _column(east)
    rows = range(_row(south), _row(north) + 1)
    return [(row * COLUMNS + first, row * COLUMNS + last) for row in rows]


def around(lon: float, lat: float, radius_m: float) -> list[int]:
    """All cells that a circle may touch."""
    return [
        number
        for first, last in ranges(lon, lat, radius_m)
        for number in range(first, last + 1)
    ]


def centre(number: int) -> tuple[float, float]:
    """Longitude and latitude of the middle of a cell."""
    row, column = divmod(number, COLUMNS)
    lon = (column + 0.5) * LON_STEP - 180
    return round(lon, 7), round((row + 0.5) * LAT_STEP - 90, 7)


def _column(lon: float) -> int:
    return min(math.floor((lon + 180) / LON_STEP), COLUMNS - 1)


def _row(lat: float) -> int:
    return min(math.floor((lat + 90) / LAT_STEP), ROWS)
