"""OGC API - Features: components, grids, open cases for a CIM platform, read only."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.views import APIView

from municipal.command.enums import OPEN
from municipal.command.models import Case, Component, UnitGrid
from municipal.command.requests import user_of
from platform_core.api.permissions import Stated
from platform_core.common import clock
from platform_core.common.errors import DomainError
from platform_core.geo import cells, shapes

CONFORMS = [
    f"http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/{part}"
    for part in ("core", "geojson")
]
CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
LIMIT, MOST = 100, 1000
MEDIA_TYPE = "application/geo+json"


@dataclass(frozen=True)
class Collection:
    """Rows of a kind, how they are found by a box and what is told of them."""

    id: str
    title: str
    key: str
    has_cell: bool
    fields: tuple[str, ...]

    def rows(self, user: Any) -> Any:
        if self.id == "components":
            return Component.objects.visible_to(user).in_place()
        if self.id == "grids":
            return UnitGrid.objects.filter(valid_to=None)
        return Case.objects.visible_to(user).filter(state__in=OPEN)

    def feature(self, row: Any) -> dict[str, Any]:
        geometry = getattr(row, "geometry", None) or shapes.point(row.lon, row.lat)
        told = {name: getattr(row, name) for name in self.fields}
        return shapes.feature(geometry, told, key=getattr(row, self.key))


COLLECTIONS = {
    row.id: row
    for row in (
        Collection(
            "components",
            "管理部件",
            "code",
            True,
            ("code", "edition", "class_code", "class_name", "grid_code", "status"),
        ),
        Collection("grids", "单元网格", "code", False, ("code", "area", "valid_from")),
        Collection(
            "cases-open",
            "未结案件",
            "number",
            True,
            (
                "number",
                "edition",
                "class_code",
                "class_name",
                "state",
                "address",
                "grid_code",
                "component_code",
                "reported_at",
            ),
        ),
    )
}


class OgcView(APIView):
    """What all of them have in common."""

    permission_classes = [IsAuthenticated, Stated]
    permission_required = "basedata.read_objects"

    def link(self, name: str, rel: str, *args: str, query: str = "") -> dict[str, str]:
        href = reverse(f"ogc:{name}", args=args, request=self.request) + query
        kind = MEDIA_TYPE if name in {"items", "item"} else "application/json"
        return {"href": href, "rel": rel, "type": kind}

    def described(self, row: Collection) -> dict[str, Any]:
        return {
            "id": row.id,
            "title": row.title,
            "itemType": "feature",
            "crs": [CRS84],
            "links": [
                self.link("collection", "self", row.id),
                self.link("items", "items", row.id),
            ],
        }

    def find(self, name: str) -> Collection:
        if name not in COLLECTIONS:
            raise Http404(name)
        return COLLECTIONS[name]


@extend_schema(responses=dict)
class Landing(OgcView):
    """The landing page."""

    def get(self, request):
        links = [
            self.link("landing", "self"),
            self.link("conformance", "conformance"),
            self.link("collections", "data"),
        ]
        return Response({"title": _("Objects of the city"), "links": links})


@extend_schema(responses=dict)
class Conformance(OgcView):
    """The parts of the standard that are followed."""

    def get(self, request):
        return Response({"conformsTo": CONFORMS})


@extend_schema(responses=dict)
class CollectionList(OgcView):
    """What there is."""

    def get(self, request):
        rows = [self.described(row) for row in COLLECTIONS.values()]
        links = [self.link("collections", "self")]
        return Response({"collections": rows, "links": links})


@extend_schema(responses=dict)
class CollectionPage(OgcView):
    """One collection."""

    def get(self, request, name):
        return Response(self.described(self.find(name)))


@extend_schema(responses=dict)
class Items(OgcView):
    """Features of a box, page by page; `after` continues behind a feature."""

    def get(self, request, name):
        collection = self.find(name)
        rows = boxed(collection, collection.rows(user_of(request)), request)
        limit = max(1, min(whole(request, "limit", LIMIT), MOST))
        rows = rows.filter(pk__gt=whole(request, "after", 0)).order_by("pk")
        found = list(rows[: limit + 1])
        shown = found[:limit]
        links = [self.link("items", "self", name)]
        if len(found) > limit:
            links.append(self._next(name, limit, shown[-1].pk))
        body = shapes.collection(collection.feature(row) for row in shown)
        body |= {
            "numberReturned": len(shown),
            "timeStamp": clock.now().isoformat(),
            "links": links,
        }
        return Response(body, content_type=MEDIA_TYPE)

    def _next(self, name: str, limit: int, after: int) -> dict[str, str]:
        query = self.request.query_params.copy()
        query["limit"], query["after"] = str(limit), str(after)
        return self.link("items", "next", name, query=f"?{query.urlencode()}")


@extend_schema(responses=dict)
class Item(OgcView):
    """One feature."""

    def get(self, request, name, key):
        collection = self.find(name)
        rows = collection.rows(user_of(request)).filter(**{collection.key: key})
        row = rows.first()
        if row is None:
            raise Http404(key)
        body = collection.feature(row)
        body["links"] = [
            self.link("item", "self", name, key),
            self.link("collection", "collection", name),
        ]
        return Response(body, content_type=MEDIA_TYPE)


def whole(request: Any, name: str, default: int) -> int:
    """A whole number of the address; DomainError where it is none."""
    try:
        return max(0, int(request.query_params.get(name, default)))
    except ValueError as error:
        message = _("This is not a number.")
        raise DomainError(message, fields={name: message}) from error


def boxed(collection: Collection, rows: Any, request: Any) -> Any:
    """Rows whose position lies in the box of the address."""
    text = request.query_params.get("bbox")
    if not text:
        return rows
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError as error:
        message = _("Give the box as west,south,east,north.")
        raise DomainError(message, fields={"bbox": message}) from error
    if collection.has_cell:
        low, high = cells.cell(-180, south), cells.cell(180, north)
        rows = rows.filter(cell__gte=low, cell__lte=high)
    return rows.filter(lon__gte=west, lon__lte=east, lat__gte=south, lat__lte=north)
