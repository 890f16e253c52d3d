"""Where somebody has to be: the union of the unit grids of duty grids, in metres."""

import math
from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt
import shapely

from municipal.command.models import UnitGrid
from platform_core.common.snapshots import Snapshot
from platform_core.geo import shapes
from platform_core.geo.distance import EARTH

snapshot = Snapshot("patrol.areas")
DEGREE = math.radians(1) * EARTH


class Area:
    """A union of polygons that tells how far outside a position lies."""

    def __init__(self, geometries: Iterable[shapes.Geometry]) -> None:
        found = shapely.union_all([shapes.read_area(one) for one in geometries])
        self.shrink = math.cos(math.radians(found.centroid.y))
        self.shape = shapely.transform(found, self._flat)
        shapely.prepare(self.shape)

    def _flat(self, points: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        return points * [DEGREE * self.shrink, DEGREE]

    def outside(self, places: Sequence[tuple[float, float]]) -> list[float]:
        """For each longitude and latitude how many metres outside; 0 inside."""
        if not places:
            return []
        flat = self._flat(np.asarray(places, float))
        far = np.atleast_1d(shapely.distance(self.shape, shapely.points(flat)))
        return [round(float(metres), 1) for metres in far]


def area_of(duty_grids: Iterable[int]) -> Area | None:
    """The area of some duty grids, remembered; None where they have no ground."""
    keys = tuple(sorted(set(duty_grids)))

    def load() -> Area | None:
        rows = UnitGrid.objects.filter(duty_grid__in=keys, valid_to=None)
        found = list(rows.values_list("geometry", flat=True))
        return Area(found) if found else None

    return snapshot.get(keys, load) if keys else None
