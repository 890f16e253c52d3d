"""Every address states who may open it, or stands on a short list of public ones."""

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.contrib.auth.models import Permission
from django.urls import URLPattern, URLResolver, get_resolver

from platform_core.common.access import PUBLIC, SIGNED_IN
from platform_core.tiers import CODES, load_tier

# Addresses open to everybody, by route; everything else needs a person or a token.
PUBLIC_ROUTES = (
    "field/app/sw.js",
    "field/app/manifest.webmanifest",
    "field/app/icon.png",
    "healthz",
    "readyz",
    "api/schema",
    "api/docs",
    "language/",
    "accounts/login/",
    "accounts/logout/",
    "accounts/locked/",
    "api/v1/auth/token",
    "exchange/v1/",
    "open311/",
    "public/",
)


def routes(patterns, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, route)
        else:
            yield route, pattern


def stated(pattern: URLPattern) -> set[str]:
    """The permissions a view names; empty for a view that says nothing."""
    view = pattern.callback
    owner = getattr(view, "view_class", None) or getattr(view, "cls", None) or view
    value = view.__dict__.get("initkwargs", {}).get("permission_required")
    value = value or getattr(owner, "permission_required", None)
    if isinstance(value, dict):
        return {item for item in value.values() if item}
    return {value} if value else set()


def every_route() -> list[tuple[str, str, URLPattern]]:
    found = []
    for code in CODES:
        resolver = get_resolver(load_tier(code).urlconf)
        found += [(code, *item) for item in routes(resolver.url_patterns)]
    return found


ROUTES = every_route()
IDS = [f"{tier}:{route}" for tier, route, _ in ROUTES]


@pytest.mark.parametrize(("tier", "route", "pattern"), ROUTES, ids=IDS)
def test_states_a_permission(tier, route, pattern):
    names = stated(pattern)
    assert names or route.startswith(PUBLIC_ROUTES), f"{route} states no permission"


@pytest.mark.parametrize(("tier", "route", "pattern"), ROUTES, ids=IDS)
def test_public_ones_are_on_the_list(tier, route, pattern):
    if PUBLIC in stated(pattern):
        assert route.startswith(PUBLIC_ROUTES), f"{route} is public"


@pytest.mark.django_db
def test_permissions_exist():
    known = {
        f"{label}.{code}"
        for label, code in Permission.objects.values_list(
            "content_type__app_label", "codename"
        )
    }
    named = {name for _, _, pattern in ROUTES for name in stated(pattern)}
    assert not named - known - {PUBLIC, SIGNED_IN}


def test_every_tier_has_its_pages():
    assert settings.ROOT_URLCONF
    for code in CODES:
        here = {route for tier, route, _ in ROUTES if tier == code}
        assert {"", "healthz", "readyz", "api/schema", "api/docs"} <= here
