"""What the page of a case shows of appeals, and what the home page asks for."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from municipal.command import panels
from municipal.command.enums import CLOSED
from municipal.command.models import Case
from municipal.command.panels import Button, Panel
from municipal.command.requests import user_of
from platform_core.accounts.models import User
from platform_core.ui import dashboards
from platform_core.ui.dashboards import TodoItem, TodoSource

from . import policies
from .enums import AppealState
from .models import Appeal
from .models.appeals import APPEAL, DECIDE, REVIEW


def appeals(case: Case, request: HttpRequest) -> dict[str, Any] | None:
    """The appeals about a case that the user may see."""
    if case.state not in CLOSED:
        return None
    rows = Appeal.objects.visible_to(user_of(request)).filter(case=case)
    found = list(rows.select_related("by", "unit").order_by("pk"))
    return {"appeals": found} if found else None


def buttons(case: Case, request: HttpRequest) -> list[dict[str, Any]]:
    """Appealing, offered to those concerned while appeals are taken."""
    user = user_of(request)
    if case.state not in CLOSED or not user.has_perm(APPEAL):
        return []
    if not policies.concerned(case, user):
        return []
    url = reverse("performance:appeal-make", args=[case.uid])
    allowed = policies.in_time(case)
    why = _("the days for appeals are over")
    return [{"name": _("Appeal"), "url": url, "allowed": allowed, "why": why}]


def waiting(user: User) -> QuerySet[Appeal]:
    """The appeals that wait for the user's review."""
    states = Q(pk__in=[])
    if user.has_perm(REVIEW):
        states |= Q(state=AppealState.FIRST)
    if user.has_perm(DECIDE):
        states |= Q(state=AppealState.SECOND)
    return Appeal.objects.visible_to(user).filter(states).exclude(by=user.pk)


def items(user: User, limit: int) -> Iterable[TodoItem]:
    """The most urgent of them."""
    rows = waiting(user).select_related("case").order_by("due")
    return [
        TodoItem(
            title=f"{row.get_ground_display()} {row.case.title}",
            link=row.get_absolute_url(),
            deadline=row.due,
            light=row.light,
            kind=_("Appeals to review"),
            note=row.case.number,
        )
        for row in rows[:limit]
    ]


def register() -> None:
    """Put them on the pages."""
    panels.register(
        Panel("appeals", _("Appeals"), "performance/panels/appeals.html", appeals, 60)
    )
    panels.register_buttons(Button("appeals", buttons))
    dashboards.register(
        TodoSource(
            "appeals",
            _("Appeals to review"),
            items,
            lambda user: waiting(user).count(),
            "performance:appeal-list",
            permission="performance.view_all_results",
            order=12,
            tiers=("municipal",),
        )
    )
