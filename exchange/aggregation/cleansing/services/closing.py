"""Problems that a run did not find again are verified."""

from itertools import islice

from django.utils.translation import gettext as _

from exchange.aggregation.cleansing.enums import CHUNK, ProblemState
from exchange.aggregation.cleansing.models import Problem, ProblemStep, Run
from platform_core.common.clock import now
from platform_core.common.models import own_node

from .finding import announce


def close_gone(run: Run) -> int:
    """The rows were corrected or withdrawn: their rules pass now; how many."""
    gone = Problem.objects.open().filter(origin=own_node(), table=run.table)
    keys = iter(list(gone.exclude(run=run).values_list("pk", flat=True)))
    closed = 0
    while chunk := list(islice(keys, CHUNK)):
        closed += _close(chunk)
    return closed


def _close(keys: list[int]) -> int:
    rows = Problem.objects.select_for_update(of=("self",)).select_related("sender")
    problems = list(rows.filter(pk__in=keys))
    moment, note = now(), _("No longer found.")
    for problem in problems:
        problem.state, problem.closed_at = ProblemState.VERIFIED, moment
        problem.revise()
    names = ["state", "closed_at", "revision", "updated_at"]
    Problem.objects.bulk_update(problems, names)
    ProblemStep.objects.bulk_create(
        ProblemStep(problem=one, state=one.state, note=note, at=moment)
        for one in problems
    )
    for problem in problems:
        announce(problem)
    return len(problems)
