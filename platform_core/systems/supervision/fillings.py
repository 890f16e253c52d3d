"""Key tasks, what their receivers answered, and supervision notices."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.timezone import localtime
from django.utils.translation import gettext_noop

from platform_core.datasets.filling import Filling, fill

from .enums import FeedbackKind, NoticeKind, TaskState
from .models import Feedback, Notice, Task

SYSTEM = gettext_noop("Supervision")
CATEGORIES = {
    "supervised": "supervision",
    "patrol_finding": "finding",
    "rectification": "evaluation_rectification",
}
UNISSUED = (TaskState.DRAFT, TaskState.PENDING)
REPORTS = (FeedbackKind.PROGRESS, FeedbackKind.SUBMITTED)


def moment(value: datetime | None) -> str | None:
    """A moment as it travels."""
    return value.isoformat() if value else None


def task(row: Task) -> Mapping[str, Any] | None:
    """A row of si_task; what was not issued is none."""
    if row.state in UNISSUED or row.issued_at is None:
        return None
    above = row.parent_assignment
    return {
        "task_no": row.number,
        "title": row.title,
        "category": CATEGORIES.get(row.category, row.category),
        "content": row.content,
        "requirement": row.requirement,
        "basis": row.basis or None,
        "priority": row.priority,
        "issuer_unit": str(row.drafted_by.unit or "") if row.drafted_by else "",
        "issuer_name": row.drafted_by.full_name if row.drafted_by else "",
        "issue_time": moment(row.issued_at),
        "start_date": localtime(row.issued_at).date().isoformat(),
        "deadline": moment(row.deadline),
        "feedback_cycle": row.feedback_cycle,
        "parent_task_no": above.number if above else None,
        "source_type": "upper" if above else "own",
        "state": row.state,
    }


def progress(row: Feedback) -> Mapping[str, Any]:
    """A row of si_task_progress."""
    done = row.percent if row.percent is not None else row.assignment.percent
    return {
        "assignment_no": str(row.assignment.uid),
        "seq": row.pk,
        "report_time": moment(row.made_at),
        "reporter": (row.unit_name or row.assignment.receiver_name)[:50],
        "percent": done,
        "content": row.content,
        "problems": row.problems or None,
    }


def notice(row: Notice) -> Mapping[str, Any]:
    """A row of si_supervision."""
    about = row.assignment
    return {
        "notice_no": str(row.uid),
        "object_type": "task",
        "object_no": about.number,
        "level": "general",
        "reason": row.content,
        "requirement": row.content,
        "deadline": moment(row.deadline),
        "issuer_unit": row.unit_name or about.issuer_unit,
        "issue_time": moment(row.made_at),
        "target_unit": about.receiver_name,
        "state": about.supervise_state,
    }


def tasks() -> Any:
    return Task.objects.select_related("drafted_by__unit", "parent_assignment")


def reports() -> Any:
    """What receivers on this platform reported themselves."""
    own = Feedback.objects.filter(kind__in=REPORTS, by__isnull=False)
    return own.select_related("assignment")


def notices() -> Any:
    """Notices that were written on this platform."""
    own = Notice.objects.filter(kind=NoticeKind.SUPERVISE, by__isnull=False)
    return own.select_related("assignment")


fill(Filling(table="si_task", system=SYSTEM, rows=tasks, record=task))
fill(Filling(table="si_task_progress", system=SYSTEM, rows=reports, record=progress))
fill(
    Filling(
        table="si_supervision", system=SYSTEM, rows=notices, record=notice, changed=""
    )
)
