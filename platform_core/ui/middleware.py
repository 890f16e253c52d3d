"""Broken rules as pages, and the rules the browser is held to."""

import json
from collections.abc import Callable, Iterable

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from platform_core.common.errors import DomainError

from . import maps
from .views.errors import failure, wants_json


def tile_source() -> str:
    """Origins of the base maps and overlays, empty without any."""
    return "".join(f" {host}" for host in sorted(maps.hosts()))


def content_policy(media: Iterable[str] = ()) -> str:
    """Everything comes from this platform; styles may stand in attributes.

    `media` are further origins that this one page plays streams from.
    """
    tiles = tile_source()
    streams = "".join(f" {host}" for host in sorted(media))
    return "; ".join(
        (
            "default-src 'self'",
            "script-src 'self'",
            "style-src 'self' 'unsafe-inline'",
            f"img-src 'self' data: blob:{tiles}",
            f"connect-src 'self'{tiles}{streams}",
            "worker-src 'self' blob:",
            f"media-src 'self' blob:{streams}",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    )


def policy_of(response: HttpResponse) -> str:
    """Data loads nothing; asking for its map hosts would cost it a query."""
    if response.get("Content-Type", "").startswith("application/json"):
        return "default-src 'none'; frame-ancestors 'none'"
    return content_policy()


class PageMiddleware:
    """Shows a DomainError to people and sets the browser's rules."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if "Content-Security-Policy" not in response:
            response["Content-Security-Policy"] = policy_of(response)
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
