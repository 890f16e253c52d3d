"""The receiving end: sign, break down, report, submit, answer, ask for time."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from platform_core.accounts.models import User
from platform_core.common.clock import now
from platform_core.common.errors import DomainError
from platform_core.files.models import Attachment as File
from platform_core.systems.supervision import policies
from platform_core.systems.supervision.enums import FeedbackKind
from platform_core.systems.supervision.models import Assignment, Feedback

from .drafting import Target, container, issue
from .events import locked
from .messages import needed, say_up


@transaction.atomic
def receive(*, assignment: Assignment, by: User, content: str = "") -> Assignment:
    """Sign for an assignment.  [SI-03]"""
    assignment = locked(assignment)
    policies.require(by, "receive", assignment)
    text = content.strip() or _("Signed for.")
    say_up(assignment, FeedbackKind.RECEIVED, by=by, content=text)
    return assignment


@transaction.atomic
def break_down(
    *,
    assignment: Assignment,
    by: User,
    children: Sequence[Target],
    content: str = "",
    requirement: str = "",
) -> list[Assignment]:
    """Give parts of an assignment to platforms below or to own units.  [SI-04]"""
    assignment = locked(assignment)
    policies.require(by, "break_down", assignment)
    task = container(
        assignment, by=by, content=content.strip(), requirement=requirement.strip()
    )
    made = issue(task, by=by, targets=children, limit=assignment.deadline)
    names = _(", ").join(child.receiver_name for child in made)
    say_up(
        assignment,
        FeedbackKind.PROGRESS,
        by=by,
        content=_("Broken down to: %(names)s.") % {"names": names},
        percent=assignment.percent,
    )
    return made


@transaction.atomic
def report_progress(
    *,
    assignment: Assignment,
    by: User,
    content: str,
    percent: int,
    problems: str = "",
    attachments: Iterable[File] = (),
) -> Feedback:
    """Tell the issuer how far the work is.  [SI-05]"""
    assignment = locked(assignment)
    policies.require(by, "progress", assignment)
    if not 0 <= percent <= 100:
        raise DomainError(
            _("Progress is a percentage."),
            code="range",
            fields={"percent": _("From 0 to 100.")},
        )
    return say_up(
        assignment,
        FeedbackKind.PROGRESS,
        by=by,
        content=needed(content, "content"),
        percent=percent,
        problems=problems.strip(),
        attachments=attachments,
    )


@transaction.atomic
def submit_result(
    *,
    assignment: Assignment,
    by: User,
    result: str,
    content: str = "",
    attachments: Iterable[File] = (),
) -> Feedback:
    """Report completion for review; all parts below must be done.  [SI-06]"""
    assignment = locked(assignment)
    policies.require(by, "submit", assignment)
    result = needed(result or content, "result")
    return say_up(
        assignment,
        FeedbackKind.SUBMITTED,
        by=by,
        content=content.strip() or result,
        percent=100,
        result=result,
        attachments=attachments,
    )


@transaction.atomic
def reply_to_supervision(
    *,
    assignment: Assignment,
    by: User,
    content: str,
    attachments: Iterable[File] = (),
) -> Feedback:
    """Answer the open supervision notice.  [SI-09]"""
    assignment = locked(assignment)
    policies.require(by, "reply", assignment)
    text = needed(content, "content")
    return say_up(
        assignment,
        FeedbackKind.PROGRESS,
        by=by,
        content=_("Answer to the supervision notice"),
        result=text,
        percent=assignment.percent,
        attachments=attachments,
    )


@transaction.atomic
def request_extension(
    *, assignment: Assignment, by: User, content: str, wanted_deadline: datetime
) -> Feedback:
    """Ask the issuer for more time.  [SI-10]"""
    assignment = locked(assignment)
    policies.require(by, "request_extension", assignment)
    if wanted_deadline <= max(assignment.deadline, now()):
        present = timezone.localtime(assignment.deadline)
        raise DomainError(
            _("The wanted deadline must be later than the present one."),
            code="range",
            fields={
                "wanted_deadline": _("Later than %(deadline)s.")
                % {"deadline": f"{present:%Y-%m-%d %H:%M}"}
            },
        )
    return say_up(
        assignment,
        FeedbackKind.EXTENSION_REQUEST,
        by=by,
        content=needed(content, "content"),
        wanted_deadline=wanted_deadline,
    )
