"""Table of contents of the municipal tier."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("command/", include("municipal.command.urls")),
    path("field/", include("municipal.command.field_urls")),
    path("api/v1/", include("platform_core.classification.api.urls")),
]
