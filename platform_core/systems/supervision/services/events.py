"""Giving messages their effect, at once or when an earlier one has arrived."""

from collections.abc import Iterable

from platform_core.accounts.models import User
from platform_core.common.errors import TransitionNotAllowed
from platform_core.processes import services as processes
from platform_core.systems.supervision.enums import Effect
from platform_core.systems.supervision.lifecycle import Verdict, verdict
from platform_core.systems.supervision.models import Assignment, Feedback, Notice

from .effects import note

Message = Feedback | Notice
ENDS = frozenset({"issuer", "receiver"})


def locked(assignment: Assignment) -> Assignment:
    """The assignment as it is now, held until the transaction ends."""
    return (
        Assignment.objects.select_for_update(of=("self",))
        .select_related("process", "unit", "task", "task__drafted_by")
        .get(pk=assignment.pk)
    )


def take(
    assignment: Assignment, message: Message, *, by: User | None = None
) -> Message:
    """Give a message its effect, then those that were waiting for it."""
    note(assignment, message)
    moved = _drive(assignment, message, by)
    message.save()
    while moved:
        moved = any(
            _retry(assignment, waiting) for waiting in _waiting(assignment, message)
        )
    assignment.touch()
    assignment.save()
    return message


def take_own(assignment: Assignment, message: Message, *, by: User | None) -> Message:
    """The same for a message made here, which must fit."""
    take(assignment, message, by=by)
    if message.effect == Effect.WAITING:
        raise TransitionNotAllowed(
            assignment.get_state_display(), fields={"state": assignment.state}
        )
    return message


def _waiting(assignment: Assignment, beside: Message) -> Iterable[Message]:
    found: list[Message] = []
    for model in (Feedback, Notice):
        found += model.objects.filter(assignment=assignment, effect=Effect.WAITING)
    return sorted(found, key=lambda message: message.made_at)


def _retry(assignment: Assignment, message: Message) -> bool:
    moved = _drive(assignment, message, message.by)
    if message.effect != Effect.WAITING:
        message.save(update_fields=["effect"])
    return moved


def _judge(assignment: Assignment, message: Message) -> Verdict:
    if not isinstance(message, Feedback):
        return verdict(state=assignment.state, kind=message.kind)
    if message.is_reply:
        return Verdict(Effect.APPLIED)
    heard = assignment.heard_at
    late = heard is not None and message.made_at < heard
    return verdict(state=assignment.state, kind=message.kind, late=late)


def _drive(assignment: Assignment, message: Message, by: User | None) -> bool:
    judged = _judge(assignment, message)
    message.effect = judged.effect
    for action in judged.steps:
        step = processes.fire(
            assignment.process,
            action,
            by=by,
            roles=ENDS,
            note=message.content,
            data={"message": str(message.uid), "kind": message.kind},
            overdue=assignment.overdue,
            unit_name=message.unit_name[:100],
        )
        assignment.state_since = step.at
    if not judged.steps:
        return False
    assignment.state = assignment.process.state
    if isinstance(message, Feedback):
        assignment.heard_at = message.made_at
    return True
