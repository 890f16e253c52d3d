"""Entries of the navigation, and the words of events in the audit log."""

from functools import partial

from django.utils.translation import gettext_lazy as _

from platform_core.systems.maintenance.events import name_events
from platform_core.ui import navigation
from platform_core.ui.navigation import Entry

from . import events, importing
from .services import learning

CITY = ("municipal",)
SYSTEM = ("collaboration", _("Collaborative work"))
PAGES = (
    (_("Department desk"), "desk", "inbox", "collaboration.view_desk"),
    (_("Parts of cases"), "part-list", "list", "command.view_case"),
    (_("Units compared"), "units", "chart", "collaboration.view_units"),
    (_("Supervision notices"), "notice-list", "alert", "command.view_case"),
    (_("Leaders' instructions"), "instruction-list", "edit", "command.view_case"),
    (_("Consultations and meetings"), "meeting-list", "users", "command.view_case"),
    (_("Second-level dispatch"), "district-list", "dispatch", "command.view_case"),
    (_("Rules of duty"), "rule-list", "list", "collaboration.manage_duty"),
    (_("Suggested rules"), "suggestion-list", "list", "collaboration.manage_duty"),
    (_("Automatic dispatch"), "auto-list", "dispatch", "collaboration.manage_duty"),
    (_("Department types"), "type-list", "list", "collaboration.manage_duty"),
    (
        _("Second-level platforms"),
        "platform-list",
        "list",
        "collaboration.manage_platforms",
    ),
    (
        _("Other dispatch systems"),
        "system-list",
        "list",
        "collaboration.manage_systems",
    ),
    (_("Deliveries"), "callback-list", "list", "collaboration.manage_systems"),
)
navigation.register(
    *(
        Entry(
            label,
            f"collaboration:{name}",
            icon=icon,
            permission=permission,
            order=150 + index,
            system=SYSTEM,
            tiers=CITY,
        )
        for index, (label, name, icon, permission) in enumerate(PAGES)
    )
)
for area in events.AREAS:
    name_events(area, partial(events.name, area))

__all__ = ["importing", "learning"]
