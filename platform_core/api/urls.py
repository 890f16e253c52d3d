"""The OpenAPI document and its page, with every asset from this machine."""

from django.urls import path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.permissions import AllowAny

from platform_core.common.access import PUBLIC

app_name = "platform_api"


class SchemaView(SpectacularAPIView):
    """OpenAPI 3.1."""

    permission_classes = [AllowAny]
    permission_required = PUBLIC


class DocsView(SpectacularSwaggerSplitView):
    """Swagger UI; its script is a second request, as the browser's rules ask."""

    permission_classes = [AllowAny]
    permission_required = PUBLIC
    url_name = "platform_api:schema"


urlpatterns = [
    path("schema", SchemaView.as_view(), name="schema"),
    path("docs", DocsView.as_view(), name="docs"),
]
