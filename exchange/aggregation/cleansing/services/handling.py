"""Problems move: found → assigned → fixed → verified, or explained and confirmed."""

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from exchange.aggregation.cleansing.enums import DUE, FEEDBACK, ProblemState
from exchange.aggregation.cleansing.models import (
    Problem,
    ProblemFeedback,
    ProblemStep,
    Sender,
)
from platform_core.audit import services as audit
from platform_core.audit.services import Actor
from platform_core.common.clock import now
from platform_core.common.errors import Conflict, DomainError, Forbidden, NotOrigin
from platform_core.datasets.services import publish

from .clock import due_at
from .finding import announce
from .people import person

CLOSED = (ProblemState.VERIFIED, ProblemState.CONFIRMED)


def _locked(problem: Problem, states: Sequence[str]) -> Problem:
    rows = Problem.objects.select_for_update(of=("self",)).select_related("sender")
    row = rows.get(pk=problem.pk)
    if row.state not in states:
        raise Conflict(_("The problem is no longer in that state."))
    return row


def _move(
    row: Problem,
    state: ProblemState,
    event: str,
    *,
    by: Actor,
    note: str = "",
    node: str = "",
) -> Problem:
    """The new state with its step, its audit row and its announcement."""
    row.state = state
    row.closed_at = now() if state in CLOSED else None
    if state in DUE:
        row.assigned_at = now()
        row.due_at = due_at(row.sender, row.assigned_at)
    if row.is_own:
        row.revise()
    row.save()
    user = person(by)
    name = user.full_name if user else node
    ProblemStep.objects.create(
        problem=row, state=state, by=user, by_name=name[:120], note=note[:500]
    )
    audit.record(event, row, by=by, node=node, data={"state": state, "note": note})
    announce(row)
    return row


def _own(row: Problem) -> Problem:
    if not row.is_own:
        raise NotOrigin(_("The platform that found the problem decides on it."))
    return row


@transaction.atomic
def assign(*, problem: Problem, by: Actor) -> Problem:
    """Make it a duty of its sender; the clock starts."""
    row = _own(_locked(problem, (ProblemState.FOUND,)))
    return _move(row, ProblemState.ASSIGNED, "cleansing.problem_assigned", by=by)


def _answerable(problem: Problem, by: Actor) -> Problem:
    row = _locked(problem, DUE)
    user = person(by)
    mine = user is None or row.sender.holder_id == user.pk
    if user and not mine and not user.has_perm("cleansing.handle_problem"):
        raise Forbidden(_("This is the duty of somebody else."))
    return row


@transaction.atomic
def correct(*, problem: Problem, by: Actor, note: str = "", node: str = "") -> Problem:
    """The sender has corrected its data; the next run verifies it."""
    row = _answerable(problem, by)
    row.feedback = note[:500]
    _answer(row, ProblemState.FIXED, note, by)
    event = "cleansing.problem_corrected"
    return _move(row, ProblemState.FIXED, event, by=by, note=note, node=node)


@transaction.atomic
def explain(*, problem: Problem, by: Actor, note: str, node: str = "") -> Problem:
    """The sender says why the value is right as it is; a steward decides."""
    if not note.strip():
        text = _("Say why the value is right.")
        raise DomainError(text, fields={"note": text})
    row = _answerable(problem, by)
    row.feedback = note[:500]
    _answer(row, ProblemState.EXPLAINED, note, by)
    event = "cleansing.problem_explained"
    return _move(row, ProblemState.EXPLAINED, event, by=by, note=note, node=node)


def _answer(row: Problem, state: ProblemState, note: str, by: Actor) -> None:
    """Send the answer to the platform that found the problem."""
    if row.is_own:
        return
    feedback = ProblemFeedback.objects.create(
        problem=row, state=state, note=note[:500], by_name=str(by or "")[:120]
    )
    publish(FEEDBACK, feedback)


@transaction.atomic
def accept(*, problem: Problem, by: Actor, note: str = "") -> Problem:
    """The explanation holds: the value stays as it is."""
    row = _own(_locked(problem, (ProblemState.EXPLAINED,)))
    return _move(
        row, ProblemState.CONFIRMED, "cleansing.problem_confirmed", by=by, note=note
    )


@transaction.atomic
def send_back(*, problem: Problem, by: Actor, note: str) -> Problem:
    """The answer does not do; the sender has its time anew."""
    states = (ProblemState.EXPLAINED, ProblemState.FIXED)
    row = _own(_locked(problem, states))
    row.reason = note[:500]
    return _move(
        row, ProblemState.RETURNED, "cleansing.problem_returned", by=by, note=note
    )


@transaction.atomic
def verify(*, problem: Problem, by: Actor, note: str = "") -> Problem:
    """The correction is seen; without waiting for the next run."""
    row = _own(_locked(problem, (ProblemState.FIXED,)))
    return _move(
        row, ProblemState.VERIFIED, "cleansing.problem_verified", by=by, note=note
    )


@transaction.atomic
def keep_sender(*, sender: Sender, by: Actor) -> Sender:
    """Who answers for a source; what waited for somebody becomes a duty."""
    sender.touch()
    sender.save()
    about = {"holder": sender.holder_id, "days": sender.days}
    audit.record("cleansing.sender_kept", sender, by=by, data=about)
    if sender.holder_id is not None:
        for problem in sender.problems.filter(state=ProblemState.FOUND)[:1_000]:
            assign(problem=problem, by=by)
    return sender
