"""A road with numbers, a crossing road and a place in the test street."""

from datetime import date

import pytest

from municipal.command.geocoding import areas, indexing
from municipal.command.geocoding.models import Address
from platform_core.geo.cells import cell
from tests.factories.command import LAT, LON, STEP

CITY = "青岛市市南区示例街道"


def made(kind: str, lon: float, lat: float, **parts) -> Address:
    """A published address in the first grid."""
    serial = 90_000 + Address.objects.count()
    row = Address(
        code=f"370202001001001{kind}{serial:05d}",
        kind=kind,
        lon=lon,
        lat=lat,
        cell=cell(lon, lat),
        grid_code="370202001001001",
        area_code="370202001001",
        state="published",
        collected_on=date(2026, 7, 1),
        **parts,
    )
    row.standard = f"{CITY}{row.local}"
    row.save()
    return row


def line(*points) -> dict:
    return {"type": "LineString", "coordinates": [list(point) for point in points]}


@pytest.fixture
def base(city) -> dict[str, Address]:
    middle = LAT + STEP / 2
    rows = {
        "road": made(
            "2",
            LON + 2 * STEP,
            middle,
            road="香港中路",
            line=line((LON, middle), (LON + 4 * STEP, middle)),
        ),
        "cross": made(
            "2",
            LON + STEP,
            middle,
            road="山东路",
            line=line((LON + STEP, LAT), (LON + STEP, LAT + STEP)),
        ),
        "market": made(
            "6",
            LON + STEP / 2,
            LAT + 0.0002,
            road="香港中路",
            name="示例农贸市场",
            category="商业",
            aliases=["老菜场"],
        ),
    }
    for number in (2, 4, 6, 10, 12):
        rows[str(number)] = made(
            "4",
            round(LON + number * 0.0002, 7),
            round(middle + 0.0001, 7),
            road="香港中路",
            number=f"{number}号",
        )
    areas.forget()
    indexing.refresh(rows.values())
    return rows
