"""Pages of query and statistics."""

from django.urls import path

from . import views

app_name = "queries"
urlpatterns = [
    path("cases/", views.SearchPage.as_view(), name="cases"),
    path("map/", views.MapPage.as_view(), name="map"),
    path("tiles/cases/<int:z>/<int:x>/<int:y>.mvt", views.case_tile, name="case-tile"),
    path("tables/", views.TablePage.as_view(), name="tables"),
    path("kept/", views.KeptList.as_view(), name="kept"),
    path("kept/<int:pk>/delete/", views.DropPage.as_view(), name="drop"),
    path("keep/<slug:kind>/", views.KeepPage.as_view(), name="keep"),
    path("export/<slug:kind>/", views.ExportPage.as_view(), name="export"),
]
