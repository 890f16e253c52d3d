"""Entries of the navigation and the search."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from platform_core.processes.labels import transition_label
from platform_core.processes.selectors import definition
from platform_core.systems.maintenance.events import name_events
from platform_core.systems.monitoring.links import register_case_page
from platform_core.ui import navigation, search
from platform_core.ui.navigation import Entry
from platform_core.ui.search import Hit, SearchProvider

from .enums import PROCESS
from .models import Case
from .worklists import WORKLISTS

SYSTEM = ("command", _("Command and coordination"))
CITY = ("municipal",)
ICONS = {"dispatch": "dispatch", "onsite": "location", "paused": "clock"}


def event_name(action: str) -> str:
    """A step of the process by its name, for the audit log."""
    found = (step for step in definition(PROCESS).transitions if step.action == action)
    step = next(found, None)
    return transition_label(step) if step else action


name_events("case.", event_name)
register_case_page(lambda uid: reverse("command:case-detail", args=[uid]))
navigation.register(
    Entry(
        _("Register a report"),
        "command:report",
        icon="plus",
        permission="command.report_case",
        order=100,
        system=SYSTEM,
        tiers=CITY,
    ),
    *(
        Entry(
            work.label,
            work.url_name,
            icon=ICONS.get(work.code, "inbox"),
            permission=work.permission,
            order=110 + index,
            system=SYSTEM,
            tiers=CITY,
        )
        for index, work in enumerate(WORKLISTS.values())
    ),
    Entry(
        _("All cases"),
        "command:case-list",
        icon="list",
        permission="command.view_case",
        order=130,
        system=SYSTEM,
        tiers=CITY,
    ),
    Entry(
        _("On the phone"),
        "field:home",
        icon="phone",
        permission="command.verify_case",
        order=140,
        system=SYSTEM,
        tiers=CITY,
    ),
)


def find_cases(user: Any, text: str, limit: int) -> Iterable[Hit]:
    """Cases by number, class or address."""
    rows = Case.objects.visible_to(user).filter(
        Q(number__startswith=text)
        | Q(task_number__startswith=text)
        | Q(class_name__icontains=text)
        | Q(address__icontains=text)
    )
    return [
        Hit(
            case.title,
            case.get_absolute_url(),
            f"{case.number} {case.get_state_display()}",
        )
        for case in rows.order_by("-reported_at")[:limit]
    ]


search.register(
    SearchProvider(
        "cases",
        _("Cases"),
        find_cases,
        permission="command.view_case",
        order=10,
        tiers=CITY,
    )
)
