"""Navigation of reconciliation."""

from django.utils.translation import gettext_lazy as _

from platform_core.ui import navigation
from platform_core.ui.navigation import Entry

SYSTEM = ("exchange", _("Data exchange"))
VIEW = "reconciliation.view_certificate"

navigation.register(
    Entry(
        _("Certificates"),
        "reconciliation:certificate-list",
        "check",
        VIEW,
        870,
        SYSTEM,
    ),
)
