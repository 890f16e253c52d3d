"""Entries of the wall in the navigation, words of events and messages, jobs."""

from functools import partial

from django.utils.translation import gettext_lazy as _

from municipal.command.nav import CITY
from platform_core.notices import kinds
from platform_core.systems.maintenance.events import name_events
from platform_core.ui import navigation
from platform_core.ui.navigation import Entry

from .board import rebuilding
from .wall import events

SYSTEM = ("centre", _("Supervision and command"))
PAGES = (
    (_("Wall of the command centre"), "wall", "map", "centre.view_wall"),
    (_("Panel of inspectors"), "people", "users", "centre.view_wall"),
    (_("Screens of the wall"), "screen-list", "settings", "centre.view_screen"),
)
assert rebuilding.KIND  # importing it registers its job
kinds.register(centre__message=_("Message of the command centre"))
for area in events.AREAS:
    name_events(area, partial(events.name, area))
navigation.register(
    *(
        Entry(
            label,
            f"centre:{name}",
            icon=icon,
            permission=permission,
            order=230 + index,
            system=SYSTEM,
            tiers=CITY,
        )
        for index, (label, name, icon, permission) in enumerate(PAGES)
    )
)
