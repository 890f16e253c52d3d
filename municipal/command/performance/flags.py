"""Write what every step counts as, in the transaction of the step.  [CC-60]

At most two queries: the steps before where the rule asks for them, and the row.
What changes what earlier steps count as (a case that moves, is cancelled, …) only
marks its rows; the beat writes them anew from the steps.
"""

from datetime import datetime

from municipal.command.listeners import Happened
from municipal.command.models import Case

from . import history, marks, rows
from .enums import RowKind, Verdict
from .models import StepFlags


def follow(happened: Happened) -> None:
    """The listener: one row of flags for a step that counts as something."""
    rule = marks.RULES.get(happened.action)
    if rule is None:
        return
    case, step = happened.case, history.now(happened)
    first = happened.step.seq == 1 or happened.action in marks.ALONE
    past = [] if first else history.before(happened)
    found = marks.of(history.about(case), [*past, step])
    stale = _changes_earlier(happened, past)
    if found is not None or stale:
        rows.put([rows.of_step(case, step, found, stale=stale)])


def _changes_earlier(happened: Happened, past: list[marks.Step]) -> bool:
    """Whether rows of earlier steps are no longer right, or a person is looked for."""
    action, kept = happened.action, happened.kept
    if action == "accept":
        return "class" in kept or "moved" in kept
    if action in marks.ENDS:
        return happened.case.is_missed
    undone = action in {"cancel", "refuse_file"}
    return undone and any(step.action == "file" for step in past)


def renew(case: Case) -> None:
    """Have the flags of a case written anew, after a change beside its steps."""
    StepFlags.objects.filter(case=case, row=RowKind.STEP).update(stale=True)


def visit(case: Case, verdict: Verdict, *, at: datetime) -> None:
    """Count that a citizen was asked about the result, and what they said."""
    row = StepFlags(
        row=RowKind.VISIT,
        action="visit",
        unit_id=case.handling_unit_id,
        **rows.moment(at),
        **rows.about_case(case),
    )
    rows.set_flags(row, {"returned_visit_num", verdict.value})
    rows.put([row])
