"""Reads of map layers and 3D services."""

from typing import Any
from urllib.parse import quote

from django.db.models import QuerySet
from django.urls import reverse

from municipal.command.basedata.models import CimService, MapLayer
from municipal.command.basedata.models.maps import MapService
from platform_core.common.snapshots import Snapshot
from platform_core.geo import shapes
from platform_core.regions.codes import prefix_of
from platform_core.ui.maps import origin

_held = Snapshot("basedata.map_hosts")


def described(user: Any) -> list[dict[str, Any]]:
    """The layers somebody may see, as the map's script wants them."""
    rows = MapLayer.objects.visible_to(user).filter(is_active=True)
    return [
        {
            "id": row.pk,
            "name": row.name,
            "use": row.use,
            "service": row.service,
            "url": address(row),
            "sourceLayer": row.source_layer,
            "coordSys": row.coord_sys,
            "minZoom": row.min_zoom,
            "maxZoom": row.max_zoom,
            "attribution": row.attribution,
            "colour": row.colour,
            "shown": row.is_shown,
        }
        for row in rows
    ]


def address(row: MapLayer) -> str:
    """Where the browser asks for a layer."""
    if row.service == MapService.POINTS:
        return reverse("map_layers:points", args=[row.pk])
    return row.url


def points(row: MapLayer) -> dict[str, Any]:
    """The points of a layer as GeoJSON."""
    return shapes.collection(
        shapes.feature(
            shapes.point(point.lon, point.lat),
            {"title": point.name, "text": point.text},
            key=point.pk,
        )
        for point in row.points.all()
    )


def hosts() -> frozenset[str]:
    """Origins of all layers in use."""
    return _held.get("hosts", _hosts)


def forget() -> None:
    """Have the origins read anew everywhere."""
    _held.renew()


def _hosts() -> frozenset[str]:
    urls = MapLayer.objects.filter(is_active=True).values_list("url", flat=True)
    return frozenset(origin(url) for url in urls if url) - {""}


def services_at(code: str) -> QuerySet[CimService]:
    """3D services whose area holds a division or grid code."""
    rows = CimService.objects.filter(is_active=True).select_related("area")
    keys = [row.pk for row in rows if code.startswith(prefix_of(row.area_id))]
    return rows.filter(pk__in=keys)


def viewer(service: CimService, lon: float, lat: float, code: str = "") -> str:
    """The address of the viewer at a position."""
    values = {
        "{lon}": f"{lon:.7f}",
        "{lat}": f"{lat:.7f}",
        "{code}": quote(code),
        "{service}": quote(service.service_url, safe=""),
    }
    found = service.viewer_url
    for place, value in values.items():
        found = found.replace(place, value)
    return found
