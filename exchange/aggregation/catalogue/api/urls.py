"""Addresses of the catalogue, below /api/v1/catalogue/."""

from django.urls import path

from .views import Dcat, Resources

app_name = "catalogue-api"
urlpatterns = [
    path("dcat", Dcat.as_view(), name="dcat"),
    path("resources", Resources.as_view(), name="resources"),
]
