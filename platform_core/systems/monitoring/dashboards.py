"""Figures on the home page."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from platform_core.ui.dashboards import Figure, Widget, register

from . import centre, policies


def figures(request: HttpRequest) -> dict[str, Any]:
    """The strip of the command centre for the user's own division."""
    division = policies.home_division(request.user)
    return {
        "figures": [
            Figure(
                label=tile["label"],
                value=_("none") if tile["value"] is None else tile["value"],
                url=tile["url"],
                level="red" if tile["level"] == "alarm" else "",
                unit=tile["unit"] if tile["value"] is not None else "",
            )
            for tile in centre.kpi(division)
        ]
    }


register(
    Widget(
        code="monitoring.figures",
        title=gettext_lazy("Cases today and this month"),
        template="ui/widgets/figures.html",
        context=figures,
        permission="monitoring.view_indicatorvalue",
        order=50,
    )
)
