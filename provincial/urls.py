"""Table of contents of the provincial tier."""

from django.urls import URLPattern, URLResolver, include, path

handler400 = "platform_core.ui.views.errors.bad_request"
handler403 = "platform_core.ui.views.errors.forbidden"
handler404 = "platform_core.ui.views.errors.not_found"
handler500 = "platform_core.ui.views.errors.server_error"

urlpatterns: list[URLPattern | URLResolver] = [
    path("exchange/status/", include("exchange.delivery.urls")),
    path("exchange/operations/", include("exchange.operations.urls")),
    path("exchange/standard/", include("exchange.interfaces.urls")),
    path("exchange/feeds/", include("exchange.feeds.urls")),
    path("exchange/certificates/", include("exchange.reconciliation.urls")),
    path("exchange/cleansing/", include("exchange.aggregation.cleansing.urls")),
    path("exchange/fusion/", include("exchange.aggregation.fusion.urls")),
    path("exchange/v1/", include("exchange.operations.api.urls")),
    path("exchange/catalogue/", include("exchange.aggregation.catalogue.urls")),
    path("api/v1/catalogue/", include("exchange.aggregation.catalogue.api.urls")),
    path("exchange/connectors/", include("exchange.connectors.urls")),
    path("exchange/packages/", include("exchange.packages.urls")),
    path("exchange/v1/", include("exchange.feeds.api.urls")),
    path("exchange/v1/", include("exchange.reconciliation.api.urls")),
    path("exchange/v1/", include("exchange.delivery.api.urls")),
    path("", include("platform_core.ui.urls")),
    path("", include("platform_core.api.health_urls")),
    path("api/", include("platform_core.api.urls")),
    path("accounts/", include("platform_core.accounts.urls")),
    path("api/v1/", include("platform_core.accounts.api.urls")),
    path("files/", include("platform_core.files.urls")),
    path("notices/", include("platform_core.notices.urls")),
    path("jobs/", include("platform_core.jobs.urls")),
    path("api/v1/", include("platform_core.classification.api.urls")),
    path("api/v1/", include("exchange.interfaces.api.urls")),
    path("api/v1/", include("exchange.connectors.api.urls")),
    path("api/v1/", include("exchange.packages.api.urls")),
    path("api/v1/", include("platform_core.files.api.urls")),
    path("api/v1/", include("platform_core.notices.api.urls")),
    path("api/v1/", include("exchange.aggregation.cleansing.api.urls")),
    path("api/v1/", include("exchange.aggregation.fusion.api.urls")),
    path("centre/", include("platform_core.systems.monitoring.urls")),
    path("maintenance/", include("platform_core.systems.maintenance.urls")),
    path("api/v1/", include("platform_core.systems.monitoring.api.urls")),
    path("supervision/", include("platform_core.systems.supervision.urls")),
    path("api/v1/", include("platform_core.systems.supervision.api.urls")),
]
