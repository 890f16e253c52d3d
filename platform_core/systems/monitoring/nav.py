"""Navigation of the monitoring system."""

from django.utils.translation import gettext_lazy as _

from platform_core.ui.navigation import Entry, register

SYSTEM = ("monitoring", _("Monitoring and analysis"))
FIGURES = "monitoring.view_indicatorvalue"

register(
    Entry(
        _("Command centre"),
        "monitoring:centre",
        "map",
        permission="monitoring.view_centre",
        order=200,
        system=SYSTEM,
    ),
    Entry(
        _("Indicators"),
        "monitoring:indicators",
        "chart",
        permission=FIGURES,
        order=210,
        system=SYSTEM,
    ),
    Entry(
        _("Indicator explorer"),
        "monitoring:explorer",
        "search",
        permission=FIGURES,
        order=220,
        system=SYSTEM,
    ),
    Entry(
        _("Reported figures"),
        "monitoring:values",
        "list",
        permission=FIGURES,
        order=230,
        system=SYSTEM,
    ),
    Entry(
        _("Case digests"),
        "monitoring:cases",
        "inbox",
        permission=FIGURES,
        order=240,
        system=SYSTEM,
    ),
)
