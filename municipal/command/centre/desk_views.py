"""The duty desk: what the people on duty look at all day."""

from typing import Any

from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from municipal.command.enums import OPEN
from municipal.command.models import Case
from municipal.command.requests import user_of
from platform_core.accounts.models import User
from platform_core.common import clock
from platform_core.ui import live
from platform_core.ui.views import PlainPage

from .desk_enums import EmergencyState
from .models import DutyLog, Emergency, Handover
from .rosters import selectors as rosters
from .rosters.forms import LogForm
from .video import hits, patrols

MOST = 8


def pressing(user: User) -> dict[str, list[Case]]:
    """Open cases that are overdue, and urgent ones that are not."""
    now = clock.now()
    seen = Case.objects.visible_to(user).select_related("handling_unit")
    late = list(seen.light("red", now).order_by("red_at")[:MOST])
    urgent = seen.filter(state__in=OPEN, is_urgent=True)
    keys = [case.pk for case in late]
    return {"late": late, "urgent": list(urgent.exclude(pk__in=keys)[:MOST])}


def own_duty(user: User) -> dict[str, Any]:
    """Who is on duty, what was handed over, what was written down."""
    untaken = Handover.objects.filter(taken_at=None).select_related("shift", "by")
    return {
        "on_duty": list(rosters.on_duty()),
        "coming": list(rosters.next_on_duty()[:6]),
        "items": list(rosters.open_items()[:MOST]),
        "untaken": list(untaken[:3]),
        "log": list(DutyLog.objects.select_related("by")[:MOST]),
        "may_write": user.has_perm("centre.write_desk"),
    }


def from_video(user: User) -> dict[str, Any]:
    """What analysis saw and waits, and patrols that are due."""
    return {"hits": list(hits.waiting(user)[:MOST]), "due": patrols.due(user)}


def under_way(user: User) -> list[Emergency]:
    """Emergencies that go on, the gravest first."""
    rows = Emergency.objects.visible_to(user).filter(state=EmergencyState.OPEN)
    return list(rows.order_by("level", "-raised_at")[:MOST])


class DeskPage(PlainPage):
    """Who is on duty, what is going on, what waits; renews itself."""

    permission_required = "centre.view_desk"
    template_name = "centre/desk/desk.html"
    title = _("Duty desk")

    def get(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        if not request.headers.get("X-Poll"):
            return super().get(request, *args, **kwargs)
        context = self.get_context_data(**kwargs)
        response = render(request, "centre/desk/_desk.html", context)
        return live.answer(request, response)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = user_of(self.request)
        return super().get_context_data(
            form=LogForm(),
            emergencies=under_way(user),
            **own_duty(user),
            **pressing(user),
            **from_video(user),
            **kwargs,
        )
