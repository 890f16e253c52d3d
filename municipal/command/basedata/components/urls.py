"""Pages of components."""

from django.urls import path, re_path

from .views import pages, proposing

CODE = r"^components/(?P<code>\d{16,17})"
urlpatterns = [
    path("components/", pages.ComponentList.as_view(), name="component-list"),
    path("components/map/", pages.ComponentMap.as_view(), name="component-map"),
    path("components/labels/", pages.LabelSheet.as_view(), name="component-labels"),
    path("components/add/", proposing.AddPage.as_view(), name="component-add"),
    re_path(rf"{CODE}/$", pages.ComponentDetail.as_view(), name="component-detail"),
    re_path(rf"{CODE}/label\.(?P<form>svg|png)$", pages.label, name="component-label"),
    re_path(rf"{CODE}/edit/$", proposing.EditPage.as_view(), name="component-edit"),
    re_path(rf"{CODE}/move/$", proposing.MovePage.as_view(), name="component-move"),
    re_path(rf"{CODE}/state/$", proposing.StatePage.as_view(), name="component-state"),
    re_path(
        rf"{CODE}/remove/$", proposing.RemovePage.as_view(), name="component-remove"
    ),
    re_path(
        rf"{CODE}/roll-back/(?P<number>\d+)/$",
        proposing.RollBackPage.as_view(),
        name="component-roll-back",
    ),
    path(
        "tiles/components/<int:z>/<int:x>/<int:y>.mvt",
        pages.tile,
        name="component-tile",
    ),
]
