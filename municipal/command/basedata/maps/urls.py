"""Addresses of maps."""

from django.urls import path

from . import views

urlpatterns = [
    path("maps/", views.LayerList.as_view(), name="map-layers"),
    path("maps/add/", views.LayerAdd.as_view(), name="map-layer-add"),
    path("maps/<int:pk>/", views.LayerEdit.as_view(), name="map-layer"),
    path("maps/<int:pk>/delete/", views.LayerDelete.as_view(), name="map-layer-delete"),
    path("maps/<int:pk>/points/", views.PointsPage.as_view(), name="map-points"),
    path("cim/", views.CimList.as_view(), name="cim-services"),
    path("cim/add/", views.CimAdd.as_view(), name="cim-add"),
    path("cim/<int:pk>/", views.CimEdit.as_view(), name="cim-service"),
    path("cim/view/", views.cim_view, name="cim-view"),
]
