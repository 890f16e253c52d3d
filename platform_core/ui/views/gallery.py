"""Every component once, for those who build pages."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from platform_core.common.clock import now
from platform_core.regions.selectors import node_division
from platform_core.ui import charts, components, icons
from platform_core.ui.dashboards import Figure
from platform_core.ui.permissions import SIGNED_IN

from .base import PlainPage

DAYS = ("1", "2", "3", "4", "5", "6", "7")


class GalleryPage(PlainPage):
    """The components with example values."""

    permission_required = SIGNED_IN
    title = gettext_lazy("Parts of pages")
    template_name = "ui/gallery.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        present = now()
        done, received = _("Done"), _("To do")
        return {
            **super().get_context_data(**kwargs),
            "levels": components.LEVELS,
            "icon_names": icons.PATHS,
            "division_code": node_division(settings.NODE_CODE),
            "moments": [
                {"at": present + timedelta(hours=5), "light": "green"},
                {"at": present + timedelta(minutes=40), "light": "yellow"},
                {"at": present - timedelta(days=2), "light": "red"},
            ],
            "options": [
                {"name": _("Save"), "allowed": True, "url": self.request.path},
                {"name": _("Cancel"), "allowed": True, "url": self.request.path},
                {
                    "name": _("Delete"),
                    "allowed": False,
                    "why": _("There is nothing here"),
                },
            ],
            "figures": [
                Figure(received, 128, self.request.path),
                Figure(_("Overdue"), 3, self.request.path, level="red"),
                Figure(_("On time"), 96.5, unit="%", level="green"),
            ],
            "bars": charts.bar(DAYS, {received: range(9, 16), done: range(7, 14)}),
            "lines": charts.line(DAYS, {received: [3, 6, 2, 8, 5, 9, 4]}),
            "ring": charts.pie({received: 30, done: 70}),
            "points": {"type": "FeatureCollection", "features": _points()},
            "steps": [
                {"title": received, "at": present, "by_name": "A"},
                {
                    "title": done,
                    "at": present,
                    "note": _("View saved."),
                    "overdue": True,
                },
            ],
        }


def _points() -> list[dict[str, Any]]:
    return [
        {
            "type": "Feature",
            "geometry": {
                "type": "Point",
                "coordinates": [120.3 + 0.01 * (i % 9), 36.1 + 0.02 * (i // 9)],
            },
            "properties": {"title": str(i), "level": components.LEVELS[i % 5]},
        }
        for i in range(45)
    ]
