"""Giving a task to its receivers."""

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext as _

from platform_core.accounts.models import User
from platform_core.audit.services import record
from platform_core.common.clock import now
from platform_core.common.errors import Conflict, DomainError
from platform_core.datasets.services import publish
from platform_core.processes import services as processes
from platform_core.systems.supervision import people
from platform_core.systems.supervision.enums import ASSIGNMENT_PROCESS
from platform_core.systems.supervision.models import Assignment, Task
from platform_core.systems.supervision.models.brief import BRIEF_FIELDS

from .messages import Author
from .targets import Receiver, Target, check_deadline, receivers


def issue(
    task: Task, *, by: User, targets: Sequence[Target], limit: datetime | None = None
) -> list[Assignment]:
    """One assignment per receiver, announced to each; all or none."""
    if not targets:
        raise DomainError(
            _("Choose at least one receiver."),
            code="required",
            fields={"targets": _("Choose at least one receiver.")},
        )
    chosen = receivers(targets)
    _refuse_known(task, chosen)
    moment = now()
    made = [_give(task, receiver, by=by, at=moment, limit=limit) for receiver in chosen]
    task.issued_at = task.issued_at or moment
    task.targets = [*_stored(task, chosen), *(r.target.as_dict() for r in chosen)]
    task.touch()
    task.save()
    return made


def _stored(task: Task, chosen: Sequence[Receiver]) -> list[dict[str, str]]:
    new = [receiver.target.as_dict() for receiver in chosen]
    return [item for item in task.targets if item not in new]


def _refuse_known(task: Task, chosen: Sequence[Receiver]) -> None:
    known = set(task.assignments.values_list("receiver", "unit__code"))
    for receiver in chosen:
        if (receiver.target.node, receiver.target.unit or None) in known:
            raise Conflict(
                _("%(name)s has this task already.") % {"name": receiver.name},
                fields={"targets": receiver.name},
            )


def _give(
    task: Task,
    receiver: Receiver,
    *,
    by: User,
    at: datetime,
    limit: datetime | None,
) -> Assignment:
    above = task.parent_assignment
    limit = limit or task.deadline
    deadline = check_deadline(
        receiver.target.deadline or limit, limit=limit, field="targets"
    )
    author = Author.of(by)
    assignment = Assignment.objects.create(
        **{name: getattr(task, name) for name in BRIEF_FIELDS},
        number=task.number,
        task=task,
        parent_origin=above.origin if above else "",
        parent_uid=above.uid if above else None,
        receiver=receiver.target.node,
        unit=receiver.unit,
        receiver_name=receiver.name[:100],
        division=receiver.division,
        deadline=deadline,
        original_deadline=deadline,
        issued_at=at,
        issuer_unit=author.unit[:100] or str(settings.NODE_NAME),
        issuer_name=author.name[:50],
        issuer_phone=author.phone[:30],
        wire_files=task.wire_files,
        process=processes.start(ASSIGNMENT_PROCESS, at=at),
        state_since=at,
    )
    if assignment.is_local:
        people.tell_receiver(assignment)
    else:
        publish("supervision.task", assignment)
    record("assignment.issued", assignment, by=by, data={"receiver": receiver.name})
    return assignment
