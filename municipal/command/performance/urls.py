"""Pages of performance evaluation."""

from django.urls import URLPattern

from . import count_urls, evaluation_urls

app_name = "performance"
urlpatterns: list[URLPattern] = [
    *evaluation_urls.urlpatterns,
    *count_urls.urlpatterns,
]
