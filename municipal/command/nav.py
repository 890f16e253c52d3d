"""Entries of the navigation and the search."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from platform_core.notices import kinds
from platform_core.processes.labels import transition_label
from platform_core.processes.selectors import definition
from platform_core.systems.maintenance.events import name_events
from platform_core.systems.monitoring.links import register_case_page
from platform_core.ui import navigation, search
from platform_core.ui.navigation import Entry
from platform_core.ui.search import Hit, SearchProvider

from . import beside
from .enums import PROCESS
from .models import Case
from .worklists import WORKLISTS

SYSTEM = ("command", _("Command and coordination"))
CITY = ("municipal",)
ICONS = {"dispatch": "dispatch", "onsite": "location", "paused": "clock"}


EVENTS = {
    "request_asked": _("Request sent"),
    "request_decided": _("Request decided"),
    "reopened": _("Taken up again"),
    "followed": _("Followed or no more"),
    "missed": _("Marked as missed or not"),
}
RULE_EVENTS = {
    "drafted": _("Draft of rules made"),
    "edited": _("Draft of rules changed"),
    "discarded": _("Draft of rules discarded"),
    "published": _("Rules put in force"),
    "graded": _("Area graded"),
    "grade_removed": _("Grade of an area removed"),
}


def event_name(action: str) -> str:
    """A step of the process by its name, for the audit log."""
    if action in EVENTS:
        return str(EVENTS[action])
    found = (step for step in definition(PROCESS).transitions if step.action == action)
    step = next(found, None)
    return transition_label(step) if step else action


name_events("case.", event_name)
name_events("rules.", lambda code: str(RULE_EVENTS.get(code, code)))
name_events("area.", lambda code: str(RULE_EVENTS.get(code, code)))
beside.register()
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
        _("Requests to decide"),
        "command:request-waiting",
        icon="check",
        permission="command.decide_request",
        order=127,
        system=SYSTEM,
        tiers=CITY,
    ),
    Entry(
        _("My lists"),
        "command:work-doing",
        icon="star",
        permission="command.view_case",
        order=128,
        system=SYSTEM,
        tiers=CITY,
    ),
    Entry(
        _("Requests"),
        "command:request-list",
        icon="inbox",
        permission="command.view_case",
        order=129,
        system=SYSTEM,
        tiers=CITY,
    ),
    Entry(
        _("Case rules"),
        "command:rules-list",
        icon="settings",
        permission="command.change_caserules",
        order=190,
        system=SYSTEM,
        tiers=CITY,
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
kinds.register(
    case=_("A case waits for a post"),
    overdue=_("A case is overdue"),
    urge=_("A case is urged"),
)
