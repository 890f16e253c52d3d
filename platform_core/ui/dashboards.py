"""Widgets of the home page, and where its list of things to do comes from."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise

from .permissions import SIGNED_IN, permits

Label = str | Promise


@dataclass(frozen=True, slots=True)
class Widget:
    """A panel: `context(request)` fills `template`.

    Who holds the permission `unless` has a panel that says more, and not this one.
    """

    code: str
    title: Label
    template: str
    context: Callable[[HttpRequest], dict[str, Any]]
    permission: str | None = None
    unless: str = ""
    roles: tuple[str, ...] = ()
    area: str = "figures"
    order: int = 100
    tiers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Figure:
    """A number that opens the list it counts; `level` is a status colour."""

    label: Label
    value: int | float | str
    url: str = ""
    level: str = ""
    unit: Label = ""


@dataclass(frozen=True, slots=True)
class TodoItem:
    """One thing to do."""

    title: str
    link: str
    deadline: datetime | None = None
    light: str = "none"
    kind: Label = ""
    note: Label = ""
    explain: Label = ""


@dataclass(frozen=True, slots=True)
class TodoSource:
    """Things one system wants from a user.

    `items(user, limit)` comes ordered by deadline, `count(user)` counts all,
    `list_url` names the page that lists them (plus `list_query`).
    """

    code: str
    label: Label
    items: Callable[[Any, int], Iterable[TodoItem]]
    count: Callable[[Any], int]
    list_url: str
    list_query: str = ""
    permission: str | None = None
    order: int = 100
    tiers: tuple[str, ...] = ()

    def url(self) -> str:
        return reverse(self.list_url) + (
            f"?{self.list_query}" if self.list_query else ""
        )


@dataclass(slots=True)
class Todo:
    """The list on the home page."""

    items: list[TodoItem] = field(default_factory=list)
    sources: list[tuple[TodoSource, int]] = field(default_factory=list)

    @property
    def total(self) -> int:
        return sum(count for _, count in self.sources)


_widgets: dict[str, Widget] = {}
_sources: dict[str, TodoSource] = {}


def register(*items: Widget | TodoSource) -> None:
    """Add widgets and sources; called from an app's `dashboards.py`."""
    for item in items:
        if isinstance(item, Widget):
            _widgets[item.code] = item
        else:
            _sources[item.code] = item


def _shown(item: Widget | TodoSource, user: Any) -> bool:
    if item.tiers and settings.PLATFORM_TIER not in item.tiers:
        return False
    roles = getattr(item, "roles", ())
    if roles and not user.is_superuser and not set(roles) & set(user.role_codes):
        return False
    unless = getattr(item, "unless", "")
    if unless and permits(user, unless):
        return False
    return permits(user, item.permission or SIGNED_IN)


def widgets(user: Any, area: str) -> list[Widget]:
    """The widgets of one area of the home page that the user may see."""
    found = [w for w in _widgets.values() if w.area == area and _shown(w, user)]
    return sorted(found, key=lambda widget: widget.order)


def todo(user: Any, limit: int = 12) -> Todo:
    """What the user must do, the most urgent first."""
    result = Todo()
    for source in sorted(_sources.values(), key=lambda source: source.order):
        if _shown(source, user):
            count = source.count(user)
            if count:
                result.sources.append((source, count))
                result.items.extend(source.items(user, limit))
    result.items.sort(key=_urgency)
    del result.items[limit:]
    return result


def _urgency(item: TodoItem) -> tuple[bool, float]:
    return item.deadline is None, item.deadline.timestamp() if item.deadline else 0.0
