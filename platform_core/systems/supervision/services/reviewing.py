"""The issuing end: urge, supervise, review, extend, withdraw, close."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from platform_core.accounts.models import User
from platform_core.common.clock import now, today
from platform_core.common.errors import DomainError
from platform_core.common.models import Sequence, own_node
from platform_core.datasets.services import publish
from platform_core.files.models import Attachment as File
from platform_core.systems.supervision import policies
from platform_core.systems.supervision.enums import NoticeKind
from platform_core.systems.supervision.models import Assignment, Notice

from .drafting import check_deadline, finish
from .events import locked
from .messages import needed, say_down


@transaction.atomic
def urge(*, assignment: Assignment, by: User, content: str = "") -> Notice:
    """Remind a receiver.  [SI-08]"""
    assignment = locked(assignment)
    policies.require(by, "urge", assignment)
    text = content.strip() or _("Please speed up and report the present state.")
    return say_down(assignment, NoticeKind.URGE, by=by, content=text)


@transaction.atomic
def supervise(
    *,
    assignment: Assignment,
    by: User,
    content: str,
    deadline: datetime | None = None,
    attachments: Iterable[File] = (),
) -> Notice:
    """Issue a formal notice that must be answered.  [SI-09, 15.2]"""
    assignment = locked(assignment)
    policies.require(by, "supervise", assignment)
    text = needed(content, "content")
    if deadline is not None and deadline <= now():
        raise DomainError(
            _("The answer must be due in the future."),
            code="range",
            fields={"deadline": _("Must be in the future.")},
        )
    year = today().year
    serial = Sequence.take(f"supervision.notice.{own_node()}.{year}")
    number = _("Supervision notice [%(year)d] No. %(serial)d") % {
        "year": year,
        "serial": serial,
    }
    return say_down(
        assignment,
        NoticeKind.SUPERVISE,
        by=by,
        content=f"{number}\n{text}",
        deadline=deadline,
        attachments=attachments,
    )


@transaction.atomic
def accept(
    *,
    assignment: Assignment,
    by: User,
    content: str = "",
    score: Decimal | None = None,
) -> Notice:
    """Accept the result, with a score if wanted.  [SI-07]"""
    assignment = locked(assignment)
    policies.require(by, "accept", assignment)
    if score is not None and not 0 <= score <= 100:
        raise DomainError(
            _("A score lies between 0 and 100."),
            code="range",
            fields={"score": _("From 0 to 100.")},
        )
    text = content.strip() or _("Accepted.")
    return say_down(assignment, NoticeKind.ACCEPT, by=by, content=text, score=score)


@transaction.atomic
def return_for_rework(
    *,
    assignment: Assignment,
    by: User,
    reason: str,
    deadline: datetime | None = None,
) -> Notice:
    """Send the result back with a reason, perhaps with a new limit.  [SI-07]"""
    assignment = locked(assignment)
    policies.require(by, "return", assignment)
    text = needed(reason, "reason")
    if deadline is not None:
        _check_new_deadline(assignment, deadline)
    notice = say_down(
        assignment, NoticeKind.RETURN, by=by, content=text, deadline=deadline
    )
    _announce_deadline(assignment, deadline)
    return notice


@transaction.atomic
def decide_extension(
    *,
    assignment: Assignment,
    by: User,
    granted: bool,
    content: str = "",
    deadline: datetime | None = None,
) -> Notice:
    """Grant or refuse more time; the original deadline is kept.  [SI-10]"""
    assignment = locked(assignment)
    policies.require(by, "extend" if granted else "refuse_extension", assignment)
    if not granted:
        text = needed(content, "content")
        return say_down(assignment, NoticeKind.REFUSE_EXTENSION, by=by, content=text)
    deadline = deadline or assignment.wanted_deadline
    assert deadline is not None
    _check_new_deadline(assignment, deadline)
    text = content.strip() or _("More time granted.")
    notice = say_down(
        assignment, NoticeKind.EXTEND, by=by, content=text, deadline=deadline
    )
    _announce_deadline(assignment, deadline)
    return notice


def _check_new_deadline(assignment: Assignment, deadline: datetime) -> None:
    above = assignment.task.parent_assignment if assignment.task else None
    check_deadline(deadline, limit=above.deadline if above else None)


def _announce_deadline(assignment: Assignment, deadline: datetime | None) -> None:
    """The record carries the deadline too, for those who read only that."""
    if deadline is not None and not assignment.is_local:
        assignment.revise()
        assignment.save()
        publish("supervision.task", assignment)


@transaction.atomic
def withdraw(*, assignment: Assignment, by: User, reason: str) -> Notice:
    """Take an assignment back, whatever was done on it.  [SI-11]"""
    assignment = locked(assignment)
    policies.require(by, "withdraw", assignment)
    text = needed(reason, "reason")
    notice = say_down(assignment, NoticeKind.WITHDRAW, by=by, content=text)
    finish(assignment.task)
    return notice


@transaction.atomic
def close(*, assignment: Assignment, by: User, content: str = "") -> Notice:
    """Close an accepted assignment; the task ends with its last one.  [SI-12]"""
    assignment = locked(assignment)
    policies.require(by, "close", assignment)
    text = content.strip() or _("Closed.")
    notice = say_down(assignment, NoticeKind.CLOSE, by=by, content=text)
    finish(assignment.task)
    return notice
