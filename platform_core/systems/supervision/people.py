"""Who is told what, in words a person can act on."""

from typing import cast

from django.conf import settings
from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _

from platform_core.accounts.models import User
from platform_core.notices.services import notify

from .models import Assignment, Feedback, Notice, Task

URGENT = frozenset({"urge", "supervise", "return", "withdraw"})


def signed_in(request: HttpRequest) -> User:
    """The person behind a request whose permission was checked."""
    return cast(User, request.user)


def own_name() -> str:
    """How this platform calls itself."""
    return str(settings.NODE_NAME)


def holders(permission: str) -> QuerySet[User]:
    """Active people whose role includes a right of this system."""
    right = Permission.objects.filter(
        content_type__app_label="supervision", codename=permission
    )
    having = User.objects.active().filter(groups__permissions__in=right)
    people: QuerySet[User] = having.distinct()
    return people


def handlers() -> QuerySet[User]:
    """People who answer for their own unit only."""
    desk = holders("receive_task").values("pk")
    return holders("answer_task").filter(unit__isnull=False).exclude(pk__in=desk)


def receiving(assignment: Assignment) -> QuerySet[User]:
    """The people at the receiving end."""
    if not assignment.is_local:
        return holders("receive_task")
    assert assignment.unit is not None
    return holders("answer_task").filter(unit__path__startswith=assignment.unit.path)


def issuing(assignment: Assignment) -> list[User]:
    """The author of the task, or else those who review."""
    task = assignment.task
    if task is not None and task.drafted_by is not None and task.drafted_by.is_active:
        return [task.drafted_by]
    return list(holders("review_task"))


def tell_receiver(assignment: Assignment) -> None:
    """A new assignment has come."""
    notify(
        receiving(assignment),
        kind="supervision.task",
        title=_("New key task: %(title)s") % {"title": assignment.title},
        body=_("From %(unit)s, please sign for it.") % {"unit": assignment.issuer_unit},
        link=assignment.get_absolute_url(),
        level="urgent" if assignment.priority != "normal" else "info",
    )


def tell_other_end(assignment: Assignment, message: Feedback | Notice) -> None:
    """A message has come from the other end."""
    from_issuer = isinstance(message, Notice)
    notify(
        receiving(assignment) if from_issuer else issuing(assignment),
        kind=f"supervision.{message.kind}",
        title=_("%(what)s: %(title)s")
        % {"what": message.get_kind_display(), "title": assignment.title},
        body=f"{message.unit_name} {message.by_name}: {message.content}"[:500],
        link=assignment.get_absolute_url(),
        level="urgent" if message.kind in URGENT else "info",
    )


def tell_approvers(task: Task) -> None:
    """A draft waits for approval."""
    notify(
        holders("approve_task"),
        kind="supervision.approval",
        title=_("To approve: %(title)s") % {"title": task.title},
        body=_("Drafted by %(name)s.") % {"name": task.drafted_by},
        link=task.get_absolute_url(),
        level="warning",
    )


def tell_drafter(
    task: Task, title: str, body: str, *, by: User, level: str = "info"
) -> None:
    """The leader has decided; nobody is told of the own decision."""
    if task.drafted_by is None or task.drafted_by == by:
        return
    notify(
        [task.drafted_by],
        kind="supervision.approval",
        title=f"{title}: {task.title}",
        body=body,
        link=task.get_absolute_url(),
        level=level,
    )


def remind(assignment: Assignment, title: str, body: str, *, at_receiver: bool) -> None:
    """The platform reminds one end by itself."""
    notify(
        receiving(assignment) if at_receiver else issuing(assignment),
        kind="supervision.reminder",
        title=f"{title}: {assignment.title}",
        body=body,
        link=assignment.get_absolute_url(),
        level="warning",
    )
