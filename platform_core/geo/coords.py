"""Coordinate systems in use in China, for single points and for numpy arrays.

CGCS2000 and WGS 84 differ by centimetres and count as one here. GCJ-02 and
BD-09 follow the published approximations; the way back is found by iteration.
"""

from collections.abc import Callable
from typing import TypeVar

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Value = TypeVar("Value", float, Array)
Step = Callable[[Array, Array], tuple[Array, Array]]

SYSTEMS = ("cgcs2000", "wgs84", "gcj02", "bd09")
AXIS = 6378245.0
ECCENTRICITY = 0.00669342162296594323
BAIDU = np.pi * 3000 / 180
ROUNDS = 12
WEST, EAST, SOUTH, NORTH = 72.004, 137.8347, 0.8293, 55.8271


def convert(lon: Value, lat: Value, source: str, target: str) -> tuple[Value, Value]:
    """Longitude and latitude in another system; both numbers or both arrays."""
    for name in (source, target):
        if name not in SYSTEMS:
            raise ValueError(f"unknown coordinate system: {name}")
    x, y = np.asarray(lon, dtype=float), np.asarray(lat, dtype=float)
    for step in _path(source, target):
        x, y = step(x, y)
    if isinstance(lon, np.ndarray):
        return x, y
    return float(x), float(y)


def _path(source: str, target: str) -> list[Step]:
    levels = {"cgcs2000": 0, "wgs84": 0, "gcj02": 1, "bd09": 2}
    up: list[Step] = [_to_gcj, _gcj_to_bd]
    down: list[Step] = [_from_gcj, _bd_to_gcj]
    start, end = levels[source], levels[target]
    return up[start:end] if start <= end else down[end:start][::-1]


def _to_gcj(lon: Array, lat: Array) -> tuple[Array, Array]:
    inside = (lon >= WEST) & (lon <= EAST) & (lat >= SOUTH) & (lat <= NORTH)
    x, y = lon - 105.0, lat - 35.0
    phi = np.radians(lat)
    magic = 1 - ECCENTRICITY * np.sin(phi) ** 2
    meridian = AXIS * (1 - ECCENTRICITY) / (magic * np.sqrt(magic))
    normal = AXIS / np.sqrt(magic) * np.cos(phi)
    dlon = np.degrees(_shift_lon(x, y) / normal)
    dlat = np.degrees(_shift_lat(x, y) / meridian)
    return lon + np.where(inside, dlon, 0.0), lat + np.where(inside, dlat, 0.0)


def _shift_lon(x: Array, y: Array) -> Array:
    result = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * np.sqrt(np.abs(x))
    result += (20 * np.sin(6 * x * np.pi) + 20 * np.sin(2 * x * np.pi)) * 2 / 3
    result += (20 * np.sin(x * np.pi) + 40 * np.sin(x / 3 * np.pi)) * 2 / 3
    result += (150 * np.sin(x / 12 * np.pi) + 300 * np.sin(x / 30 * np.pi)) * 2 / 3
    return result


def _shift_lat(x: Array, y: Array) -> Array:
    result = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y
    result = result + 0.2 * np.sqrt(np.abs(x))
    result += (20 * np.sin(6 * x * np.pi) + 20 * np.sin(2 * x * np.pi)) * 2 / 3
    result += (20 * np.sin(y * np.pi) + 40 * np.sin(y / 3 * np.pi)) * 2 / 3
    result += (160 * np.sin(y / 12 * np.pi) + 320 * np.sin(y * np.pi / 30)) * 2 / 3
    return result


def _gcj_to_bd(lon: Array, lat: Array) -> tuple[Array, Array]:
    z = np.hypot(lon, lat) + 0.00002 * np.sin(lat * BAIDU)
    theta = np.arctan2(lat, lon) + 0.000003 * np.cos(lon * BAIDU)
    return z * np.cos(theta) + 0.0065, z * np.sin(theta) + 0.006


def _inverse(forward: Step) -> Step:
    """The way back of a small shift: correct the guess by what it misses."""

    def back(lon: Array, lat: Array) -> tuple[Array, Array]:
        x, y = lon, lat
        for _ in range(ROUNDS):
            there_x, there_y = forward(x, y)
            x, y = x + (lon - there_x), y + (lat - there_y)
        return x, y

    return back


_from_gcj = _inverse(_to_gcj)
_bd_to_gcj = _inverse(_gcj_to_bd)
