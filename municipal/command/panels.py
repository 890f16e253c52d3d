"""What other apps show on the page of a case: they register, the page renders."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.template.loader import render_to_string
from django.utils.functional import Promise

if TYPE_CHECKING:
    from django.http import HttpRequest

    from .models import Case

Fill = Callable[["Case", "HttpRequest"], dict[str, Any] | None]
MAIN, SIDE = "main", "side"


@dataclass(frozen=True)
class Panel:
    """A section of the page; `fill` gives its context, None leaves it out.

    The template gets what `fill` returns and `case`; it is shown in a section
    headed by `label`, in the `main` column or at the `side`, by `order`.
    """

    code: str
    label: "str | Promise"
    template: str
    fill: Fill
    order: int = 50
    place: str = MAIN
    permission: str = "command.view_case"


@dataclass(frozen=True)
class Button:
    """Something that can be done with a case beside the steps of its process.

    `options` gives dicts of `name`, `url`, `allowed` and, if not, `why`.
    """

    code: str
    options: Callable[["Case", "HttpRequest"], list[dict[str, Any]]]


_panels: dict[str, Panel] = {}
_buttons: dict[str, Button] = {}


def register(*panels: Panel) -> None:
    """Have panels shown on every case; the same code again replaces the former."""
    _panels.update({panel.code: panel for panel in panels})


def register_buttons(*buttons: Button) -> None:
    """Have actions offered on every case."""
    _buttons.update({button.code: button for button in buttons})


def shown(case: "Case", request: "HttpRequest") -> list[dict[str, Any]]:
    """The panels that have something to say to this user, rendered."""
    found = []
    for panel in sorted(_panels.values(), key=lambda row: row.order):
        if not request.user.has_perm(panel.permission):
            continue
        context = panel.fill(case, request)
        if context is not None:
            html = render_to_string(panel.template, {"case": case, **context}, request)
            about = {"code": panel.code, "label": panel.label, "place": panel.place}
            found.append({**about, "html": html})
    return found


def options(case: "Case", request: "HttpRequest") -> list[dict[str, Any]]:
    """All that can be done beside the steps of the process."""
    return [
        row for button in _buttons.values() for row in button.options(case, request)
    ]
