"""Vector tiles of points: which cells a tile covers, and its bytes.

From `POINTS_FROM` on a tile holds the points themselves; below it holds
clusters, read from counts that are kept by square blocks of cells.
[Mapbox Vector Tile 2.1, Web Mercator]
"""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from mapbox_vector_tile.Mapbox import vector_tile_pb2

from .cells import COLUMNS, LAT_STEP, LON_STEP, box_ranges

EXTENT = 4096
EDGE = 1e-6  # degrees
DEEPEST = 22
POINTS_FROM = 15
POINTS, CLUSTERS = "points", "clusters"
MEDIA_TYPE = "application/vnd.mapbox-vector-tile"
LEVELS = (2, 4, 6, 8)  # blocks of 4, 16, 64 and 256 cells a side
MOVE_TO = 9  # one MoveTo command
POINT_TYPE = vector_tile_pb2.tile.Point
Range = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Feature:
    """A point of a tile; properties are texts, numbers and truths."""

    lon: float
    lat: float
    properties: Mapping[str, Any]
    id: int | None = None


@dataclass(frozen=True, slots=True)
class Tile:
    """A square of the map; ValueError where there is none of that number."""

    z: int
    x: int
    y: int

    def __post_init__(self) -> None:
        side = 1 << self.z if 0 <= self.z <= DEEPEST else 0
        if not (0 <= self.x < side and 0 <= self.y < side):
            raise ValueError(f"no such tile: {self.z}/{self.x}/{self.y}")

    @classmethod
    def at(cls, z: int, lon: float, lat: float) -> "Tile":
        """The tile that a point lies in."""
        side = 1 << z
        x, y = _mercator(np.array([lon]), np.array([lat]))
        last = side - 1
        return cls(z, min(int(x[0] * side), last), min(int(y[0] * side), last))

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east, north in degrees."""
        side = 1 << self.z
        west, east = (360 * column / side - 180 for column in (self.x, self.x + 1))
        north, south = (_latitude(row / side) for row in (self.y, self.y + 1))
        return west, south, east, north

    @property
    def shows_points(self) -> bool:
        """Whether it is close enough to show every point."""
        return self.z >= POINTS_FROM

    @property
    def level(self) -> int:
        """The size of the blocks that its clusters count."""
        wanted = 2 * ((POINTS_FROM - 1 - self.z) // 2 + 1)
        return max(LEVELS[0], min(LEVELS[-1], wanted))

    def cell_ranges(self) -> list[Range]:
        """First and last cell of each row of cells that it touches."""
        return box_ranges(*self.bounds)

    def block_ranges(self) -> list[Range]:
        """First and last block of each row of blocks that it touches."""
        return list(_block_ranges(self.cell_ranges(), self.level))

    def places(self, lons: Any, lats: Any) -> tuple[Any, Any, Any]:
        """Positions inside the tile, and which of the points lie in it."""
        side = 1 << self.z
        x, y = _mercator(np.asarray(lons, float), np.asarray(lats, float))
        across, down = x * side - self.x, y * side - self.y
        inside = (across >= 0) & (across < 1) & (down >= 0) & (down < 1)
        return (across * EXTENT).astype(int), (down * EXTENT).astype(int), inside


def block(cell: int, level: int) -> int:
    """The block of 2^level by 2^level cells that a cell belongs to."""
    row, column = divmod(cell, COLUMNS)
    return (row >> level) * COLUMNS + (column >> level)


def clusters(tile: Tile, found: Sequence[int]) -> Iterator[tuple[float, float, int]]:
    """The middle and the number of what lies in each block, by its cells.

    It stays in the tile, so that what lies at its edge is not left out.
    """
    rows, columns = np.divmod(np.asarray(found, np.int64), COLUMNS)
    blocks = (rows >> tile.level) * COLUMNS + (columns >> tile.level)
    _numbers, place, counts = np.unique(blocks, return_inverse=True, return_counts=True)
    west, south, east, north = tile.bounds
    lons = (np.bincount(place, columns) / counts + 0.5) * LON_STEP - 180
    lats = (np.bincount(place, rows) / counts + 0.5) * LAT_STEP - 90
    lons = np.clip(lons, west + EDGE, east - EDGE).round(7).tolist()
    lats = np.clip(lats, south + EDGE, north - EDGE).round(7).tolist()
    yield from zip(lons, lats, counts.tolist(), strict=True)


def encode(tile: Tile, layers: Mapping[str, Iterable[Feature]]) -> bytes:
    """The tile's bytes; features outside it are left out."""
    made = vector_tile_pb2.tile()
    for name, given in layers.items():
        features = list(given)
        if features:
            _layer(made.layers.add(), name, tile, features)
    content: bytes = made.SerializeToString()
    return content


def _layer(layer: Any, name: str, tile: Tile, features: list[Feature]) -> None:
    layer.name, layer.version, layer.extent = name, 2, EXTENT
    keys: dict[str, int] = {}
    values: dict[tuple[type, Any], int] = {}
    across, down, inside = tile.places(
        [one.lon for one in features], [one.lat for one in features]
    )
    for index in np.flatnonzero(inside):
        given = features[index]
        made = layer.features.add()
        made.type = POINT_TYPE
        x, y = int(across[index]), int(down[index])
        made.geometry.extend((MOVE_TO, x << 1, y << 1))
        if given.id is not None:
            made.id = given.id
        for key, value in given.properties.items():
            made.tags.append(keys.setdefault(key, len(keys)))
            made.tags.append(values.setdefault((type(value), value), len(values)))
    layer.keys.extend(keys)
    for kind, value in values:
        _write(layer.values.add(), kind, value)


def _write(target: Any, kind: type, value: Any) -> None:
    if kind is bool:
        target.bool_value = value
    elif kind is int:
        target.sint_value = value
    elif kind is float:
        target.double_value = value
    else:
        target.string_value = str(value)


def _block_ranges(ranges: list[Range], level: int) -> Iterator[Range]:
    done = None
    for first, last in ranges:
        found = block(first, level), block(last, level)
        if found != done:
            yield found
        done = found


def _mercator(lons: Any, lats: Any) -> tuple[Any, Any]:
    """Shares of the world's width and height, from the north-west corner."""
    sines = np.sin(np.radians(lats))
    return (lons + 180) / 360, 0.5 - np.arctanh(sines) / (2 * math.pi)


def _latitude(share: float) -> float:
    return math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * share))))
