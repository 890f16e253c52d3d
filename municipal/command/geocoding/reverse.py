"""Positions to text: the nearest standard address, direction and distance."""

from dataclasses import dataclass

from municipal.command import places
from platform_core.geo import cells
from platform_core.regions import selectors as regions

from . import areas, lines, search, texts
from .enums import PlaceKind
from .models import Address

RADII = (60.0, 150.0, 400.0)
HERE = 5.0  # metres within which it is the address itself
POINTS = (PlaceKind.NUMBER, PlaceKind.LANDMARK, PlaceKind.POI, PlaceKind.COMPOUND)


@dataclass(frozen=True)
class Described:
    """A position in words.  [GB/T 30428.3]"""

    text: str
    lon: float
    lat: float
    grid_code: str
    community_code: str
    street_code: str
    division_code: str
    community: str
    street: str
    division: str
    address: Address | None
    way: str
    metres: float


def describe(lon: float, lat: float) -> Described:
    """The position in words, such as "…路12号东侧20米".

    DomainError where the city does not reach.
    """
    place = places.locate(lon, lat)
    nearest = _nearest(place.lon, place.lat)
    codes = (place.community_code, place.street_code, place.division_code)
    community, street, division = (_name(code) for code in codes)
    row, metres = nearest or (None, 0.0)
    way, text = "", f"{areas.names(place.grid_code or place.division_code)}{community}"
    if row is not None:
        way, text = _worded(row, metres, place.lon, place.lat)
    return Described(
        text=text,
        lon=place.lon,
        lat=place.lat,
        grid_code=place.grid_code,
        community_code=place.community_code,
        street_code=place.street_code,
        division_code=place.division_code,
        community=community,
        street=street,
        division=division,
        address=row,
        way=way,
        metres=round(metres, 1),
    )


def _nearest(lon: float, lat: float) -> tuple[Address, float] | None:
    for radius in RADII:
        for row, metres in search.around(lon, lat, radius):
            if row.kind in POINTS:
                return row, metres
    return None


def _worded(row: Address, metres: float, lon: float, lat: float) -> tuple[str, str]:
    if metres <= HERE:
        return "", row.standard
    way = texts.way(lines.bearing(row.lon, row.lat, lon, lat))
    step = 5 if metres < 100 else 10
    shown = max(step, round(metres / step) * step)
    return way, f"{row.standard}{way}侧{shown}米"


def _name(code: str) -> str:
    found = regions.find_division(code) if code else None
    return found.name if found else ""


def cell_of(lon: float, lat: float) -> int:
    """The lattice cell under which an address is stored."""
    return cells.cell(lon, lat)
