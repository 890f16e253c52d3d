"""Tiles of cases: themselves near by, their numbers further out."""

from collections.abc import Iterator
from hashlib import sha256

from django.core.cache import cache
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _

from municipal.command.enums import OPEN
from municipal.command.models import Case
from municipal.command.selectors import in_cells
from platform_core.accounts.models import User
from platform_core.common import clock
from platform_core.common.errors import DomainError
from platform_core.geo import tiles
from platform_core.geo.tiles import Feature, Tile

from .filters import CaseSearch

# Here and in the browser together, so a tile is never older than five seconds.
KEPT_SECONDS, SHOWN_SECONDS = 3, 2
MOST_POINTS = 5000
FAR_FROM = 12  # below it a box is one range of cells and a check of longitudes
LEVELS = {"red": "red", "yellow": "yellow", "green": "green", "none": "grey"}
FIELDS = ("pk", "lon", "lat", "uid", "class_name", "state", "red_at", "warn_at")


TIMES = frozenset({"state", "open", "reported_from", "closed_from"})


def tile(asked: Tile, user: User, given: QueryDict) -> bytes:
    """The bytes of a tile of what somebody sees; a few seconds old at most."""
    asking = sha256(given.urlencode().encode()).hexdigest()[:20]
    key = f"case-tile:{user.pk}:{asked.z}:{asked.x}:{asked.y}:{asking}"
    found: bytes | None = cache.get(key)
    if found is None:
        rows = within(asked, chosen(user, given))
        layers = (
            {tiles.POINTS: _points(rows)}
            if asked.shows_points
            else {tiles.CLUSTERS: _clusters(asked, rows)}
        )
        found = tiles.encode(asked, layers)
        cache.set(key, found, KEPT_SECONDS)
    return found


def chosen(user: User, given: QueryDict) -> QuerySet[Case]:
    """What the search finds; open cases unless it says which. No form for none."""
    rows: QuerySet[Case] = Case.objects.visible_to(user)
    if given:
        search = CaseSearch(given, queryset=rows)
        if not search.form.is_valid():
            message = _("These conditions cannot be read.")
            raise DomainError(message, fields=search.form.errors)
        rows = search.qs
    return rows if TIMES & set(given) else rows.filter(state__in=OPEN)


def within(asked: Tile, rows: QuerySet[Case]) -> QuerySet[Case]:
    """The rows inside a tile, as the index over cells can serve them."""
    west, south, east, north = asked.bounds
    inside = rows.filter(lon__range=(west, east), lat__range=(south, north)).order_by()
    ranges = asked.cell_ranges()
    if asked.z >= FAR_FROM:
        return inside.filter(in_cells(ranges))
    return inside.filter(cell__range=(ranges[0][0], ranges[-1][1]))


def _points(rows: QuerySet[Case]) -> Iterator[Feature]:
    now = clock.now()
    for key, lon, lat, uid, title, state, red, warn in rows.values_list(*FIELDS)[
        :MOST_POINTS
    ]:
        light = "none"
        if red is not None and state in OPEN:
            light = "red" if now > red else "yellow" if now > warn else "green"
        about = {
            "code": str(uid),
            "title": title,
            "state": state,
            "level": LEVELS[light],
        }
        yield Feature(lon, lat, about, key)


def _clusters(asked: Tile, rows: QuerySet[Case]) -> Iterator[Feature]:
    found = list(rows.values_list("cell", flat=True))
    for lon, lat, count in tiles.clusters(asked, found):
        yield Feature(lon, lat, {"count": count})
