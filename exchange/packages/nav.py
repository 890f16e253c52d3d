"""Navigation of packages."""

from django.utils.translation import gettext_lazy as _

from platform_core.ui import navigation
from platform_core.ui.navigation import Entry

SYSTEM = ("acquisition", _("Data acquisition"))

navigation.register(
    Entry(
        _("Packages"),
        "packages:package-list",
        "archive",
        "packages.view_package",
        879,
        SYSTEM,
    ),
)
