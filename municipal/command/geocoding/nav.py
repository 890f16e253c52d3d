"""Entries of the navigation, and the jobs of this app."""

from django.utils.translation import gettext_lazy as _

from platform_core.systems.maintenance.events import name_events
from platform_core.ui import navigation
from platform_core.ui.navigation import Entry

from . import runners

SYSTEM = ("geocoding", _("Geocoding"))
EVENTS = {
    "add": _("Address proposed"),
    "edit": _("Change of an address proposed"),
    "retire": _("Retirement of an address proposed"),
    "reviewed": _("Change of an address reviewed"),
    "lookup_started": _("Address list uploaded"),
    "lookup_fixed": _("Row of an address list fixed"),
}
JOBS = (runners.look_up, runners.take_in, runners.approve)


def _entry(label: object, name: str, icon: str, order: int) -> Entry:
    return Entry(
        label,  # type: ignore[arg-type]
        f"geocoding:{name}",
        icon=icon,
        permission="geocoding.view_address",
        order=order,
        system=SYSTEM,
        tiers=("municipal",),
    )


name_events("address.", lambda event: str(EVENTS.get(event, event)))
navigation.register(
    _entry(_("Find a place"), "search", "search", 300),
    _entry(_("Addresses"), "addresses", "location", 301),
    _entry(_("Changes of addresses"), "changes", "history", 302),
    _entry(_("Address lists"), "lookups", "list", 303),
)
