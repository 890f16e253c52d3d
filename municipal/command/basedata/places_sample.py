"""Grids for upkeep, a layer of points, a 3D service: generated, the same each time."""

from municipal.command.basedata.grids import services as grids
from municipal.command.basedata.models import (
    AreaGrid,
    CimService,
    GridVersion,
    MapLayer,
)
from municipal.command.basedata.models.grids import VersionState
from municipal.command.models import UnitGrid
from platform_core.accounts.models import OrgUnit
from platform_core.common import clock
from platform_core.regions import selectors as regions

LAYERS = (
    ("公厕", "#7a4fb5", 5),
    ("公园绿地", "#1e8e45", 7),
    ("便民摊区", "#d9622b", 9),
)


def load() -> str:
    """What the pages of grids and maps show; safe to run twice."""
    if AreaGrid.objects.filter(is_sample=True).exists():
        return "grids and maps are there"
    rows = list(UnitGrid.objects.filter(is_sample=True, valid_to=None))
    if not rows:
        return "no unit grids"
    GridVersion.objects.get_or_create(
        number=1,
        defaults={
            "title": "单元网格初始划分",
            "state": VersionState.PUBLISHED,
            "effective_on": clock.today(),
        },
    )
    _areas(rows)
    _layers(rows)
    CimService.objects.create(
        name="城市信息模型（示例）",
        kind="3dtiles",
        area_id=regions.own_division().code,
        service_url="https://cim.example/tileset.json",
        viewer_url="https://cim.example/viewer?lon={lon}&lat={lat}&id={code}",
    )
    return f"{AreaGrid.objects.count()} grids of several, {len(LAYERS)} map layers"


def _areas(rows: list[UnitGrid]) -> None:
    """A management grid for each street, looked after by sanitation."""
    unit = OrgUnit.objects.filter(code__endswith="-sanitation").first()
    streets: dict[str, list[str]] = {}
    for row in rows:
        streets.setdefault(row.code[:9], []).append(row.code)
    for street, codes in sorted(streets.items()):
        name = f"{regions.division(street).name}环卫养护网格"
        made = grids.save_area_grid(
            by=None, kind="G", name=name, codes=codes, unit=unit
        )
        AreaGrid.objects.filter(pk=made.pk).update(is_sample=True)


def _layers(rows: list[UnitGrid]) -> None:
    for order, (name, colour, step) in enumerate(LAYERS):
        layer = MapLayer.objects.create(
            name=name,
            use="overlay",
            service="points",
            colour=colour,
            order=order,
            is_public=True,
            is_sample=True,
        )
        for number, row in enumerate(rows[::step][:40], 1):
            layer.points.create(
                name=f"{name}{number}号",
                lon=round(row.lon + 0.0002, 7),
                lat=round(row.lat - 0.0001, 7),
            )
