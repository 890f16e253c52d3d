"""The protocol and the signs of life, nothing else."""

from django.urls import include, path

urlpatterns = [
    path("exchange/v1/", include("exchange.feeds.api.urls")),
    path("exchange/v1/", include("exchange.reconciliation.api.urls")),
    path("exchange/v1/", include("exchange.delivery.api.urls")),
    path("", include("platform_core.api.health_urls")),
]
