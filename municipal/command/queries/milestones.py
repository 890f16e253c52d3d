"""What a case has come to: each counts once, on the day it came to it first."""

from datetime import datetime

from django.db.models import DateTimeField, F, OuterRef, QuerySet, Subquery, TextChoices
from django.db.models.expressions import Combinable
from django.utils.translation import pgettext_lazy

from municipal.command.enums import CLOSED
from municipal.command.models import Case
from platform_core.processes.models import ProcessStep


class Milestone(TextChoices):
    """From the report to the closing, and being late.  [CC-50]"""

    REPORTED = "reported", pgettext_lazy("milestone", "Reported")
    ACCEPTED = "accepted", pgettext_lazy("milestone", "Accepted")
    FILED = "filed", pgettext_lazy("milestone", "Filed")
    DISPATCHED = "dispatched", pgettext_lazy("milestone", "Dispatched")
    HANDLED = "handled", pgettext_lazy("milestone", "Handled")
    CHECKED = "checked", pgettext_lazy("milestone", "Checked")
    CLOSED = "closed", pgettext_lazy("milestone", "Closed")
    OVERDUE = "overdue", pgettext_lazy("milestone", "Overdue")


STEPS: dict[str, tuple[str, ...]] = {
    Milestone.ACCEPTED: ("accept",),
    Milestone.FILED: ("file",),
    Milestone.DISPATCHED: ("dispatch",),
    Milestone.HANDLED: ("feedback",),
    Milestone.CHECKED: ("check_pass", "check_fail"),
}
COLUMNS = {
    Milestone.REPORTED: "reported_at",
    Milestone.CLOSED: "closed_at",
    Milestone.OVERDUE: "overdue_at",
}
BY_ACTION = {
    **{action: name for name, actions in STEPS.items() for action in actions},
    "close": Milestone.CLOSED,
    "force_close": Milestone.CLOSED,
    "approve_self": Milestone.CLOSED,
}


def moment(name: str) -> Combinable:
    """When a case came to a milestone first, as an expression; nothing if never."""
    if column := COLUMNS.get(Milestone(name)):
        return F(column)
    steps = ProcessStep.objects.filter(
        instance=OuterRef("process"), action__in=STEPS[name]
    )
    first = steps.order_by("seq").values("at")[:1]
    return Subquery(first, output_field=DateTimeField())


def reached(
    rows: QuerySet[Case], name: str, first: datetime | None, end: datetime | None
) -> QuerySet[Case]:
    """The cases that came to a milestone from one moment to before another."""
    rows = rows.alias(reached_at=moment(name)).filter(reached_at__isnull=False)
    if name == Milestone.CLOSED:
        rows = rows.filter(state__in=CLOSED)
    if first is not None:
        rows = rows.filter(reached_at__gte=first)
    if end is not None:  # nothing is reached before its report, which has an index
        rows = rows.filter(reached_at__lt=end, reported_at__lt=end)
    return rows
