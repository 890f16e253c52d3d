"""Navigation of the exchange."""

from django.utils.translation import gettext_lazy as _

from platform_core.ui import navigation
from platform_core.ui.navigation import Entry

SYSTEM = ("exchange", _("Data exchange"))
INTERFACES = ("interfaces", _("Interface services"))
VIEW = "delivery.view_peer"

navigation.register(
    Entry(_("Exchange status"), "delivery:status", "exchange", VIEW, 800, SYSTEM),
    Entry(_("Problem records"), "delivery:problem-list", "alert", VIEW, 810, SYSTEM),
    Entry(_("Refused here"), "delivery:rejected-list", "return", VIEW, 815, SYSTEM),
    Entry(_("Batches"), "delivery:batch-list", "archive", VIEW, 820, SYSTEM),
    Entry(
        _("Files between platforms"),
        "delivery:transfer-list",
        "file",
        VIEW,
        825,
        SYSTEM,
    ),
    Entry(_("Trace a record"), "delivery:trace", "search", VIEW, 830, SYSTEM),
    Entry(_("Signing keys"), "delivery:key-list", "lock", VIEW, 850, SYSTEM),
    Entry(_("Interfaces"), "delivery:interface-list", "book", VIEW, 840, INTERFACES),
)
