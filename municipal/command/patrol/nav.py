"""Entries of the navigation, the words of events and of messages."""

from functools import partial

from django.utils.translation import gettext_lazy as _

from platform_core.notices import kinds
from platform_core.systems.maintenance.events import name_events
from platform_core.ui import navigation
from platform_core.ui.navigation import Entry

from . import events

CITY = ("municipal",)
SYSTEM = ("patrol", _("Field work"))
TEAM = "patrol.view_team"
CLOCK = "patrol.clock"
PAGES = (
    (_("Inspectors"), "inspector-list", "users", TEAM),
    (_("Live map"), "live", "map", TEAM),
    (_("Roster"), "roster", "calendar", TEAM),
    (_("Attendance"), "attendance-list", "clock", TEAM),
    (_("Attendance statistics"), "statistics", "chart", TEAM),
    (_("Leave"), "leave-list", "file", TEAM),
    (_("Marks of tracks"), "mark-list", "alert", TEAM),
    (_("Roll calls"), "roll-call-list", "bell", TEAM),
    (_("Work logs"), "log-list", "book", TEAM),
    (_("Phones"), "phone-list", "phone", "patrol.view_device"),
    (_("Rules of field work"), "rules", "settings", "patrol.change_patrolrules"),
)
OWN = (
    (_("My attendance"), "attendance-list", "clock", CLOCK),
    (_("My leave"), "leave-list", "file", CLOCK),
)
navigation.register(
    *(
        Entry(
            label,
            f"patrol:{name}",
            icon=icon,
            permission=permission,
            order=175 + index,
            system=SYSTEM,
            tiers=CITY,
        )
        for index, (label, name, icon, permission) in enumerate((*PAGES, *OWN))
    )
)

for area in events.AREAS:
    name_events(area, partial(events.name, area))
kinds.register(
    patrol__mark=_("A track shows something"),
    patrol__leave=_("Leave"),
    patrol__roll_call=_("Roll call"),
    patrol__message=_("Message to inspectors"),
)
