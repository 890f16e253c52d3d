"""Where a position lies: unit grid, duty grid, community, street, district."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from django.db.models import Count, Max
from django.utils.translation import gettext as _

from platform_core.common.errors import DomainError
from platform_core.common.snapshots import Version
from platform_core.geo import cells, coords, distance
from platform_core.geo.index import NOWHERE, AreaIndex
from platform_core.regions import selectors as regions
from platform_core.regions.enums import Level
from platform_core.regions.models import Division

from .models import UnitGrid

DIGITS = 7
Keys = tuple[str, int | None]
Array = npt.NDArray[np.float64]
KEPT = (
    "lon",
    "lat",
    "cell",
    "grid_code",
    "duty_grid_id",
    "division_code",
    "street_code",
    "community_code",
)


@dataclass(frozen=True)
class Place:
    """A position and all the areas that it lies in."""

    lon: float
    lat: float
    cell: int
    division_code: str
    grid_code: str = ""
    duty_grid_id: int | None = None

    @property
    def street_code(self) -> str:
        return self.grid_code[:9]

    @property
    def community_code(self) -> str:
        return self.grid_code[:12]


@dataclass(frozen=True)
class _Areas:
    """Everything this process knows about areas, of one version."""

    version: str
    grids: AreaIndex
    city: AreaIndex | None
    districts: tuple[tuple[str, float, float], ...]


class _Held:
    """The areas this process read last."""

    areas: _Areas | None = None


def locate(lon: float, lat: float, *, coord_sys: str = "cgcs2000") -> Place:
    """The place of a position; DomainError where the city does not reach."""
    try:
        lon, lat = coords.convert(float(lon), float(lat), coord_sys, "cgcs2000")
    except (TypeError, ValueError) as error:
        raise _refusal(_("This is not a position.")) from error
    lon, lat = round(lon, DIGITS), round(lat, DIGITS)
    areas = _areas()
    found: Keys | None = areas.grids.find(lon, lat)
    if found:
        code, duty_grid = found
        return Place(lon, lat, cells.cell(lon, lat), code[:6], code, duty_grid)
    if areas.city is None or areas.city.find(lon, lat) is None:
        raise _refusal(_("The position lies outside the city."))
    return Place(lon, lat, cells.cell(lon, lat), _nearest(areas, lon, lat))


def grids_of(lons: Array, lats: Array) -> tuple[list[str], npt.NDArray[np.bool_]]:
    """The unit grid of each point, empty where none is, and who is in the city."""
    areas = _areas()
    found = areas.grids.places(lons, lats)
    codes = [*(code for code, _duty in areas.grids.keys), ""]  # NOWHERE is the last
    inside = found != NOWHERE
    rest = np.flatnonzero(~inside)
    if areas.city is not None and len(rest):
        inside[rest] = areas.city.places(lons[rest], lats[rest]) != NOWHERE
    return [codes[place] for place in found], inside


def forget() -> None:
    """Note that grids were changed; every process reads them anew."""
    _version.forget()


def _refusal(message: str) -> DomainError:
    return DomainError(message, code="outside", fields={"position": message})


def _nearest(areas: _Areas, lon: float, lat: float) -> str:
    """The district whose seat is nearest, where no grid tells."""
    return min(
        areas.districts, key=lambda row: distance.metres(lon, lat, row[1], row[2])
    )[0]


def _areas() -> _Areas:
    version = _version.current()
    held = _Held.areas
    if held is None or held.version != version:
        held = _Held.areas = _read(version)
    return held


def _stored_version() -> str:
    own = regions.own_division().code
    row = UnitGrid.objects.aggregate(
        rows=Count("pk"), last=Max("pk"), changed=Max("updated_at")
    )
    return f"{own}/{row['rows']}/{row['last']}/{row['changed']}"


_version = Version("command.grids.version", _stored_version)


def _read(version: str) -> _Areas:
    own = regions.own_division()
    grids = UnitGrid.objects.filter(valid_to=None)
    rows = grids.values_list("code", "duty_grid_id", "geometry").iterator()
    outline = regions.boundary(own.code)
    districts = Division.objects.filter(
        code__startswith=own.prefix, level=Level.COUNTY, lon__isnull=False
    ).values_list("code", "lon", "lat")
    seats = ((code, lon or 0.0, lat or 0.0) for code, lon, lat in districts)
    return _Areas(
        version=version,
        grids=AreaIndex([((code, duty), shape) for code, duty, shape in rows]),
        city=AreaIndex([(own.code, outline)]) if outline else None,
        districts=tuple(seats),
    )
