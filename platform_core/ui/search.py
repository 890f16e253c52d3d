"""Search over everything, by providers that systems register."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.functional import Promise

from .permissions import SIGNED_IN, permits

Label = str | Promise


@dataclass(frozen=True, slots=True)
class Hit:
    """One found object."""

    title: str
    url: str
    summary: str = ""


@dataclass(frozen=True, slots=True)
class SearchProvider:
    """Searches one kind of object in what the user may see."""

    code: str
    label: Label
    search: Callable[[Any, str, int], Iterable[Hit]]
    permission: str | None = None
    order: int = 100
    tiers: tuple[str, ...] = ()


_providers: dict[str, SearchProvider] = {}


def register(*providers: SearchProvider) -> None:
    """Add providers; called from an app's `nav.py`."""
    _providers.update({provider.code: provider for provider in providers})


def providers(user: Any) -> list[SearchProvider]:
    """The providers a user may ask in this tier."""
    tier = settings.PLATFORM_TIER
    found = [
        provider
        for provider in _providers.values()
        if (not provider.tiers or tier in provider.tiers)
        and permits(user, provider.permission or SIGNED_IN)
    ]
    return sorted(found, key=lambda provider: provider.order)


def find(user: Any, text: str, limit: int = 10) -> list[tuple[Label, list[Hit]]]:
    """Hits by kind; nothing for a text shorter than two characters."""
    if len(text) < 2:
        return []
    found = [
        (provider.label, list(provider.search(user, text, limit)))
        for provider in providers(user)
    ]
    return [(label, hits) for label, hits in found if hits]
