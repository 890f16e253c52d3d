"""Addresses of the service, below /api/v1/."""

from django.urls import path

from .views import Geocode, Places, Reverse

app_name = "geocoding_api"
urlpatterns = [
    path("geocode", Geocode.as_view(), name="geocode"),
    path("reverse", Reverse.as_view(), name="reverse"),
    path("places", Places.as_view(), name="places"),
]
