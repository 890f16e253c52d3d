"""Proposals, layers and a survey of the sample city; the same each time."""

from datetime import timedelta

from django.db import transaction

from municipal.command.basedata.changes import services as changes
from municipal.command.basedata.components import counts
from municipal.command.basedata.enums import Change, Origin
from municipal.command.basedata.layers import records
from municipal.command.basedata.models import Campaign, LayerFeature
from municipal.command.basedata.surveys import services as surveys
from municipal.command.models import Component, UnitGrid
from platform_core.accounts import selectors as accounts
from platform_core.accounts.models import User
from platform_core.common import clock
from platform_core.geo import shapes

WIDTH, HEIGHT = 0.0008, 0.0006
PLACES = (
    ("main_road", "香港中路", {"road_class": "主干道", "cleaning": "一级"}),
    ("back_lane", "云霄路后街", {"width": 6}),
    ("pedestrian_street", "台东步行街", {"shops": 120}),
    ("park", "中山公园", {"park_class": "综合公园"}),
    ("square", "五四广场", {"paved": 60000}),
    ("market", "八大湖农贸市场", {"stalls": 86}),
    ("public_toilet", "香港中路公厕", {"toilet_class": "一类", "seats": 18}),
    ("station", "市区长途汽车站", {"station_kind": "长途汽车站"}),
    ("river_lake", "浮山河", {"water_kind": "河流"}),
    ("vendor_zone", "云霄路便民摊点", {"stalls": 24}),
    ("community", "示例社区", {"households": 1350}),
    ("junction", "香港中路路口", {"arms": 4, "signals": "有"}),
)
WANTED = (
    ("damaged", "井盖边缘开裂"),
    ("lost", "巡查发现设施丢失"),
    ("occupied", "被临时围挡占用"),
    ("abandoned", "单位告知已停用"),
)


def load() -> str:
    """Make what is missing; how much there is."""
    with transaction.atomic():
        layers = _layers()
        counts.rebuild()
        _proposals()
        _survey()
    return f"{layers} features of layers, {Campaign.objects.count()} surveys"


def _layers() -> int:
    """One place of every kind, each in a grid of its own."""
    if not LayerFeature.objects.filter(is_sample=True).exists():
        grids = UnitGrid.objects.filter(is_sample=True, valid_to=None)
        for grid, (kind, name, attributes) in zip(
            grids.order_by("code")[:: len(PLACES)], PLACES, strict=False
        ):
            values = {
                "kind": kind,
                "name": name,
                "geometry": _geometry(kind, grid),
                "manager": "市城市管理局",
                "attributes": attributes,
            }
            made = records.create(records.check(values, None))
            LayerFeature.objects.filter(pk=made.pk).update(is_sample=True)
    return LayerFeature.objects.count()


def _geometry(kind: str, grid: UnitGrid) -> dict[str, object]:
    west, south = grid.lon - WIDTH / 2, grid.lat - HEIGHT / 2
    allowed = records.kind_of({"kind": kind}).geometries
    if "Point" in allowed:
        return shapes.point(grid.lon, grid.lat)
    if "LineString" in allowed:
        ends = [[west, grid.lat], [west + WIDTH, grid.lat]]
        return {"type": "LineString", "coordinates": ends}
    return shapes.rectangle(west, south, west + WIDTH, south + HEIGHT)


def _inspector() -> User | None:
    return accounts.users_with_role("supervisor").order_by("username").first()


def _reviewer() -> User | None:
    return accounts.users_with_role("duty_leader").order_by("username").first()


def _proposals() -> None:
    """Some changes that were found; the first ones are published."""
    inspector, reviewer = _inspector(), _reviewer()
    rows = Component.objects.filter(is_sample=True).order_by("code")
    if inspector is None or reviewer is None or inspector.pk is None:
        return
    if rows.filter(proposals__isnull=False).exists():
        return
    for place, (status, reason) in enumerate(WANTED):
        row = rows[place * 7 : place * 7 + 1].get()
        made = changes.propose(
            subject="component",
            change=Change.STATE,
            target=row,
            by=inspector,
            values={"status": status},
            origin=Origin.PATROL,
            reason=reason,
        )
        if place < len(WANTED) // 2:
            changes.publish(made, by=reviewer, note="照片属实")


def _survey() -> None:
    """A survey of the manhole covers of one street, under way."""
    inspector, reviewer = _inspector(), _reviewer()
    first = UnitGrid.objects.filter(is_sample=True).order_by("code").first()
    known = Campaign.objects.filter(is_sample=True).exists()
    if known or inspector is None or reviewer is None or first is None:
        return
    made = surveys.plan(
        name="检查井盖专项调查",
        kind="special",
        division_code=first.code[:9],
        class_codes=["01001", "01002", "01003"],
        starts_on=clock.today(),
        ends_on=clock.today() + timedelta(days=30),
        inspectors=[inspector],
        instructions="逐一核对井盖位置、状态和权属，缺失的拍照登记。",
        by=reviewer,
    )
    made.is_sample = True
    made.save()
    surveys.begin(made, by=reviewer)
