"""Outlines of provinces and cities as GeoJSON, out of the chart library's maps.

The maps of echarts 4 keep coordinates as differences, zigzag encoded in
characters; decoded they are ordinary GeoJSON with longitude and latitude.
"""

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from shapely import MultiPolygon, Polygon, make_valid
from shapely.geometry import mapping
from shapely.ops import unary_union

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "node_modules/echarts-boundaries/map/json"
TABLE = ROOT / "platform_core/regions/data/divisions.csv"
NATION = "100000"
SCALE = 1024
DIGITS = 4
RENAMED = {
    "莱芜市": "370100",
    "那曲地区": "540600",
    "梁平县": "500155",
    "武隆县": "500156",
}

Point = list[float]


def read_ring(ring: str | list[Point], offset: list[int]) -> list[Point]:
    """One closed ring of points; some are encoded, some are plain numbers."""
    points = steps(ring, offset) if isinstance(ring, str) else ring
    found = [[round(x, DIGITS), round(y, DIGITS)] for x, y in points]
    if found and found[0] != found[-1]:
        found.append(found[0])
    return found


def steps(text: str, offset: list[int]) -> Iterator[Point]:
    """Each pair of characters is a step from the point before."""
    x, y = offset
    for index in range(0, len(text) - 1, 2):
        x += unzigzag(ord(text[index]) - 64)
        y += unzigzag(ord(text[index + 1]) - 64)
        yield [x / SCALE, y / SCALE]


def unzigzag(value: int) -> int:
    return (value >> 1) ^ -(value & 1)


def decode(geometry: dict[str, Any]) -> Any:
    """A geometry with encoded rings as a valid shape."""
    polygons = geometry["coordinates"]
    offsets = geometry.get("encodeOffsets")
    if geometry["type"] == "Polygon":
        polygons, offsets = [polygons], offsets and [offsets]
    offsets = offsets or [[[0, 0]] * len(rings) for rings in polygons]
    decoded = [
        [read_ring(ring, offset) for ring, offset in zip(rings, starts, strict=False)]
        for rings, starts in zip(polygons, offsets, strict=True)
    ]
    whole = [[ring for ring in rings if len(ring) >= 4] for rings in decoded]
    return areas([make_valid(Polygon(rings[0], rings[1:])) for rings in whole if rings])


def areas(shapes: list[Any]) -> Any:
    """The areas of shapes as one valid geometry; lines and points drop out."""
    parts = [part for shape in shapes for part in getattr(shape, "geoms", [shape])]
    return unary_union([part for part in parts if part.area > 0])


def geojson(shape: Any) -> dict[str, Any]:
    """Plain GeoJSON, always a MultiPolygon."""
    parts = [part for part in getattr(shape, "geoms", [shape]) if part.area > 0]
    found = mapping(MultiPolygon(flat(parts)))
    return {"type": "MultiPolygon", "coordinates": found["coordinates"]}


def flat(parts: list[Any]) -> list[Any]:
    """Polygons out of polygons and multi-polygons."""
    return [one for part in parts for one in getattr(part, "geoms", [part])]


class Names:
    """Codes of divisions by their number or by their name inside a parent."""

    def __init__(self) -> None:
        with TABLE.open(encoding="utf-8", newline="") as stream:
            self.rows = {row["code"]: row for row in csv.DictReader(stream)}

    def code_of(self, number: str, name: str, parent: str) -> str:
        """The six-digit code of a feature, "" where the table has none."""
        if number in self.rows or name in RENAMED:
            return number if number in self.rows else RENAMED[name]
        inside = (
            code
            for code, row in self.rows.items()
            if row["name"].startswith(name) and (row["parent_code"] or NATION) == parent
        )
        return next(inside, "")

    def name_of(self, code: str, name: str) -> str:
        return self.rows[code]["name"] if code else name


def features(path: Path, names: Names, parent: str) -> list[dict[str, Any]]:
    """The decoded features of one file; parts of one division become one."""
    shapes: dict[tuple[str, str], list[Any]] = {}
    for feature in json.loads(path.read_text(encoding="utf-8"))["features"]:
        name = feature["properties"].get("name", "")
        code = names.code_of(str(feature.get("id") or ""), name, parent)
        key = (code, names.name_of(code, name))
        shapes.setdefault(key, []).append(decode(feature["geometry"]))
    return [
        {
            "type": "Feature",
            "properties": {"code": code, "name": name},
            "geometry": geojson(areas(parts)),
        }
        for (code, name), parts in shapes.items()
    ]


def write(target: Path, found: list[dict[str, Any]]) -> None:
    text = json.dumps(
        {"type": "FeatureCollection", "features": found},
        ensure_ascii=False,
        separators=(",", ":"),
    )
    target.write_text(text, encoding="utf-8")


def province_of(path: Path, names: Names) -> str:
    """The province that most features of a file belong to."""
    numbers = [
        str(feature.get("id") or "")
        for feature in json.loads(path.read_text(encoding="utf-8"))["features"]
    ]
    heads = {number[:2] + "0000" for number in numbers if number}
    known = sorted(head for head in heads if head in names.rows)
    return known[0] if len(known) == 1 else ""


def copy_boundaries(target: Path) -> int:
    """Write maps/100000.json and one file per province; how many files."""
    target.mkdir(parents=True, exist_ok=True)
    names = Names()
    write(target / f"{NATION}.json", features(SOURCE / "china.json", names, NATION))
    count = 1
    for path in sorted((SOURCE / "province").glob("*.json")):
        code = province_of(path, names)
        if code:
            write(target / f"{code}.json", features(path, names, code))
            count += 1
    return count
