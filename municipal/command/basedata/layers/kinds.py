"""The twelve kinds of places that field surveys take samples from.

The kinds are official, their attributes are this platform's first proposal:
they are data, an administrator changes them.  [guide 4.1.2, cb_sample_layer]
"""

from dataclasses import dataclass
from typing import Any

from municipal.command.basedata.models import LayerKind

POINT, LINE, AREA = "Point", "LineString", "Polygon"
LINES = (LINE, "MultiLineString")
AREAS = (AREA, "MultiPolygon")
Fields = tuple[dict[str, Any], ...]


def text(code: str, name: str, name_en: str) -> dict[str, Any]:
    """An attribute of free text."""
    return {"code": code, "name": name, "name_en": name_en, "type": "text"}


def number(code: str, name: str, name_en: str) -> dict[str, Any]:
    """A number that is not negative."""
    return {"code": code, "name": name, "name_en": name_en, "type": "number"}


def choice(code: str, name: str, name_en: str, *values: str) -> dict[str, Any]:
    """One of some words."""
    return {
        "code": code,
        "name": name,
        "name_en": name_en,
        "type": "choice",
        "choices": list(values),
    }


@dataclass(frozen=True)
class Shipped:
    """A kind as it is shipped."""

    code: str
    name: str
    name_en: str
    geometries: tuple[str, ...]
    fields: Fields


KINDS = (
    Shipped(
        "main_road",
        "主次干道",
        "Main and secondary roads",
        LINES,
        (
            choice(
                "road_class", "道路等级", "Road class", "快速路", "主干道", "次干道"
            ),
            choice("cleaning", "保洁等级", "Cleaning grade", "一级", "二级", "三级"),
        ),
    ),
    Shipped(
        "back_lane",
        "背街小巷",
        "Back lanes",
        LINES,
        (number("width", "宽度（米）", "Width (m)"),),
    ),
    Shipped(
        "pedestrian_street",
        "商业步行街",
        "Pedestrian streets",
        (*LINES, *AREAS),
        (number("shops", "商户数", "Shops"),),
    ),
    Shipped(
        "park",
        "公园",
        "Parks",
        AREAS,
        (
            choice(
                "park_class",
                "公园类别",
                "Class of park",
                "综合公园",
                "社区公园",
                "专类公园",
                "游园",
            ),
        ),
    ),
    Shipped(
        "square",
        "广场",
        "Squares",
        AREAS,
        (number("paved", "铺装面积（平方米）", "Paved area (m²)"),),
    ),
    Shipped(
        "market",
        "农贸市场",
        "Farm-produce markets",
        (POINT, *AREAS),
        (number("stalls", "摊位数", "Stalls"),),
    ),
    Shipped(
        "public_toilet",
        "公共厕所",
        "Public toilets",
        (POINT,),
        (
            choice("toilet_class", "公厕等级", "Class", "一类", "二类", "三类"),
            number("seats", "厕位数", "Seats"),
            choice("accessible", "无障碍设施", "Barrier-free", "有", "无"),
        ),
    ),
    Shipped(
        "station",
        "火车站或长途汽车站",
        "Railway or coach stations",
        (POINT, *AREAS),
        (choice("station_kind", "站类", "Kind", "火车站", "长途汽车站"),),
    ),
    Shipped(
        "river_lake",
        "河流湖泊",
        "Rivers and lakes",
        (*LINES, *AREAS),
        (choice("water_kind", "水体类别", "Kind", "河流", "湖泊"),),
    ),
    Shipped(
        "vendor_zone",
        "便民摊点规划区",
        "Vendor zones",
        (POINT, *AREAS),
        (number("stalls", "摊位数", "Stalls"),),
    ),
    Shipped(
        "community",
        "社区",
        "Communities",
        AREAS,
        (
            number("households", "户数", "Households"),
            text("property_manager", "物业单位", "Property manager"),
        ),
    ),
    Shipped(
        "junction",
        "主要交通路口",
        "Main road junctions",
        (POINT,),
        (
            number("arms", "相交道路数", "Arms"),
            choice("signals", "信号灯", "Signals", "有", "无"),
        ),
    ),
)


def load() -> str:
    """Make the kinds that are missing; what an administrator changed stays."""
    made = 0
    for order, kind in enumerate(KINDS, 1):
        _row, new = LayerKind.objects.get_or_create(
            code=kind.code,
            defaults={
                "name": kind.name,
                "name_en": kind.name_en,
                "geometries": list(kind.geometries),
                "fields": list(kind.fields),
                "order": order,
            },
        )
        made += new
    return f"{made} new of {len(KINDS)} kinds of layers"
