"""Entries of the navigation."""

from django.utils.translation import gettext_lazy as _

from platform_core.systems.maintenance import events
from platform_core.ui import navigation
from platform_core.ui.navigation import Entry

SYSTEM = ("intake", _("Reception"))
CITY = ("municipal",)
ROWS = (
    (_("Operator's desk"), "intake:desk", "phone", "intake.view_call"),
    (_("Leads"), "intake:leads", "inbox", "intake.view_lead"),
    (_("Calls"), "intake:calls", "list", "intake.view_call"),
    (_("Call statistics"), "intake:statistics", "chart", "intake.view_all_calls"),
    (_("Knowledge base"), "intake:articles", "info", "intake.view_call"),
    (_("Phrases"), "intake:phrases", "message", "intake.manage_reception"),
    (_("Sources of cases"), "intake:sources", "list", "intake.manage_reception"),
)
navigation.register(
    *(
        Entry(
            label,
            name,
            icon=icon,
            permission=permission,
            order=150 + place,
            system=SYSTEM,
            tiers=CITY,
        )
        for place, (label, name, icon, permission) in enumerate(ROWS)
    )
)
events.register(
    {
        "call.event": _("Call reported by the switchboard"),
        "call.noted": _("Call noted"),
        "seat.taken": _("Seat taken"),
        "seat.turned": _("State of a seat changed"),
        "seat.left": _("Seat left"),
        "number.blocked": _("Number blocked"),
        "blockednumber.removed": _("Number let through"),
        "lead.received": _("Lead received"),
        "lead.registered": _("Lead registered"),
        "lead.refused": _("Lead refused"),
        "line.kept": _("Telephone line kept"),
        "seat.kept": _("Seat kept"),
        "phrase.kept": _("Phrase kept"),
        "phrase.removed": _("Phrase removed"),
        "article.kept": _("Article kept"),
        "casesource.kept": _("Source of cases changed"),
    },
    {"call.": _("Calls"), "lead.": _("Leads"), "seat.": _("Seats")},
)
