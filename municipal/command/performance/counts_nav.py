"""The entry of the counts, and the words of their events in the audit log."""

from django.utils.translation import gettext_lazy as _

from platform_core.systems.maintenance.events import name_events
from platform_core.ui import navigation
from platform_core.ui.navigation import Entry

from . import scopes

EVENTS = {
    "exported": _("Cases behind a count exported"),
    "exempted": _("Case left out of the assessment"),
    "readmitted": _("Case counted in the assessment again"),
}


SYSTEM = ("performance", _("Performance evaluation"))


def register() -> None:
    """Make them known, and the pages of counts."""
    navigation.register(
        Entry(
            _("Counts"),
            "performance:counts",
            icon="chart",
            permission=scopes.VIEW,
            order=198,
            system=SYSTEM,
            tiers=("municipal",),
        )
    )
    name_events("figures.", lambda rest: str(EVENTS.get(rest, rest)))
