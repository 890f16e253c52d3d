"""What key tasks put on the home page."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from platform_core.common.models import own_node
from platform_core.ui.dashboards import Figure, TodoItem, TodoSource, Widget, register

from . import people, selectors
from .enums import RUNNING, ExtensionState, SuperviseState
from .models import Assignment, Task

LIST, TASKS = "supervision:assignment-list", "supervision:task-list"
ASKED = Q(extension_state=ExtensionState.REQUESTED, state__in=RUNNING)


def to_answer(user: Any) -> QuerySet[Assignment]:
    """What the user's end has to do: sign, work, answer."""
    rows = selectors.received(user)
    if user.has_perm("supervision.receive_task"):
        rows = rows.exclude(origin=own_node())
    due = Q(state__in=RUNNING) | Q(
        state="submitted", supervise_state=SuperviseState.OPEN
    )
    return rows.filter(due).order_by("deadline", "pk")


def to_review(user: Any) -> QuerySet[Assignment]:
    """What waits for the issuer: results and requests for time."""
    rows = selectors.assignments(user).filter(origin=own_node())
    return rows.filter(Q(state="submitted") | ASKED).order_by("deadline", "pk")


def to_approve(user: Any) -> QuerySet[Task]:
    """Drafts that wait for the leader."""
    rows = Task.objects.visible_to(user).filter(state="pending_approval")
    return rows.order_by("deadline", "pk")


def _item(row: Assignment) -> TodoItem:
    return TodoItem(
        title=row.title,
        link=row.get_absolute_url(),
        deadline=row.deadline,
        light=selectors.light(row),
        kind=gettext_lazy("Key task"),
        note=f"{row.receiver_name} · {row.get_state_display()}",
    )


def answer_items(user: Any, limit: int) -> Iterable[TodoItem]:
    """The next ones to answer."""
    return [_item(row) for row in to_answer(user)[:limit]]


def review_items(user: Any, limit: int) -> Iterable[TodoItem]:
    """The next ones to review."""
    return [_item(row) for row in to_review(user)[:limit]]


def approve_items(user: Any, limit: int) -> Iterable[TodoItem]:
    """The next ones to approve."""
    return [
        TodoItem(
            title=task.title,
            link=task.get_absolute_url(),
            deadline=task.deadline,
            kind=gettext_lazy("Task to approve"),
        )
        for task in to_approve(user)[:limit]
    ]


def strip(request: HttpRequest) -> dict[str, Any]:
    """Issued, received, rates: each number opens its list."""
    user = people.signed_in(request)
    rows = selectors.assignments(user)
    given = selectors.figures(rows.issued_here())
    taken = selectors.figures(selectors.received(user))
    url, own = reverse(LIST), reverse("supervision:received-list")
    return {
        "figures": [
            Figure(_("Issued"), given.issued, f"{url}?side=issued"),
            Figure(_("Received here"), taken.issued, own),
            _rate(_("Completion"), given.done_rate),
            _rate(_("Done on time"), given.on_time_rate),
            Figure(
                _("Overdue"),
                given.overdue,
                f"{url}?overdue=true",
                "red" if given.overdue else "",
            ),
        ]
    }


def _rate(label: str, rate: float | None) -> Figure:
    url = reverse("supervision:statistics")
    return Figure(
        label,
        "—" if rate is None else f"{rate:g}",
        url,
        "",
        "" if rate is None else "%",
    )


register(
    TodoSource(
        code="supervision.answer",
        label=gettext_lazy("Tasks to work on"),
        items=answer_items,
        count=lambda user: to_answer(user).count(),
        list_url="supervision:received-list",
        permission="supervision.answer_task",
        order=40,
    ),
    TodoSource(
        code="supervision.review",
        label=gettext_lazy("Tasks to review"),
        items=review_items,
        count=lambda user: to_review(user).count(),
        list_url=LIST,
        list_query="side=issued&state=submitted",
        permission="supervision.review_task",
        order=41,
    ),
    TodoSource(
        code="supervision.approve",
        label=gettext_lazy("Tasks to approve"),
        items=approve_items,
        count=lambda user: to_approve(user).count(),
        list_url=TASKS,
        list_query="state=pending_approval",
        permission="supervision.approve_task",
        order=42,
    ),
    Widget(
        code="supervision.figures",
        title=gettext_lazy("Key tasks"),
        template="ui/widgets/figures.html",
        context=strip,
        permission="supervision.view_task",
        order=60,
    ),
    Widget(
        code="supervision.wall",
        title=gettext_lazy("Key tasks"),
        template="ui/widgets/figures.html",
        context=strip,
        permission="supervision.view_task",
        area="centre",
        order=60,
    ),
)
