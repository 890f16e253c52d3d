"""Table of contents of the provincial tier."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/v1/", include("platform_core.classification.api.urls")),
]
