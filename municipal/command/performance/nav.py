"""Entries of the navigation, and the words of events in the audit log."""

from functools import partial

from django.utils.translation import gettext_lazy as _

from platform_core.notices import kinds
from platform_core.systems.maintenance.events import name_events
from platform_core.ui import navigation
from platform_core.ui.navigation import Entry

from . import events
from .telling import KIND

CITY = ("municipal",)
SYSTEM = ("performance", _("Performance evaluation"))
RESULTS = "performance.view_result"
PAGES = (
    (_("Overview of results"), "overview", "chart", RESULTS),
    (_("Evaluations"), "run-list", "list", RESULTS),
    (_("Appeals"), "appeal-list", "flag", RESULTS),
    (_("Evaluation schemes"), "scheme-list", "settings", RESULTS),
)
navigation.register(
    *(
        Entry(
            label,
            f"performance:{name}",
            icon=icon,
            permission=permission,
            order=190 + index,
            system=SYSTEM,
            tiers=CITY,
        )
        for index, (label, name, icon, permission) in enumerate(PAGES)
    )
)
kinds.register(**{KIND: _("Evaluations and appeals")})
for area in events.AREAS:
    name_events(area, partial(events.name, area))
