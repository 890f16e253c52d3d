"""Where the map component gets the base maps and overlays of this tier from."""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse


@dataclass(frozen=True)
class Provider:
    """A list of layers by address, the script that shows them, the hosts they need."""

    url_name: str
    script: str
    hosts: Callable[[], frozenset[str]]
    tiers: tuple[str, ...]


_providers: list[Provider] = []


def register(provider: Provider) -> None:
    """Offer layers to every map; a second time changes nothing."""
    if provider not in _providers:
        _providers.append(provider)


def settings_of_layers() -> dict[str, str]:
    """What a map needs to offer layers; nothing where this tier has none."""
    for provider in _here():
        try:
            url = reverse(provider.url_name)
        except NoReverseMatch:
            continue
        return {"layersUrl": url, "layersScript": static(provider.script)}
    return {}


def hosts() -> frozenset[str]:
    """Origins that a browser may load maps from."""
    found = {origin(settings.MAP_TILES)}
    for provider in _here():
        found |= provider.hosts()
    return frozenset(found - {""})


def origin(url: str) -> str:
    """Scheme and host of an address, empty for one of this platform."""
    parts = urlsplit(url.replace("{s}", "*"))
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        return ""
    return f"{parts.scheme}://{parts.netloc}"


def _here() -> list[Provider]:
    return [one for one in _providers if settings.PLATFORM_TIER in one.tiers]
