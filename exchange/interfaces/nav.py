"""Navigation of the data standard."""

from django.utils.translation import gettext_lazy as _

from platform_core.ui import navigation
from platform_core.ui.navigation import Entry

SYSTEM = ("exchange", _("Data exchange"))

navigation.register(
    Entry(
        _("Data standard"),
        "interfaces:table-list",
        "list",
        "interfaces.view_table",
        840,
        SYSTEM,
    ),
    Entry(
        _("Batches"),
        "interfaces:batch-list",
        "inbox",
        "interfaces.view_landed",
        845,
        SYSTEM,
    ),
    Entry(
        _("Archive of rows"),
        "interfaces:archive-list",
        "inbox",
        "interfaces.manage_archive",
        846,
        SYSTEM,
    ),
)
