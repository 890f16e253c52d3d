"""Addresses of cases; a final slash is tolerated and left out of the contract."""

from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, path

from .requests import CaseRequestViewSet
from .views import CaseViewSet, ComponentsView, GridShapesView, PlaceView

CASES: tuple[tuple[str, dict[str, str], str], ...] = (
    ("cases", {"get": "list", "post": "create"}, "case-list"),
    ("cases/geojson", {"get": "geojson"}, "case-geojson"),
    ("cases/<uuid:uid>", {"get": "retrieve"}, "case-detail"),
    ("cases/<uuid:uid>/options", {"get": "options_now"}, "case-options"),
    ("cases/<uuid:uid>/timeline", {"get": "timeline"}, "case-timeline"),
    ("cases/<uuid:uid>/actions/<slug:action_code>", {"post": "act"}, "case-act"),
)

REQUESTS: tuple[tuple[str, dict[str, str], str], ...] = (
    ("cases/<uuid:uid>/requests", {"post": "ask"}, "request-ask"),
    ("case-requests", {"get": "list"}, "request-list"),
    ("case-requests/<uuid:uid>/decide", {"post": "decide"}, "request-decide"),
)

app_name = "command_api"


def _both(
    view: Any, route: str, methods: dict[str, Any], name: str
) -> Iterator[URLPattern]:
    yield path(route, view.as_view(methods), name=name)
    yield path(f"{route}/", view.as_view(methods, schema=None))


urlpatterns = [
    *(pattern for row in CASES for pattern in _both(CaseViewSet, *row)),
    *(pattern for row in REQUESTS for pattern in _both(CaseRequestViewSet, *row)),
    path("grids", PlaceView.as_view(), name="grid-lookup"),
    path("grids/geojson", GridShapesView.as_view(), name="grid-shapes"),
    path("components", ComponentsView.as_view(), name="component-list"),
]
