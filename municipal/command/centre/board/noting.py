"""A row for each step of a case, written in the transaction of the step."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from municipal.command.centre.models import Change
from municipal.command.listeners import Happened
from municipal.command.models import Case
from municipal.command.queries.milestones import BY_ACTION, STEPS, Milestone
from platform_core.common import clock, live

TOPIC = "centre.wall"


def note(happened: Happened) -> None:
    """A step was made."""
    first = happened.step.seq == 1
    write(
        happened.case,
        happened.at,
        milestone=Milestone.REPORTED if first else _milestone(happened),
        to_state=happened.case.state,
    )


def note_late(case: Case) -> None:
    """A case was marked overdue, which is no step."""
    write(case, clock.now(), milestone="", to_state=case.state, is_alarm=True)


def _milestone(happened: Happened) -> str:
    """What the case came to by this step; empty if it had been there before."""
    found = BY_ACTION.get(happened.action, "")
    if found not in STEPS:
        return found
    steps = STEPS[found]
    return "" if any(past.action in steps for past in happened.past) else found


def write(
    case: Case, at: datetime, *, milestone: str, to_state: str, **more: Any
) -> None:
    """Note a change of a case with where it belongs."""
    Change.objects.create(
        case=case,
        at=at,
        day=timezone.localtime(at).date(),
        milestone=milestone,
        to_state=to_state,
        division_code=case.division_code,
        street_code=case.street_code,
        grid_code=case.grid_code,
        class_kind=case.class_kind,
        class_code=case.class_code,
        source_code=case.source_id,
        unit_code=case.handling_unit.code if case.handling_unit else "",
        **more,
    )
    transaction.on_commit(announce)


def announce() -> None:
    """Tell the walls that there is something new."""
    live.bump(TOPIC)
