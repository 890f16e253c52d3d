"""P8: the component next to a point, the unit grid around it."""

import random
import statistics
import time
from collections.abc import Callable

from municipal.command import places, selectors
from municipal.command.models import UnitGrid

POINTS = 300


def measure() -> dict[str, float]:
    """Milliseconds for one point, the middle of many."""
    chance = random.Random(8)
    grids = list(UnitGrid.objects.order_by("code").values_list("lon", "lat"))
    points = [chance.choice(grids) for _ in range(POINTS)]
    return {
        "nearest component": _each(
            points,
            lambda lon, lat: selectors.nearest_component(lon=lon, lat=lat, within=1000),
        ),
        "grid around a point": _each(points, places.locate),
    }


def _each(
    points: list[tuple[float, float]], ask: Callable[[float, float], object]
) -> float:
    ask(*points[0])
    spent = []
    for point in points:
        begun = time.perf_counter()
        ask(*point)
        spent.append(time.perf_counter() - begun)
    return statistics.median(spent) * 1000
