"""Cases that wait: now, by their state, and at the end of past days, by their steps.

A period that still runs counts what waits at the moment it is asked for. When a day
is over, a row is written for every case that was open at its end; a closed period
counts those of its last day.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta

from django.db.models import Q
from django.utils import timezone

from municipal.command.enums import OPEN, PAUSED, WITH_UNIT, Finding, State
from municipal.command.models import Case

from . import rows
from .enums import RowKind
from .marks import Person, Step
from .models import StepFlags

BY_STATE: Mapping[str, tuple[str, ...]] = {
    State.PENDING_ACCEPT: ("to_accept_num",),
    State.VERIFYING: ("to_verify_num",),
    State.PENDING_CHECK: ("to_send_check_num",),
    State.CHECKING: ("to_check_num",),
    State.PENDING_FILING: ("to_file_num",),
    State.PENDING_DISPATCH: ("to_dispatch_num",),
    State.RETURNED: ("to_dispatch_num",),
    State.PENDING_FEEDBACK: ("to_oversee_num",),
    **{state: ("to_handle_num",) for state in (*WITH_UNIT, *PAUSED)},
}
ON_SITE = (State.VERIFYING, State.CHECKING)
VISIT_FIRST = "yes"
ONE_DAY = timedelta(days=1)


def conditions(now: datetime) -> dict[str, Q]:
    """What each kind of waiting means for a case as it is now."""
    found: dict[str, Q] = {}
    for state, names in BY_STATE.items():
        for name in names:
            found[name] = found.get(name, Q()) | Q(state=state)
    filed = Q(filed_at__isnull=False, state__in=OPEN)
    due = Q(handling_deadline__lt=now)
    found["to_send_verify_num"] = Q(
        state=State.PENDING_ACCEPT,
        source__needs_verification=VISIT_FIRST,
        verify_finding=Finding.NONE,
    )
    found["overdue_pending_num"] = Q(state__in=WITH_UNIT) & due
    found["not_closed_num"] = filed
    found["overdue_open_num"] = filed & due & ~Q(state__in=PAUSED)
    return found


def end_of(day: date) -> datetime:
    """The last moment of a day of the city."""
    midnight = datetime.combine(day + ONE_DAY, time())
    return timezone.make_aware(midnight) - timedelta(microseconds=1)


def nights(
    case: Case, steps: Sequence[Step], *, first: date, last: date
) -> Iterator[StepFlags]:
    """A row for the end of each day between two at which the case was open."""
    for place, step in enumerate(steps):
        if step.to not in OPEN:
            continue
        after = steps[place + 1] if place + 1 < len(steps) else None
        until = last if after is None else _day(after.at) - ONE_DAY
        day = max(first, _day(step.at))
        while day <= min(until, last):
            yield _night(case, steps[: place + 1], after, day)
            day += ONE_DAY


def _day(moment: datetime) -> date:
    return timezone.localtime(moment).date()


def _night(
    case: Case, steps: Sequence[Step], after: Step | None, day: date
) -> StepFlags:
    state, end = steps[-1].to, end_of(day)
    row = StepFlags(
        row=RowKind.WAITING, at=end, day=day, **rows.about_case(case), summed=False
    )
    flags = set(BY_STATE.get(state, ()))
    if any(step.action == "file" for step in steps):
        flags.add("not_closed_num")
        flags |= _overdue(case, steps, end)
    if state == State.PENDING_ACCEPT and _wants_visit(case, steps):
        flags.add("to_send_verify_num")
    rows.set_flags(row, flags)
    if state in ON_SITE:
        rows.set_supervisor(row, _inspector(case, after))
    row.unit_id = rows.unit_key(_unit(steps), case)
    return row


def _overdue(case: Case, steps: Sequence[Step], end: datetime) -> set[str]:
    due = _deadline(case, steps)
    state = steps[-1].to
    if due is None or due >= end or state in PAUSED:
        return set()
    with_unit = {"overdue_pending_num"} if state in WITH_UNIT else set()
    return {"overdue_open_num"} | with_unit


def _deadline(case: Case, steps: Sequence[Step]) -> datetime | None:
    """The unit's deadline as it was after these steps."""
    for step in reversed(steps):
        if step.action == "back_filing":
            return None
        if step.due:
            return datetime.fromisoformat(step.due)
        if step.action in {"dispatch", "redispatch"}:
            return case.handling_deadline
    return None


def _unit(steps: Sequence[Step]) -> str:
    """The code of the unit that had the case after these steps."""
    for step in reversed(steps):
        if step.action == "back_filing":
            return ""
        if step.action in {"dispatch", "redispatch"}:
            return step.unit
    return ""


def _wants_visit(case: Case, steps: Sequence[Step]) -> bool:
    seen = any(step.action in {"verify_true", "verify_false"} for step in steps)
    return not seen and case.source.needs_verification == VISIT_FIRST


def _inspector(case: Case, after: Step | None) -> Person | None:
    """Who was sent: whoever made the next step, or is still on the way."""
    if after is not None:
        return after.by
    person = case.field_inspector
    return (person.pk, person.unit_id) if person else None
