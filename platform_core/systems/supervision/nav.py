"""Navigation of key tasks."""

from django.utils.translation import gettext_lazy as _

from platform_core.notices import kinds
from platform_core.ui.navigation import Entry, register

SYSTEM = ("supervision", _("Supervision"))
VIEW = "supervision.view_task"

register(
    Entry(
        _("Received tasks"),
        "supervision:received-list",
        "inbox",
        permission=VIEW,
        order=300,
        system=SYSTEM,
        tiers=(),
    ),
    Entry(
        _("Key tasks"),
        "supervision:task-list",
        "list",
        permission="supervision.view_all_tasks",
        order=310,
        system=SYSTEM,
        shortcut=True,
    ),
    Entry(
        _("Assignments"),
        "supervision:assignment-list",
        "list",
        permission="supervision.view_all_tasks",
        order=320,
        system=SYSTEM,
    ),
    Entry(
        _("Task statistics"),
        "supervision:statistics",
        "chart",
        permission="supervision.view_all_tasks",
        order=330,
        system=SYSTEM,
    ),
)
kinds.register(
    supervision__task=_("A key task moves on"),
    supervision__approval=_("A key task waits for approval"),
    supervision__reminder=_("A key task is near its day or late"),
)
