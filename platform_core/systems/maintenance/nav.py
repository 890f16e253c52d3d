"""Navigation of the maintenance system."""

from django.utils.translation import gettext_lazy as _

from platform_core.ui.navigation import Entry, register

SYSTEM = ("maintenance", _("Application maintenance"))
PROCESSES = "processes.view_processdefinition"
PAGES = (
    (_("Organisations"), "units", "building", "accounts.view_orgunit"),
    (_("People"), "people", "users", "accounts.view_user"),
    (_("Roles"), "roles", "shield", "accounts.view_user"),
    (_("Processes"), "processes", "tree", PROCESSES),
    (_("Work calendar"), "calendar", "calendar", "calendars.change_workcalendar"),
    (_("Classes and limits"), "classes", "book", PROCESSES),
    (
        _("Wording of messages"),
        "messages",
        "message",
        "notices.change_messagetemplate",
    ),
    (_("Audit log"), "audit", "history", "audit.view_auditentry"),
)

register(
    *(
        Entry(
            label,
            f"maintenance:{name}",
            icon,
            permission=permission,
            order=950 + number,
            system=SYSTEM,
        )
        for number, (label, name, icon, permission) in enumerate(PAGES)
    )
)
