"""What every page knows about the node it is on."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from platform_core.regions import selectors as regions

from . import navigation, search


def division_name() -> str:
    """Name of the division that this node serves."""
    found = regions.division(regions.node_division(settings.NODE_CODE))
    return found.name


def marked(request: HttpRequest) -> str:
    """The address whose entry of the navigation is marked; a page may name another."""
    return getattr(request, "menu_url", "") or request.path


def platform(request: HttpRequest) -> dict[str, Any]:
    """Name of the node, navigation and search; worked out only where used."""
    user = getattr(request, "user", None)
    return {
        "node_name": settings.NODE_NAME,
        "node_code": settings.NODE_CODE,
        "tier": settings.PLATFORM_TIER,
        "node_division": SimpleLazyObject(division_name),
        "languages": settings.LANGUAGES,
        "menu": SimpleLazyObject(lambda: navigation.menu(user, marked(request))),
        "has_search": SimpleLazyObject(lambda: bool(search.providers(user))),
    }
