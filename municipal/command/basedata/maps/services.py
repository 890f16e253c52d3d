"""Every write to map layers, their points and 3D services."""

import csv
import io
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from django.db import transaction
from django.utils.translation import gettext as _

from municipal.command.basedata.models import CimService, MapLayer, MapPoint
from municipal.command.basedata.models.maps import MapService
from municipal.command.geocoding.tables import read_rows
from platform_core.audit import services as audit
from platform_core.common.errors import DomainError

from . import selectors

TILED = {MapService.XYZ, MapService.WMTS, MapService.VECTOR}
PLACES = ("{z}", "{x}", "{y}")


@transaction.atomic
def save_layer(*, by: Any, values: Mapping[str, Any], layer: Any = None) -> MapLayer:
    """Make or change a layer; its address is checked."""
    layer = layer or MapLayer()
    assert isinstance(layer, MapLayer)
    for name, value in values.items():
        setattr(layer, name, value)
    _check(layer)
    layer.touch()
    layer.save()
    audit.record("maps.layer_saved", layer, by=by, data={"url": layer.url})
    selectors.forget()
    return layer


@transaction.atomic
def delete_layer(*, layer: MapLayer, by: Any) -> None:
    """Take a layer away with its points."""
    audit.record("maps.layer_deleted", layer, by=by)
    layer.delete()
    selectors.forget()


@transaction.atomic
def load_points(*, layer: MapLayer, by: Any, source: Any) -> int:
    """Put the rows of a table (name, lon, lat, text) into a layer of points."""
    made = [_point(layer, number, row) for number, row in read_rows(source)]
    known = MapPoint.objects.filter(layer=layer).count()
    MapPoint.objects.bulk_create(made, ignore_conflicts=True, batch_size=1000)
    count = MapPoint.objects.filter(layer=layer).count() - known
    audit.record("maps.points_loaded", layer, by=by, data={"points": count})
    return count


@transaction.atomic
def save_service(*, by: Any, values: Mapping[str, Any], service: Any = None) -> Any:
    """Make or change a 3D service."""
    service = service or CimService()
    for name, value in values.items():
        setattr(service, name, value)
    for name in ("service_url", "viewer_url"):
        address = getattr(service, name).replace("{service}", "https://x")
        if name == "service_url" or not address.startswith("/"):
            _web(address, name)
    service.touch()
    service.save()
    audit.record("maps.service_saved", service, by=by)
    return service


def template() -> str:
    """The columns of a table of points."""
    stream = io.StringIO()
    csv.writer(stream).writerow(["name", "lon", "lat", "text"])
    return stream.getvalue()


def _check(layer: MapLayer) -> None:
    if layer.min_zoom > layer.max_zoom:
        text = _("The smallest zoom is above the largest.")
        raise DomainError(text, fields={"max_zoom": text})
    if layer.service == MapService.POINTS:
        layer.url = ""
        return
    if not layer.url.startswith("/"):
        _web(layer.url, "url")
    missing = [part for part in PLACES if part not in layer.url]
    if layer.service in TILED and missing:
        text = _("The address needs %(parts)s.") % {"parts": " ".join(missing)}
        raise DomainError(text, fields={"url": text})
    if layer.service == MapService.VECTOR and not layer.source_layer:
        text = _("Please name the layer in the tiles.")
        raise DomainError(text, fields={"source_layer": text})


def _web(url: str, field: str) -> None:
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.netloc or " " in url:
        text = _("This is no address of a service.")
        raise DomainError(text, fields={field: text})


def _point(layer: MapLayer, number: int, row: Mapping[str, str]) -> MapPoint:
    try:
        lon = float(row.get("lon") or row["经度"])
        lat = float(row.get("lat") or row["纬度"])
        name = (row.get("name") or row["名称"])[:100]
    except (KeyError, ValueError) as error:
        text = _("Row %(number)d: name, longitude and latitude are needed.")
        text %= {"number": number}
        raise DomainError(text, fields={"file": text}) from error
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        text = _("Row %(number)d is no position.") % {"number": number}
        raise DomainError(text, fields={"file": text})
    text = (row.get("text") or row.get("备注") or "")[:200]
    return MapPoint(layer=layer, name=name, text=text, lon=lon, lat=lat)
