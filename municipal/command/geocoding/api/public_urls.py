"""Addresses for citizens, below /public/places/."""

from django.urls import path

from .views import PublicGeocode, PublicReverse

app_name = "geocoding_public"
urlpatterns = [
    path("geocode", PublicGeocode.as_view(), name="geocode"),
    path("reverse", PublicReverse.as_view(), name="reverse"),
]
