"""Words for people: frequencies, states, masked values."""

from collections.abc import Collection, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from platform_core.ui.components import status

from .enums import Life, RowState

FREQUENCIES = {
    "realtime": gettext_lazy("In real time"),
    "minute": gettext_lazy("Every minute"),
    "10_minutes": gettext_lazy("Every ten minutes"),
    "hour": gettext_lazy("Every hour"),
    "day": gettext_lazy("Every day"),
    "week": gettext_lazy("Every week"),
    "month": gettext_lazy("Every month"),
    "quarter": gettext_lazy("Every quarter"),
    "half_year": gettext_lazy("Every half-year"),
    "year": gettext_lazy("Every year"),
    "on_change": gettext_lazy("At each change"),
    "on_event": gettext_lazy("At each event"),
    "on_demand": gettext_lazy("On demand"),
    "by_task": gettext_lazy("As the task says"),
    "by_form": gettext_lazy("As the form says"),
    "by_source": gettext_lazy("As the source sends"),
}
CHANGES = {
    "added": pgettext_lazy("field", "Added"),
    "removed": pgettext_lazy("field", "Removed"),
    "changed": pgettext_lazy("field", "Changed"),
}
LIVES = {
    Life.DRAFT: "grey",
    Life.REVIEWING: "yellow",
    Life.PUBLISHED: "green",
    Life.DEPRECATED: "orange",
    Life.WITHDRAWN: "red",
}
STATES = {
    RowState.LANDED: "grey",
    RowState.CLEAN: "green",
    RowState.FIXED: "blue",
    RowState.REJECTED: "red",
    RowState.RETURNED: "orange",
}


def frequency(codes: str) -> str:
    """How often, in words; several codes are joined by a plus."""
    parts = [one for one in codes.split("+") if one]
    return ", ".join(str(FREQUENCIES.get(one, one)) for one in parts)


def yes(mark: bool) -> str:
    """A mark in a table; empty where there is none."""
    return _("Yes") if mark else ""


def badge(row: Any) -> object:
    """The state of a version."""
    return status(row.get_state_display(), LIVES[Life(row.state)])


def row_badge(row: Any) -> object:
    """The state of a landed row."""
    return status(row.get_state_display(), STATES[RowState(row.state)])


def masked(content: Mapping[str, Any], personal: Collection[str]) -> dict[str, Any]:
    """The content as people may see it."""
    return {
        name: "***" if name in personal and value else value
        for name, value in content.items()
    }
