"""Broken rules as pages, and the rules the browser is held to."""

import json
from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from platform_core.common.errors import DomainError

from .views.errors import failure, wants_json


def tile_source() -> str:
    """Origin of the configured base map, empty without one."""
    parts = urlsplit(settings.MAP_TILES)
    return f" {parts.scheme}://{parts.netloc}" if parts.netloc else ""


def content_policy() -> str:
    """Everything comes from this platform; styles may stand in attributes."""
    tiles = tile_source()
    return "; ".join(
        (
            "default-src 'self'",
            "script-src 'self'",
            "style-src 'self' 'unsafe-inline'",
            f"img-src 'self' data: blob:{tiles}",
            f"connect-src 'self'{tiles}",
            "worker-src 'self' blob:",
            "media-src 'self' blob:",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    )


class PageMiddleware:
    """Shows a DomainError to people and sets the browser's rules."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.setdefault("Content-Security-Policy", content_policy())
        response.setdefault(
            "Permissions-Policy", "geolocation=(self), camera=(self), microphone=(self)"
        )
        return response

    def process_exception(
        self, request: HttpRequest, exception: Exception
    ) -> HttpResponse | None:
        if not isinstance(exception, DomainError):
            return None
        message = str(exception.message)
        if request.headers.get("HX-Request") and not wants_json(request):
            response = HttpResponse(status=exception.status)
            toast = {"toast": {"level": "danger", "text": message}}
            response["HX-Trigger"] = json.dumps(toast)
            response["HX-Reswap"] = "none"
            return response
        title = _("This is not possible")
        return failure(request, exception.status, exception.code, title, message)
