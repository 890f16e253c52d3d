"""The drafting side: draft, approval, issue, end and archive of a task."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from platform_core.accounts.models import User
from platform_core.audit.services import record
from platform_core.common.clock import now, today
from platform_core.common.errors import Conflict, DomainError
from platform_core.common.models import Sequence as Counter
from platform_core.common.models import own_node
from platform_core.files import services as files
from platform_core.files.models import Attachment as File
from platform_core.processes import services as processes
from platform_core.systems.supervision import people, policies
from platform_core.systems.supervision.enums import (
    DONE,
    FINISHED,
    TASK_PROCESS,
    Category,
    FeedbackCycle,
    NoticeKind,
    Priority,
    TaskState,
)
from platform_core.systems.supervision.models import Assignment, Task
from platform_core.systems.supervision.models.brief import BRIEF_FIELDS

from .issuing import issue
from .messages import needed, say_down, usable
from .targets import Target, check_deadline, receivers

__all__ = ["Target", "check_deadline", "container", "finish", "issue"]

CHOICES: dict[str, list[str]] = {
    "category": Category.values,
    "priority": Priority.values,
    "feedback_cycle": FeedbackCycle.values,
}


def locked(task: Task) -> Task:
    """The task as it is now, held until the transaction ends."""
    return (
        Task.objects.select_for_update(of=("self",))
        .select_related(
            "process", "parent_assignment", "drafted_by", "drafted_by__unit"
        )
        .get(pk=task.pk)
    )


def _number() -> str:
    """Issuer, year, serial: unique in the federation."""
    node, year = own_node(), today().year
    serial = Counter.take(f"supervision.task.{node}.{year}")
    return f"{node}-{year}-{serial:04d}"


@transaction.atomic
def draft_task(
    *,
    by: User,
    title: str,
    content: str,
    category: str = Category.SPECIAL_ACTION,
    deadline: datetime | None = None,
    targets: Sequence[Target] = (),
    attachments: Iterable[File] = (),
    **brief: Any,
) -> Task:
    """Keep a draft; nothing leaves the node before it is approved.  [SI-01]"""
    policies.require_permission(by, "draft_task")
    moment = now()
    task = Task(
        number=_number(),
        drafted_by=by,
        created_at=moment,
        process=processes.start(TASK_PROCESS),
    )
    values = {"title": title, "content": content, "category": category, **brief}
    _fill(task, deadline=deadline, targets=targets, **values)
    task.wire_files = []
    task.save()
    _attach(task, attachments, by=by)
    record("task.drafted", task, by=by)
    return task


@transaction.atomic
def change_draft(
    *, task: Task, by: User, attachments: Iterable[File] = (), **changes: Any
) -> Task:
    """Change a draft; what is not named stays."""
    task = locked(task)
    policies.require_task(by, "change", task)
    _fill(task, **changes)
    task.touch()
    task.save()
    _attach(task, attachments, by=by)
    record("task.changed", task, by=by, data={"fields": sorted(changes)})
    return task


def _fill(task: Task, **values: Any) -> None:
    for name in BRIEF_FIELDS:
        if name in values:
            setattr(task, name, _checked(name, values[name]))
    if "deadline" in values:
        task.deadline = values["deadline"]
    if "targets" in values:
        found = receivers(values["targets"])
        task.targets = [receiver.target.as_dict() for receiver in found]


def _checked(name: str, value: Any) -> Any:
    value = value.strip() if isinstance(value, str) else value
    if name in {"title", "content"}:
        return needed(value, name)
    if name in CHOICES and value not in CHOICES[name]:
        raise DomainError(
            _("“%(value)s” is not in the code list.") % {"value": value},
            code="code_list",
            fields={name: _("Choose one of: %s.") % ", ".join(CHOICES[name])},
        )
    return value


def _attach(task: Task, attachments: Iterable[File], *, by: User) -> None:
    given = usable(attachments, by=by)
    if given:
        files.attach(given, task, purpose="task")
        task.wire_files = [*task.wire_files, *(files.wire(file) for file in given)]
        task.save(update_fields=["wire_files"])


@transaction.atomic
def submit_for_approval(*, task: Task, by: User, note: str = "") -> Task:
    """Send a complete draft to the leader.  [SI-01]"""
    task = locked(task)
    policies.require_task(by, "submit", task)
    _check_complete(task)
    _fire(task, "submit", by=by, role="drafter", note=note)
    people.tell_approvers(task)
    record("task.submitted", task, by=by)
    return task


def _check_complete(task: Task) -> None:
    above = task.parent_assignment
    limit = check_deadline(task.deadline, limit=above.deadline if above else None)
    if not task.targets:
        raise DomainError(
            _("A task needs at least one receiver."),
            code="required",
            fields={"targets": _("Choose at least one receiver.")},
        )
    for target in map(Target.from_dict, task.targets):
        check_deadline(target.deadline or limit, limit=limit, field="targets")


@transaction.atomic
def approve_and_issue(*, task: Task, by: User, note: str = "") -> Task:
    """Approve, and give the task to each receiver.  [SI-02]"""
    task = locked(task)
    policies.require_task(by, "approve", task)
    _check_complete(task)
    _fire(task, "approve", by=by, role="approver", note=note)
    task.approved_by = by
    task.review_note = note.strip()
    issue(task, by=task.drafted_by or by, targets=task_targets(task))
    record("task.issued", task, by=by, data={"targets": task.targets})
    people.tell_drafter(task, _("Task approved and issued"), note, by=by)
    return task


def task_targets(task: Task) -> list[Target]:
    """The receivers a draft names."""
    return [Target.from_dict(item) for item in task.targets]


@transaction.atomic
def reject_draft(*, task: Task, by: User, reason: str) -> Task:
    """Send a draft back to its author.  [SI-02]"""
    task = locked(task)
    policies.require_task(by, "reject", task)
    reason = needed(reason, "reason")
    _fire(task, "reject", by=by, role="approver", note=reason)
    task.review_note = reason
    task.save(update_fields=["review_note"])
    record("task.rejected", task, by=by, data={"reason": reason})
    level = "warning"
    people.tell_drafter(
        task, _("Task sent back by the leader"), reason, by=by, level=level
    )
    return task


@transaction.atomic
def withdraw_task(*, task: Task, by: User, reason: str) -> Task:
    """Take a task back from every receiver that is not done.  [SI-11]"""
    task = locked(task)
    policies.require_task(by, "withdraw", task)
    reason = needed(reason, "reason")
    _fire(task, "withdraw", by=by, role="desk", note=reason)
    for assignment in _open(task).exclude(state__in=FINISHED):
        say_down(assignment, NoticeKind.WITHDRAW, by=by, content=reason)
    record("task.withdrawn", task, by=by, data={"reason": reason})
    return task


@transaction.atomic
def close_task(*, task: Task, by: User, note: str = "") -> Task:
    """Close what is accepted; the task ends when nothing is open.  [SI-12]"""
    task = locked(task)
    policies.require_task(by, "close", task)
    running = _open(task).exclude(state__in=DONE).count()
    if running:
        raise Conflict(
            _("%(count)d receivers are not done yet.") % {"count": running},
            code="transition_not_allowed",
        )
    text = note.strip() or _("Closed.")
    for assignment in _open(task).filter(state="accepted"):
        say_down(assignment, NoticeKind.CLOSE, by=by, content=text)
    _fire(task, "close", by=by, role="desk", note=note)
    record("task.closed", task, by=by)
    return task


@transaction.atomic
def archive_task(*, task: Task, by: User, note: str = "") -> Task:
    """Put a closed task away.  [SI-12]"""
    task = locked(task)
    policies.require_task(by, "archive", task)
    _fire(task, "archive", by=by, role="desk", note=note)
    record("task.archived", task, by=by)
    return task


def finish(task: Task | None) -> None:
    """Close a task by itself once its last assignment has ended."""
    if task is None:
        return
    task = locked(task)
    still_open = task.assignments.exclude(state__in=FINISHED).exists()
    if task.state == TaskState.ISSUED and not still_open:
        _fire(task, "close", by=None, role="system", note="")
        record("task.closed", task)


def container(
    assignment: Assignment, *, by: User, content: str, requirement: str
) -> Task:
    """The own task that holds the parts of an assignment, made when needed."""
    found = (
        Task.objects.select_for_update(of=("self",))
        .filter(parent_assignment=assignment, state=TaskState.ISSUED)
        .select_related("process", "parent_assignment")
        .first()
    )
    if found:
        return found
    brief = {name: getattr(assignment, name) for name in BRIEF_FIELDS}
    brief["content"] = content or assignment.content
    brief["requirement"] = requirement or assignment.requirement
    task = Task.objects.create(
        **brief,
        number=_number(),
        deadline=assignment.deadline,
        drafted_by=by,
        parent_assignment=assignment,
        wire_files=assignment.wire_files,
        process=processes.start(TASK_PROCESS),
    )
    _fire(task, "break_down", by=by, role="desk", note="")
    record("task.broken_down", task, by=by, data={"from": assignment.number})
    return task


def _open(task: Task) -> Any:
    return (
        Assignment.objects.select_for_update(of=("self",))
        .filter(task=task)
        .select_related("process", "unit", "task")
    )


def _fire(task: Task, action: str, *, by: User | None, role: str, note: str) -> None:
    """Move the task's process and what is kept of its state."""
    step = processes.fire(task.process, action, by=by, roles=[role], note=note.strip())
    task.state = step.to_state
    if step.to_state in {TaskState.CLOSED, TaskState.WITHDRAWN}:
        task.ended_at = step.at
    task.touch()
    task.save()
