"""States, lights and progress bars as lists and pages show them."""

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from platform_core.systems.supervision import selectors
from platform_core.systems.supervision.enums import SuperviseState
from platform_core.ui import components

TASK_LEVELS = {
    "draft": "grey",
    "pending_approval": "yellow",
    "issued": "blue",
    "closed": "green",
    "archived": "green",
    "withdrawn": "grey",
}
LEVELS = {
    "issued": "yellow",
    "received": "blue",
    "in_progress": "blue",
    "submitted": "orange",
    "returned": "red",
    "accepted": "green",
    "closed": "green",
    "withdrawn": "grey",
}
PRIORITIES = {"urgent": "orange", "very_urgent": "red"}


def task_state(task) -> SafeString:
    """The state of a task."""
    return components.status(task.get_state_display(), TASK_LEVELS[task.state])


def state(assignment) -> SafeString:
    """The state of an assignment, and whether it is supervised."""
    badge = components.status(assignment.get_state_display(), LEVELS[assignment.state])
    if assignment.supervise_state in (SuperviseState.OPEN, SuperviseState.REPLIED):
        return format_html("{} {}", badge, components.status(_("Supervised"), "red"))
    return badge


def priority(row) -> object:
    """The priority, coloured where it is not the normal one."""
    if row.priority in PRIORITIES:
        return components.status(row.get_priority_display(), PRIORITIES[row.priority])
    return row.get_priority_display()


def deadline(assignment) -> SafeString:
    """Time left with the light; plain once the work is done."""
    return components.deadline(assignment.deadline, selectors.light(assignment))


def bar(percent: float | None) -> SafeString:
    """A bar and its number."""
    value = round(percent or 0)
    return format_html(
        '<span class="text-nowrap"><progress value="{0}" max="100">{0}%</progress>'
        " {0}%</span>",
        value,
    )


def progress(assignment) -> SafeString:
    """How far an assignment is."""
    return bar(assignment.percent)


def receivers(task) -> SafeString:
    """Receivers done of all, with those that are late."""
    if not task.receiver_count:
        return format_html('<span class="text-muted">{}</span>', len(task.targets))
    shown = format_html("{} / {}", task.done_count, task.receiver_count)
    if task.late_count:
        late = _("%(count)d overdue") % {"count": task.late_count}
        return format_html("{} {}", shown, components.status(late, "red"))
    return shown


def mean(task) -> SafeString:
    """Mean progress of all receivers."""
    return bar(task.mean_percent)
