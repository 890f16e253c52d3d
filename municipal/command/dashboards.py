"""What the home page says about cases."""

from collections.abc import Iterable
from datetime import datetime, time
from functools import partial
from typing import Any

from django.db.models import Count, F, Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from platform_core.common import clock
from platform_core.ui import dashboards
from platform_core.ui.dashboards import Figure, TodoItem, TodoSource, Widget

from . import policies
from .enums import CLOSED, OPEN
from .models import Case, CaseRequest
from .worklists import WORKLISTS, Worklist

CITY = ("municipal",)


def items(work: Worklist, user: Any, limit: int) -> Iterable[TodoItem]:
    """The most urgent cases of a work list."""
    if work.role not in user.role_codes:
        return []
    rows = work.rows(user).order_by(F("deadline").asc(nulls_last=True), "id")
    return [
        TodoItem(
            title=case.title,
            link=_link(work, case),
            deadline=case.deadline,
            light=case.light,
            kind=work.label,
            note=case.number,
        )
        for case in rows[:limit]
    ]


def _link(work: Worklist, case: Case) -> str:
    if work.code == "onsite":
        return reverse("field:task", args=[case.uid])
    return case.get_absolute_url()


def count(work: Worklist, user: Any) -> int:
    """How many cases wait in a work list for this user."""
    return work.rows(user).count() if work.role in user.role_codes else 0


def figures(request: HttpRequest) -> dict[str, Any]:
    """Today's cases as numbers that open their lists."""
    user: Any = request.user
    now = clock.now()
    start = timezone.make_aware(datetime.combine(clock.today(), time.min))
    # Named first, so that indexes find the few cases that count.
    of_today = Q(reported_at__gte=start) | Q(closed_at__gte=start)
    rows = Case.objects.visible_to(user).filter(of_today | Q(state__in=OPEN))
    found = rows.aggregate(
        reported=Count("pk", filter=Q(reported_at__gte=start)),
        closed=Count("pk", filter=Q(state__in=CLOSED, closed_at__gte=start)),
        open=Count("pk", filter=Q(state__in=OPEN)),
        late=Count("pk", filter=Q(state__in=OPEN, deadline__lt=now)),
    )
    url, day = reverse("command:case-list"), clock.today().isoformat()
    return {
        "figures": [
            Figure(
                _("Reported today"), found["reported"], f"{url}?reported_from={day}"
            ),
            Figure(_("Closed today"), found["closed"], f"{url}?state=closed", "green"),
            Figure(_("Open"), found["open"], f"{url}?open=true"),
            Figure(_("Overdue"), found["late"], f"{url}?light=red", "red"),
        ]
    }


def request_items(user: Any, limit: int) -> Iterable[TodoItem]:
    """The requests that wait longest for the user's decision."""
    rows = waiting(user).select_related("case").order_by("asked_at")
    return [
        TodoItem(
            title=f"{row.get_kind_display()} {row.case.title}",
            link=reverse("command:request-decide", args=[row.uid]),
            deadline=row.case.deadline,
            light=row.case.light,
            kind=_("Requests to decide"),
            note=row.case.number,
        )
        for row in rows[:limit]
    ]


def waiting(user: Any) -> Any:
    """The requests that wait for the user's decision."""
    kinds = policies.kinds_to_decide(user)
    return CaseRequest.objects.visible_to(user).pending().filter(kind__in=kinds)


dashboards.register(
    TodoSource(
        "case-requests",
        _("Requests to decide"),
        request_items,
        lambda user: waiting(user).count(),
        "command:request-waiting",
        permission="command.decide_request",
        order=9,
        tiers=CITY,
    ),
    *(
        TodoSource(
            f"cases-{work.code}",
            work.label,
            partial(items, work),
            partial(count, work),
            work.url_name,
            permission=work.permission,
            order=10 + index,
            tiers=CITY,
        )
        for index, work in enumerate(WORKLISTS.values())
        if work.role
    ),
    Widget(
        "cases-today",
        _("Cases"),
        "ui/widgets/figures.html",
        figures,
        permission="command.view_case",
        unless="monitoring.view_indicatorvalue",
        order=10,
        tiers=CITY,
    ),
)
