"""Addresses of grids."""

from django.urls import path

from .views import areas, versions

urlpatterns = [
    path("grids/", versions.GridList.as_view(), name="grids"),
    path("grids/map/", versions.GridMap.as_view(), name="grid-map"),
    path("grids/shapes.json", versions.grid_shapes, name="grid-shapes"),
    path("grids/export.geojson", versions.grid_export, name="grid-export"),
    path("grids/versions/", versions.VersionList.as_view(), name="grid-versions"),
    path("grids/versions/add/", versions.DraftAdd.as_view(), name="grid-draft"),
    path(
        "grids/versions/<int:pk>/", versions.VersionPage.as_view(), name="grid-version"
    ),
    *(
        path(f"grids/versions/<int:pk>/{name}/", view.as_view(), name=f"grid-{name}")
        for name, view in (
            ("draw", versions.DrawPage),
            ("import", versions.ImportPage),
            ("discard", versions.DiscardPage),
            ("publish", versions.PublishPage),
            ("roll-back", versions.RollBackPage),
        )
    ),
    path("duty-grids/", areas.DutyGridList.as_view(), name="duty-grids"),
    path("duty-grids/add/", areas.DutyGridAdd.as_view(), name="duty-grid-add"),
    path("duty-grids/<int:pk>/", areas.DutyGridEdit.as_view(), name="duty-grid"),
    path("area-grids/", areas.AreaGridList.as_view(), name="area-grids"),
    path("area-grids/add/", areas.AreaGridAdd.as_view(), name="area-grid-add"),
    path("area-grids/<int:pk>/", areas.AreaGridEdit.as_view(), name="area-grid"),
    path("borders/", areas.BoundaryList.as_view(), name="boundaries"),
    path("borders/<str:pk>/", areas.BoundaryEdit.as_view(), name="boundary"),
]
