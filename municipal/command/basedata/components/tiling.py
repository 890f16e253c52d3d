"""Tiles of the components: themselves near by, their numbers further out."""

from collections.abc import Iterator

from django.core.cache import cache
from django.db.models import Count, F, QuerySet, Sum

from municipal.command.basedata.models import BlockCount
from municipal.command.models import Component
from municipal.command.selectors import in_cells
from platform_core.common import live
from platform_core.geo import tiles
from platform_core.geo.cells import COLUMNS
from platform_core.geo.tiles import Feature, Tile
from platform_core.regions.codes import range_q

from .records import TOPIC

KEPT_SECONDS = 3600
CROWDED = 3000  # more points than a tile can show in time, or anybody can tell apart
LEVEL_OF = {
    "intact": "blue",
    "damaged": "orange",
    "lost": "red",
    "occupied": "yellow",
    "abandoned": "grey",
}


def version() -> str:
    """Changes whenever a component does."""
    return live.version_of(TOPIC)


def tile(asked: Tile, class_code: str = "", *, prefix: str = "") -> bytes:
    """The bytes of a tile, for one class or all, inside a division."""
    key = f"tile:{version()}:{asked.z}:{asked.x}:{asked.y}:{class_code}:{prefix}"
    found: bytes | None = cache.get(key)
    if found is None:
        found = tiles.encode(asked, _layers(asked, class_code, prefix))
        cache.set(key, found, KEPT_SECONDS)
    return found


def _layers(asked: Tile, class_code: str, prefix: str) -> dict[str, Iterator[Feature]]:
    if asked.shows_points and (prefix or not _crowded(asked, class_code)):
        return {tiles.POINTS: _points(asked, class_code, prefix)}
    if prefix:
        return {tiles.CLUSTERS: _clusters_inside(asked, class_code, prefix)}
    return {tiles.CLUSTERS: _clusters(asked, class_code)}


def _points(asked: Tile, class_code: str, prefix: str) -> Iterator[Feature]:
    rows = Component.objects.in_place().filter(in_cells(asked.cell_ranges()))
    if class_code:
        rows = rows.filter(class_code=class_code)
    if prefix:
        rows = rows.filter(range_q(prefix, "grid_code"))
    found = rows.order_by().values_list(
        "pk", "lon", "lat", "code", "class_name", "status"
    )
    for key, lon, lat, code, title, status in found:
        about = {
            "code": code,
            "title": title,
            "level": LEVEL_OF.get(status, "grey"),
        }
        yield Feature(lon, lat, about, key)


def _crowded(asked: Tile, class_code: str) -> bool:
    """Whether the nearest zoom that shows points would show too many."""
    if asked.z > tiles.POINTS_FROM:
        return False
    counted = _blocks(asked, class_code).aggregate(Sum("rows"))
    return (counted["rows__sum"] or 0) > CROWDED


def _blocks(asked: Tile, class_code: str) -> QuerySet[BlockCount]:
    return BlockCount.objects.filter(
        in_cells(asked.block_ranges(), "block"),
        level=asked.level,
        class_code=class_code,
        rows__gt=0,
    )


def _clusters(asked: Tile, class_code: str) -> Iterator[Feature]:
    rows = _blocks(asked, class_code)
    for block, count, lons, lats in rows.values_list(
        "block", "rows", "lon_sum", "lat_sum"
    ):
        yield Feature(lons / count, lats / count, {"count": count}, block)


def _clusters_inside(asked: Tile, class_code: str, prefix: str) -> Iterator[Feature]:
    """Clusters for who sees one division only: counted anew, a part of the city."""
    west, south, east, north = asked.bounds
    rows = Component.objects.in_place().filter(
        range_q(prefix, "grid_code"), lon__range=(west, east), lat__range=(south, north)
    )
    if class_code:
        rows = rows.filter(class_code=class_code)
    row = (F("cell") / COLUMNS).bitrightshift(asked.level)
    column = (F("cell") % COLUMNS).bitrightshift(asked.level)
    found = rows.order_by().values_list(row * COLUMNS + column)
    for block, count, lons, lats in found.annotate(Count("pk"), Sum("lon"), Sum("lat")):
        yield Feature(lons / count, lats / count, {"count": count}, block)
