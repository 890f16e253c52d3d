"""Entries of the navigation; what is done to kept queries in the log; jobs."""

from django.utils.translation import gettext_lazy as _

from municipal.command.nav import CITY
from platform_core.systems.maintenance.events import name_events
from platform_core.ui import navigation
from platform_core.ui.navigation import Entry

from . import exports

SYSTEM = ("queries", _("Query and statistics"))
EVENTS = {"kept": _("Query kept"), "dropped": _("Kept query deleted")}
assert exports.CHUNK  # importing it registers its jobs
name_events("query.", lambda code: str(EVENTS.get(code, code)))
navigation.register(
    *(
        Entry(
            label,
            f"queries:{name}",
            icon=icon,
            permission="command.view_case",
            order=order,
            system=SYSTEM,
            tiers=CITY,
        )
        for name, label, icon, order in (
            ("cases", _("Case search"), "search", 300),
            ("map", _("Map of cases"), "map", 302),
            ("tables", _("Cross tables"), "chart", 304),
            ("kept", _("Kept queries"), "star", 306),
        )
    )
)
