"""Generated roads, numbers and places on the sample grids, the same each time."""

import random
from collections.abc import Iterator

from django.db import transaction

from municipal.command.models import UnitGrid
from platform_core.common import clock
from platform_core.common.models import Sequence
from platform_core.geo import cells
from platform_core.regions import selectors as regions

from . import areas, indexing
from .enums import AddressState, PlaceKind
from .models import Address

ACROSS = (
    "香港中路",
    "闽江路",
    "江西路",
    "宁夏路",
    "台湛路",
    "湛山一路",
    "太平路",
    "登州路",
)
DOWN = (
    "山东路",
    "南京路",
    "福州路",
    "燕儿岛路",
    "延吉路",
    "绍兴路",
    "徐州路",
    "镇江路",
)
PLACES = (
    ("便民服务中心", "政务"),
    ("农贸市场", "商业"),
    ("第一小学", "学校"),
    ("社区医院", "医疗"),
    ("口袋公园", "公园"),
    ("公共厕所", "公厕"),
)
GAP = 0.0004  # about 40 m between numbers
Point = tuple[float, float]


@transaction.atomic
def load() -> str:
    """A few hundred published addresses; safe to run twice."""
    if Address.objects.filter(is_sample=True).exists():
        return "addresses are there"
    rows: list[Address] = []
    for number, district in enumerate(_districts()):
        rows += _street(district, number)
    made = [row for row in rows if row.grid_code]
    Address.objects.bulk_create(made, batch_size=500)
    areas.forget()
    indexing.refresh(made)
    return f"{len(made)} addresses"


def _districts() -> list[list[UnitGrid]]:
    grids = UnitGrid.objects.filter(is_sample=True, valid_to=None).order_by("code")
    by_district: dict[str, list[UnitGrid]] = {}
    for grid in grids:
        by_district.setdefault(grid.code[:6], []).append(grid)
    return list(by_district.values())


def _street(grids: list[UnitGrid], number: int) -> Iterator[Address]:
    """Two roads that cross, their numbers, and places beside them."""
    chance = random.Random(grids[0].code)  # noqa: S311
    west, east = min(row.lon for row in grids), max(row.lon for row in grids)
    south, north = min(row.lat for row in grids), max(row.lat for row in grids)
    for index, share in enumerate((0.3, 0.7)):
        lat, lon = south + (north - south) * share, west + (east - west) * share
        across = ACROSS[(2 * number + index) % len(ACROSS)]
        down = DOWN[(2 * number + index) % len(DOWN)]
        yield from _road(across, (west, lat), (east, lat), grids)
        yield from _road(down, (lon, north), (lon, south), grids)
    for index, (name, category) in enumerate(PLACES):
        grid = chance.choice(grids)
        street = regions.division(grid.code[:9]).name.removesuffix("街道")
        road = ACROSS[(2 * number + index % 2) % len(ACROSS)]
        place = {"name": f"{street}{name}", "category": category, "road": road}
        yield _made(PlaceKind.POI, (grid.lon, grid.lat), grids, place)
    for index in range(3):
        grid = grids[index * len(grids) // 3]
        name = f"{regions.division(grid.code[:12]).name}{'东西南'[index]}苑小区"
        yield _made(PlaceKind.COMPOUND, (grid.lon, grid.lat), grids, {"compound": name})


def _road(
    name: str, start: Point, end: Point, grids: list[UnitGrid]
) -> Iterator[Address]:
    line = {"type": "LineString", "coordinates": [list(start), list(end)]}
    middle = ((start[0] + end[0]) / 2, (start[1] + end[1]) / 2)
    yield _made(PlaceKind.ROAD, middle, grids, {"road": name, "line": line})
    length = max(abs(end[0] - start[0]), abs(end[1] - start[1]))
    steps = max(2, int(length / GAP))
    for step in range(steps):
        share = (step + 0.5) / steps
        lon = start[0] + (end[0] - start[0]) * share
        lat = start[1] + (end[1] - start[1]) * share
        for odd in (1, 0):
            aside = 0.00012 if odd else -0.00012
            across = start[1] == end[1]
            point = (lon, lat + aside) if across else (lon + aside, lat)
            number = {"road": name, "number": f"{2 * step + 2 - odd}号"}
            yield _made(PlaceKind.NUMBER, point, grids, number)


def _made(kind: PlaceKind, point: Point, grids: list[UnitGrid], parts: dict) -> Address:
    lon, lat = round(point[0], 7), round(point[1], 7)
    grid = min(grids, key=lambda row: (row.lon - lon) ** 2 + (row.lat - lat) ** 2)
    row = Address(
        kind=kind,
        lon=lon,
        lat=lat,
        cell=cells.cell(lon, lat),
        grid_code=grid.code,
        area_code=grid.code[:12],
        state=AddressState.PUBLISHED,
        collected_on=clock.today(),
        is_sample=True,
        **parts,
    )
    serial = Sequence.take(f"address/{grid.code}{kind}")
    row.code = f"{grid.code}{kind}{serial:05d}"
    row.standard = f"{areas.names(grid.code)}{row.local}"
    return row
