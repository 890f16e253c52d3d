"""Layers for every map, below /public/map-layers/."""

from django.urls import path

from municipal.command.basedata.maps import views

app_name = "map_layers"
urlpatterns = [
    path("", views.layers, name="list"),
    path("<int:pk>/points.json", views.points, name="points"),
]
