"""Navigation of packages."""

from django.utils.translation import gettext_lazy as _

from platform_core.ui import navigation
from platform_core.ui.navigation import Entry

SYSTEM = ("exchange", _("Data exchange"))

navigation.register(
    Entry(
        _("Packages"),
        "packages:package-list",
        "archive",
        "packages.view_package",
        847,
        SYSTEM,
    ),
)
