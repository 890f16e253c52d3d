"""Navigation of fusion."""

from django.utils.translation import gettext_lazy as _

from platform_core.ui import navigation
from platform_core.ui.navigation import Entry

SYSTEM = ("fusion", _("Data fusion"))
ENTRIES = (
    (_("Code maps"), "codemap-list", "book", "view_codemap"),
    (_("Unmatched codes"), "unmatched-list", "alert", "view_codemap"),
    (_("Fusion tasks"), "task-list", "task", "view_task"),
    (_("Fusion runs"), "run-list", "play", "view_run"),
    (_("Pairs to be reviewed"), "pair-list", "eye", "view_pair"),
    (_("Subject tables"), "subject-list", "grid", "view_master"),
)

navigation.register(
    *(
        Entry(label, f"fusion:{name}", icon, f"fusion.{right}", 926 + place, SYSTEM)
        for place, (label, name, icon, right) in enumerate(ENTRIES)
    )
)
