"""Entries of the desk in the navigation, words of events and of messages."""

from functools import partial

from django.utils.translation import gettext_lazy as _

from platform_core.notices import kinds
from platform_core.systems.maintenance.events import name_events
from platform_core.ui import navigation
from platform_core.ui.navigation import Entry

from . import desk_events
from .rosters import contacts
from .video import points

SYSTEM = ("centre", _("Supervision and command"))
PAGES = (
    (_("Duty desk"), "desk", "inbox", "centre.view_desk"),
    (_("Duty roster"), "roster", "users", "centre.view_desk"),
    (_("Handovers"), "handover-list", "list", "centre.view_desk"),
    (_("Duty log"), "log-list", "edit", "centre.view_desk"),
    (_("Contact book"), "contact-list", "users", "centre.view_desk"),
    (_("Notices to the people on duty"), "notice-list", "alert", "centre.view_desk"),
    (_("Emergencies"), "emergency-list", "alert", "centre.view_emergency"),
    (_("Emergency resources"), "resource-list", "users", "centre.view_emergency"),
    (_("Emergency plans"), "emergency-plans", "book", "centre.view_emergency"),
    (_("Video"), "video", "camera", "centre.view_video"),
    (_("AI results"), "hit-list", "list", "centre.view_video"),
    (_("Video patrols"), "plan-list", "list", "centre.view_video"),
)
navigation.register(
    *(
        Entry(
            label,
            f"centre:{name}",
            icon=icon,
            permission=permission,
            order=240 + index,
            system=SYSTEM,
            tiers=("municipal",),
        )
        for index, (label, name, icon, permission) in enumerate(PAGES)
    )
)
for area in desk_events.AREAS:
    name_events(area, partial(desk_events.name, area))
kinds.register(
    centre__duty=_("Duty at the centre"),
    centre__emergency=_("An emergency"),
    centre__call=_("A call for help"),
)

__all__ = ["contacts", "points"]
