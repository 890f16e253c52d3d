"""Entry of the navigation."""

from django.utils.translation import gettext_lazy as _

from platform_core.notices import kinds
from platform_core.ui import navigation
from platform_core.ui.navigation import Entry

navigation.register(
    Entry(
        _("Background work"),
        "jobs:list",
        icon="clock",
        permission="signed-in",
        order=960,
        system=("maintenance", _("Application maintenance")),
    )
)
kinds.register(job=_("Background work has ended"))
