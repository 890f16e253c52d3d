"""Measure how fast a point finds its grid, at two numbers of grids."""

import time

import numpy as np

from platform_core.geo.index import AreaIndex
from platform_core.geo.shapes import rectangle

SIDES = (45, 141)  # 2 025 and 19 881 grids
POINTS = 200_000
SINGLE = 5_000
STEP = 0.001


def grids(side: int) -> AreaIndex[int]:
    """A square city of `side` × `side` grids."""
    corners = [
        (120 + x * STEP, 36 + y * STEP) for y in range(side) for x in range(side)
    ]
    boxes = [rectangle(lon, lat, lon + STEP, lat + STEP) for lon, lat in corners]
    return AreaIndex(enumerate(boxes))


def main() -> None:
    chance = np.random.default_rng(1)
    print(f"{'grids':>8} {'built s':>8} {'single µs':>10} {'bulk/min':>12}")
    for side in SIDES:
        started = time.perf_counter()
        index = grids(side)
        built = time.perf_counter() - started
        lons = chance.uniform(120, 120 + side * STEP, POINTS)
        lats = chance.uniform(36, 36 + side * STEP, POINTS)
        started = time.perf_counter()
        index.find_many(lons, lats)
        bulk = POINTS / (time.perf_counter() - started) * 60
        started = time.perf_counter()
        for lon, lat in zip(lons[:SINGLE], lats[:SINGLE], strict=True):
            index.find(lon, lat)
        single = (time.perf_counter() - started) / SINGLE * 1e6
        print(f"{side * side:>8} {built:>8.2f} {single:>10.1f} {bulk:>12,.0f}")


if __name__ == "__main__":
    main()
