"""Navigation of the data standard."""

from django.utils.translation import gettext_lazy as _

from platform_core.ui import navigation
from platform_core.ui.navigation import Entry

STANDARD = ("interfaces", _("Interface services"))
ACQUISITION = ("acquisition", _("Data acquisition"))

navigation.register(
    Entry(
        _("Data standard"),
        "interfaces:table-list",
        "list",
        "interfaces.view_table",
        842,
        STANDARD,
    ),
    Entry(
        _("Landed batches"),
        "interfaces:batch-list",
        "inbox",
        "interfaces.view_landed",
        880,
        ACQUISITION,
    ),
    Entry(
        _("Archive of rows"),
        "interfaces:archive-list",
        "inbox",
        "interfaces.manage_archive",
        881,
        ACQUISITION,
    ),
)
