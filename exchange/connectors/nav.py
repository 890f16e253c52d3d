"""Navigation of connectors."""

from django.utils.translation import gettext_lazy as _

from platform_core.ui import navigation
from platform_core.ui.navigation import Entry

SYSTEM = ("acquisition", _("Data acquisition"))
VIEW = "connectors.view_flow"

navigation.register(
    Entry(_("Sources"), "connectors:source-list", "link", VIEW, 870, SYSTEM),
    Entry(_("Flows"), "connectors:flow-list", "dispatch", VIEW, 872, SYSTEM),
    Entry(_("Runs"), "connectors:run-list", "history", VIEW, 874, SYSTEM),
    Entry(_("Rejected rows"), "connectors:reject-list", "return", VIEW, 876, SYSTEM),
    Entry(
        _("Bring a file"),
        "connectors:upload",
        "inbox",
        "connectors.upload_rows",
        877,
        SYSTEM,
    ),
    Entry(_("Code mappings"), "connectors:codemap-list", "book", VIEW, 878, SYSTEM),
)
