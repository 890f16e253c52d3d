"""What a page of a wall may show and how it is split; scenes to begin with."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from platform_core.accounts.models import User


@dataclass(frozen=True, slots=True)
class Panel:
    """A part of a page; its script knows it by its code."""

    code: str
    label: Promise
    permission: str = ""


@dataclass(frozen=True, slots=True)
class Layout:
    """A split of the page into slots, each a column of panels."""

    code: str
    label: Promise
    slots: tuple[str, ...]


PANELS = {
    panel.code: panel
    for panel in (
        Panel("map", _("One map")),
        Panel("stream", _("Live cases")),
        Panel("trend", _("Trend of seven periods")),
        Panel("hot", _("Hot spots")),
        Panel("sources", _("Shares of the sources")),
        Panel("recurring", _("Recurring problems")),
        Panel("states", _("Open cases by state")),
        Panel(
            "ranking", _("Ranking of the evaluation"), "performance.view_all_results"
        ),
        Panel("people", _("Inspectors on duty"), "patrol.view_team"),
    )
}
LAYOUTS = {
    layout.code: layout
    for layout in (
        Layout("three", _("Map between two columns"), ("left", "middle", "right")),
        Layout("two", _("Map beside one column"), ("left", "right")),
        Layout("four", _("Four fields"), ("a", "b", "c", "d")),
        Layout("one", _("One field"), ("left",)),
    )
}
SPANS = (
    ("day", pgettext_lazy("wall", "Days")),
    ("week", pgettext_lazy("wall", "Weeks")),
    ("month", pgettext_lazy("wall", "Months")),
)
MOST_PANELS = 3  # one above the other
Page = dict[str, Any]


def page(title: object, layout: str, **slots: list[str]) -> Page:
    """A page as screens keep it."""
    return {"title": str(title), "layout": layout, "slots": slots}


# By code: the name and what makes its pages, in the reader's language.
SCENES: Mapping[str, tuple[Promise, Any]] = {
    "routine": (
        _("Routine command"),
        lambda: [
            page(
                _("Routine command"),
                "three",
                left=["trend", "hot", "sources"],
                middle=["map", "states"],
                right=["stream", "ranking", "people"],
            )
        ],
    ),
    "cases": (
        _("Cases and hot spots"),
        lambda: [
            page(
                _("Cases and hot spots"),
                "four",
                a=["trend"],
                b=["hot"],
                c=["recurring"],
                d=["states", "sources"],
            )
        ],
    ),
    "field": (
        _("Inspectors in the field"),
        lambda: [
            page(
                _("Inspectors in the field"),
                "two",
                left=["map"],
                right=["people", "stream"],
            )
        ],
    ),
    "round": (
        _("Round of three pages"),
        lambda: [
            page for code in ("routine", "cases", "field") for page in scene(code)
        ],
    ),
}


def scene(code: str) -> list[Page]:
    """The pages of a scene."""
    found: list[Page] = SCENES[code][1]()
    return found


def allowed(pages: list[Page], user: User) -> list[Page]:
    """The pages without the panels that somebody may not see, nor empty slots."""
    return [
        {
            **one,
            "slots": [
                {"name": slot, "panels": shown}
                for slot in LAYOUTS[one["layout"]].slots
                if (shown := _shown(one["slots"].get(slot, []), user))
            ],
        }
        for one in pages
    ]


def _shown(codes: list[str], user: User) -> list[Panel]:
    found = [PANELS[code] for code in codes if code in PANELS]
    return [
        panel
        for panel in found
        if not panel.permission or user.has_perm(panel.permission)
    ]
