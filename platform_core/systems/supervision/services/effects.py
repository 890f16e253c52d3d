"""What a message changes on an assignment, whichever end it came from.

Every function gives the same result in whatever order messages arrive.
"""

from collections.abc import Callable
from typing import Any

from platform_core.common.clock import now
from platform_core.systems.supervision.enums import (
    RUNNING,
    ExtensionState,
    FeedbackKind,
    NoticeKind,
    SuperviseState,
)
from platform_core.systems.supervision.models import Assignment, Feedback, Notice

SUPERVISED = (SuperviseState.OPEN, SuperviseState.REPLIED)


def note(assignment: Assignment, message: Feedback | Notice) -> None:
    """Take over what the message says; its step in the process comes apart."""
    if isinstance(message, Feedback):
        _heard(assignment, message)
    effect = EFFECTS.get(message.kind)
    if effect:
        effect(assignment, message)


def _heard(assignment: Assignment, message: Feedback) -> None:
    newest = assignment.last_feedback_at
    if newest is None or message.made_at > newest:
        assignment.last_feedback_at = message.made_at
    percent = message.percent
    if percent is None and message.kind == FeedbackKind.SUBMITTED:
        percent = 100
    at = assignment.percent_at
    if percent is not None and (at is None or message.made_at >= at):
        assignment.percent, assignment.percent_at = percent, message.made_at
    if message.is_reply and assignment.supervise_state == SuperviseState.OPEN:
        assignment.supervise_state = SuperviseState.REPLIED


def _received(assignment: Assignment, message: Feedback) -> None:
    if assignment.signed_at is None:
        assignment.signed_at = message.made_at
        assignment.signed_by = message.by_name or message.unit_name


def _submitted(assignment: Assignment, message: Feedback) -> None:
    if assignment.submitted_at is None or message.made_at > assignment.submitted_at:
        assignment.submitted_at = message.made_at


def _asked(assignment: Assignment, message: Feedback) -> None:
    assignment.extension_state = ExtensionState.REQUESTED
    assignment.wanted_deadline = message.wanted_deadline


def _urged(assignment: Assignment, message: Notice) -> None:
    assignment.urged_count += 1


def _supervised(assignment: Assignment, message: Notice) -> None:
    assignment.supervise_round += 1
    assignment.supervise_deadline = message.deadline
    over = assignment.accepted_at or assignment.ended_at
    assignment.supervise_state = (
        SuperviseState.RELEASED if over else SuperviseState.OPEN
    )


def _extended(assignment: Assignment, message: Notice) -> None:
    assignment.extension_state = ExtensionState.GRANTED
    _set_deadline(assignment, message)


def _refused(assignment: Assignment, message: Notice) -> None:
    assignment.extension_state = ExtensionState.REFUSED


def _accepted(assignment: Assignment, message: Notice) -> None:
    assignment.accepted_at = message.made_at
    assignment.score = message.score
    _release(assignment)


def _returned(assignment: Assignment, message: Notice) -> None:
    assignment.returned_count += 1
    _set_deadline(assignment, message)


def _ended(assignment: Assignment, message: Notice) -> None:
    assignment.ended_at = message.made_at
    _release(assignment)


def _release(assignment: Assignment) -> None:
    if assignment.supervise_state in SUPERVISED:
        assignment.supervise_state = SuperviseState.RELEASED


def _set_deadline(assignment: Assignment, message: Notice) -> None:
    at = assignment.deadline_set_at
    if message.deadline is None or (at is not None and message.made_at < at):
        return
    assignment.deadline, assignment.deadline_set_at = message.deadline, message.made_at
    if assignment.overdue:
        late = assignment.deadline < now()
        assignment.overdue = late and assignment.state in RUNNING


EFFECTS: dict[str, Callable[[Assignment, Any], None]] = {
    FeedbackKind.RECEIVED: _received,
    FeedbackKind.SUBMITTED: _submitted,
    FeedbackKind.EXTENSION_REQUEST: _asked,
    NoticeKind.URGE: _urged,
    NoticeKind.SUPERVISE: _supervised,
    NoticeKind.EXTEND: _extended,
    NoticeKind.REFUSE_EXTENSION: _refused,
    NoticeKind.ACCEPT: _accepted,
    NoticeKind.RETURN: _returned,
    NoticeKind.WITHDRAW: _ended,
    NoticeKind.CLOSE: _ended,
}
