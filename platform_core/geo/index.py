"""Which area is a point in: a spatial index in memory."""

from collections.abc import Hashable, Iterable
from typing import Any, Generic, TypeVar

import numpy as np
import numpy.typing as npt
import shapely
from shapely import STRtree

from .shapes import Geometry, read_area

Key = TypeVar("Key", bound=Hashable)
NOWHERE = -1


class AreaIndex(Generic[Key]):
    """Areas by key; of areas that touch or overlap, the one given first wins."""

    def __init__(self, areas: Iterable[tuple[Key, Geometry]]) -> None:
        pairs = [(key, read_area(geometry)) for key, geometry in areas]
        self.keys: list[Key] = [key for key, _ in pairs]
        self._shapes = np.array([area for _, area in pairs], dtype=object)
        shapely.prepare(self._shapes)
        self._tree = STRtree(self._shapes)

    def __len__(self) -> int:
        return len(self.keys)

    def find(self, lon: float, lat: float) -> Key | None:
        """The key of the area that holds the point; its border counts as inside."""
        candidates: list[int] = sorted(self._tree.query(shapely.Point(lon, lat)))
        for place in candidates:
            if shapely.intersects_xy(self._shapes[place], lon, lat):
                return self.keys[place]
        return None

    def find_many(self, lons: npt.ArrayLike, lats: npt.ArrayLike) -> list[Key | None]:
        """`find` for many points at once."""
        places = self.places(np.asarray(lons, float), np.asarray(lats, float))
        known: list[Key | None] = [*self.keys, None]  # NOWHERE is the last one
        return [known[place] for place in places]

    def places(self, lons: npt.NDArray[Any], lats: npt.NDArray[Any]) -> npt.NDArray:
        """Positions in `keys` of the areas that hold the points, or NOWHERE."""
        nobody = len(self.keys)
        found = np.full(len(lons), nobody, dtype=np.intp)
        points, areas = self._tree.query(shapely.points(lons, lats))
        inside = shapely.intersects_xy(self._shapes[areas], lons[points], lats[points])
        np.minimum.at(found, points[inside], areas[inside])
        found[found == nobody] = NOWHERE
        return found
