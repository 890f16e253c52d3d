"""What the home page says to those who lead inspectors."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from platform_core.ui import dashboards
from platform_core.ui.dashboards import TodoItem, TodoSource

from .enums import LeaveState
from .models import Leave

CITY = ("municipal",)


def _waiting(user: Any) -> Any:
    rows = Leave.objects.visible_to(user).filter(state=LeaveState.ASKED)
    return rows.exclude(person=user).order_by("from_day", "pk")


def items(user: Any, limit: int) -> Iterable[TodoItem]:
    """Requests for leave to decide on, the nearest first."""
    return [
        TodoItem(
            title=f"{leave.person} {leave.get_kind_display()}",
            link=leave.get_absolute_url(),
            kind=_("Leave"),
            note=f"{leave.from_day} – {leave.to_day}",
        )
        for leave in _waiting(user).select_related("person")[:limit]
    ]


def count(user: Any) -> int:
    """How many wait."""
    found: int = _waiting(user).count()
    return found


dashboards.register(
    TodoSource(
        code="patrol.leave",
        label=_("Leave"),
        items=items,
        count=count,
        list_url="patrol:leave-list",
        list_query="state=asked",
        permission="patrol.manage_team",
        order=140,
        tiers=CITY,
    )
)
