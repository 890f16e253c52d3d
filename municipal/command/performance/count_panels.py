"""What the page of a case shows of its flags: what each step counted as."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from municipal.command import panels
from municipal.command.enums import PROCESS
from municipal.command.models import Case
from municipal.command.panels import Panel
from municipal.command.requests import user_of
from platform_core.processes.labels import transition_label
from platform_core.processes.selectors import published

from . import scopes
from .enums import RowKind
from .measures import MEASURES
from .models import StepFlags

SUBJECTS = ("unit", "supervisor", "acceptor", "leader", "dispatcher")
MOST = 60


def fill(case: Case, request: HttpRequest) -> dict[str, Any] | None:
    """The rows of its steps and visits, the first one first."""
    rows = StepFlags.objects.visible_to(user_of(request)).filter(case=case)
    rows = rows.exclude(row=RowKind.WAITING).select_related(*SUBJECTS)
    steps = published(PROCESS).definition.transitions
    actions = {step.action: transition_label(step) for step in steps}
    found = [_line(row, actions) for row in rows.order_by("at", "pk")[:MOST]]
    return {"lines": found} if found else None


def _line(row: StepFlags, actions: dict[str, str]) -> dict[str, Any]:
    people = [getattr(row, name) for name in SUBJECTS]
    step = row.get_row_display() if row.row == RowKind.VISIT else ""
    return {
        "row": row,
        "step": step or actions.get(row.action, row.action),
        "names": [MEASURES[code].name for code in row.codes if code in MEASURES],
        "who": [str(one) for one in people if one],
    }


def register() -> None:
    """Put it on the page."""
    panels.register(
        Panel(
            "flags",
            gettext_lazy("What the steps count as"),
            "performance/panels/flags.html",
            fill,
            90,
            permission=scopes.VIEW,
        )
    )
