"""Table of contents of the municipal tier."""

from django.urls import URLPattern, URLResolver, include, path

handler400 = "platform_core.ui.views.errors.bad_request"
handler403 = "platform_core.ui.views.errors.forbidden"
handler404 = "platform_core.ui.views.errors.not_found"
handler500 = "platform_core.ui.views.errors.server_error"

urlpatterns: list[URLPattern | URLResolver] = [
    path("exchange/status/", include("exchange.delivery.urls")),
    path("exchange/v1/", include("exchange.delivery.api.urls")),
    path("", include("platform_core.ui.urls")),
    path("", include("platform_core.api.health_urls")),
    path("api/", include("platform_core.api.urls")),
    path("command/", include("municipal.command.urls")),
    path("field/", include("municipal.command.field_urls")),
    path("accounts/", include("platform_core.accounts.urls")),
    path("api/v1/", include("platform_core.accounts.api.urls")),
    path("files/", include("platform_core.files.urls")),
    path("notices/", include("platform_core.notices.urls")),
    path("public/", include("municipal.public_service.urls")),
    path("open311/", include("municipal.public_service.open311.urls")),
    path("api/v1/", include("platform_core.classification.api.urls")),
    path("api/v1/", include("platform_core.files.api.urls")),
    path("api/v1/", include("platform_core.notices.api.urls")),
    path("centre/", include("platform_core.systems.monitoring.urls")),
    path("maintenance/", include("platform_core.systems.maintenance.urls")),
    path("api/v1/", include("platform_core.systems.monitoring.api.urls")),
    path("api/v1/", include("municipal.command.api.urls")),
    path("supervision/", include("platform_core.systems.supervision.urls")),
    path("api/v1/", include("platform_core.systems.supervision.api.urls")),
]
