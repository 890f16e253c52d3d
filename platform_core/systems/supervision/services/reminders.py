"""What the platform does by itself: overdue marks, urging, reminders."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from platform_core.audit.services import record
from platform_core.common.clock import now
from platform_core.systems.supervision import people
from platform_core.systems.supervision.enums import (
    CYCLE_DAYS,
    RUNNING,
    WORKING,
    NoticeKind,
    ReminderKind,
)
from platform_core.systems.supervision.models import Assignment, Reminder, ReminderRule

from .events import locked
from .messages import say_down

BATCH = 500
DEFAULT_RULES = (
    (ReminderKind.BEFORE_DEADLINE, 72),
    (ReminderKind.BEFORE_DEADLINE, 24),
    (ReminderKind.UNSIGNED, 0),
    (ReminderKind.MISSING_FEEDBACK, 0),
)


def load_rules() -> str:
    """The usual thresholds; one an administrator switched off stays off."""
    missing = (
        (kind, hours)
        for kind, hours in DEFAULT_RULES
        if not ReminderRule.objects.filter(kind=kind, hours=hours).exists()
    )
    rules = [ReminderRule(kind=kind, hours=hours) for kind, hours in missing]
    made = len(ReminderRule.objects.bulk_create(rules))
    return f"{made} reminder rules"


def mark_overdue() -> int:
    """Mark, once, what has passed its deadline unsubmitted; both ends do."""
    late = Assignment.objects.filter(
        state__in=RUNNING, deadline__lt=now(), overdue=False
    ).values_list("pk", flat=True)[:BATCH]
    return sum(_mark(pk) for pk in list(late))


@transaction.atomic
def _mark(pk: int) -> bool:
    assignment = locked(Assignment(pk=pk))
    present = now()
    if assignment.overdue or assignment.deadline >= present:
        return False
    if assignment.state not in RUNNING:
        return False
    assignment.overdue = True
    assignment.touch()
    assignment.save(update_fields=["overdue", "updated_at"])
    key = f"{assignment.deadline:%Y%m%dT%H%M%S}"
    if _once(assignment, ReminderKind.OVERDUE, key):
        record("assignment.overdue", assignment)
        text = _("The deadline %(deadline)s has passed.") % {
            "deadline": _local(assignment.deadline)
        }
        for at_receiver in _ends(assignment):
            people.remind(assignment, _("Overdue"), text, at_receiver=at_receiver)
    return True


def remind() -> int:
    """Give every reminder that is due and was not given yet."""
    given = 0
    for rule in ReminderRule.objects.filter(is_active=True):
        finder = FINDERS.get(rule.kind)
        for pk, key in list(finder(rule.hours)) if finder else ():
            given += _give(rule.kind, pk, key)
    return given


def _before_deadline(hours: int) -> Iterator[tuple[int, str]]:
    """The issuer urges: what ends within the hours and is not submitted."""
    present = now()
    rows = Assignment.objects.issued_here().filter(
        state__in=RUNNING,
        deadline__gt=present,
        deadline__lte=present + timedelta(hours=hours),
        issued_at__lt=present - timedelta(hours=1),
    )
    for pk, deadline in rows.values_list("pk", "deadline")[:BATCH]:
        yield pk, f"{hours}:{deadline:%Y%m%dT%H%M%S}"


def _unsigned(hours: int) -> Iterator[tuple[int, str]]:
    """The issuer learns who has not signed in time."""
    rows = Assignment.objects.issued_here().filter(state="issued")
    present = now()
    for pk, issued_at, limit in rows.values_list(
        "pk", "issued_at", "sign_within_hours"
    ):
        if limit and issued_at + timedelta(hours=limit + hours) < present:
            yield pk, str(hours)


def _missing_feedback(hours: int) -> Iterator[tuple[int, str]]:
    """The receiver has let a feedback cycle pass in silence."""
    present = now()
    rows = Assignment.objects.received_here().filter(
        state__in=WORKING, feedback_cycle__in=list(CYCLE_DAYS)
    )
    for pk, cycle, last, signed, issued in rows.values_list(
        "pk", "feedback_cycle", "last_feedback_at", "signed_at", "issued_at"
    ):
        due = (last or signed or issued) + timedelta(
            days=CYCLE_DAYS[cycle], hours=hours
        )
        if due < present:
            yield pk, f"{hours}:{due:%Y%m%dT%H%M}"


FINDERS: dict[str, Callable[[int], Iterator[tuple[int, str]]]] = {
    ReminderKind.BEFORE_DEADLINE: _before_deadline,
    ReminderKind.UNSIGNED: _unsigned,
    ReminderKind.MISSING_FEEDBACK: _missing_feedback,
}


@transaction.atomic
def _give(kind: str, pk: int, key: str) -> bool:
    assignment = locked(Assignment(pk=pk))
    if not _once(assignment, kind, key):
        return False
    if kind == ReminderKind.MISSING_FEEDBACK:
        people.remind(
            assignment,
            _("Feedback is due"),
            _("This task wants feedback: %(cycle)s.")
            % {"cycle": assignment.get_feedback_cycle_display()},
            at_receiver=True,
        )
        return True
    if kind == ReminderKind.UNSIGNED:
        text = _("Not signed for within %(hours)d hours of issue; please sign.") % {
            "hours": assignment.sign_within_hours or 0
        }
        people.remind(assignment, _("Not signed for"), text, at_receiver=False)
    else:
        text = _("Reminder by the platform: the deadline is %(deadline)s.") % {
            "deadline": _local(assignment.deadline)
        }
    say_down(assignment, NoticeKind.URGE, by=None, content=text)
    return True


def _once(assignment: Assignment, kind: str, key: str) -> bool:
    return Reminder.objects.get_or_create(assignment=assignment, kind=kind, key=key)[1]


def _ends(assignment: Assignment) -> list[bool]:
    """The ends that are here: the receiver's (True), the issuer's (False)."""
    if assignment.is_local:
        return [True, False]
    return [not assignment.is_own]


def _local(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}"
