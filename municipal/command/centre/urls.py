"""Pages of supervision and command."""

from django.urls import URLPattern, URLResolver, include, path

from . import desk_views

app_name = "centre"
urlpatterns: list[URLPattern | URLResolver] = [
    path("wall/", include("municipal.command.centre.wall.urls")),
    path("", desk_views.DeskPage.as_view(), name="desk"),
    path("", include("municipal.command.centre.rosters.urls")),
    path("emergencies/", include("municipal.command.centre.emergencies.urls")),
    path("video/", include("municipal.command.centre.video.urls")),
]
