"""Navigation of subscriptions."""

from django.utils.translation import gettext_lazy as _

from platform_core.ui import navigation
from platform_core.ui.navigation import Entry

SYSTEM = ("interfaces", _("Interface services"))
VIEW = "feeds.view_subscription"

navigation.register(
    Entry(
        _("Subscriptions of others"),
        "feeds:subscription-list",
        "list",
        VIEW,
        850,
        SYSTEM,
    ),
    Entry(_("Own subscriptions"), "feeds:application-list", "inbox", VIEW, 860, SYSTEM),
)
