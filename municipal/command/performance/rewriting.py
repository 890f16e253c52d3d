"""Write the flags of cases anew from their raw steps, in step with the sums."""

from collections.abc import Collection
from datetime import date

from django.db import transaction

from municipal.command.models import Case

from . import history, marks, rows, summing, waiting
from .enums import ObjectKind, RowKind
from .models import ClosedDay, Exemption, StepFlags

BATCH = 200
DISTANT = date(2000, 1, 1)


def rewrite_stale(*, limit: int = BATCH) -> int:
    """Write anew what a later step or a correction made wrong; how many cases."""
    stale = StepFlags.objects.filter(stale=True).order_by("case")
    keys = list(stale.values_list("case", flat=True).distinct()[:limit])
    return rewrite(keys) if keys else 0


@transaction.atomic
def rewrite(keys: Collection[int], *, wait: bool = False) -> int:
    """Replace the rows of cases; how many. A case being worked on may be left out.

    The lock on the case keeps its next step waiting, so no row of it is missed.
    """
    free = Case.objects.select_for_update(skip_locked=not wait, of=("self",))
    mine = free.filter(pk__in=list(keys)).order_by("pk")
    held = list(mine.values_list("pk", flat=True))
    if not held:
        return 0
    summing.enter()
    take_out(held)
    StepFlags.objects.filter(case__in=held).exclude(row=RowKind.VISIT).delete()
    cases = history.of(held)
    _move_visits(cases)
    write(cases)
    return len(held)


def take_out(cases: Collection[int]) -> None:
    """Take the rows of cases out of the sums; they wait to be added again."""
    summing.add(f"{_in(cases)} AND summed", list(cases), sign=-1)
    StepFlags.objects.filter(case__in=cases, summed=True).update(summed=False)


def put_in(cases: Collection[int]) -> None:
    """Add the rows of cases to the sums; new visits are left to the beat."""
    summing.add(f"{_in(cases)} AND NOT summed AND row <> 'visit'", list(cases))
    mine = StepFlags.objects.filter(case__in=cases, summed=False)
    mine.exclude(row=RowKind.VISIT).update(summed=True)


def _in(cases: Collection[int]) -> str:
    return f"case_id IN ({', '.join(['%s'] * len(cases))})"


def _move_visits(cases: Collection[Case]) -> None:
    """Visits stay as they are but count where the case lies now."""
    by_key = {case.pk: case for case in cases}
    for row in StepFlags.objects.filter(case__in=by_key, row=RowKind.VISIT):
        for name, value in rows.about_case(by_key[row.case_id]).items():
            setattr(row, name, value)
        row.save()


def write(cases: Collection[Case]) -> None:
    """Write all rows of cases that have none, and add them up."""
    steps = history.load(cases)
    missed = history.missed_by(cases)
    exempt = exemptions([case.pk for case in cases])
    last = closed_until()
    made: list[StepFlags] = []
    for case in cases:
        mine = rows_of(case, steps[case.pk], missed.get(case.pk), last)
        for row in mine:
            row.exempt = exempt.get(case.pk, 0)
        made += mine
    rows.put(made)
    put_in([case.pk for case in cases])


def rows_of(
    case: Case, steps: list[marks.Step], missed: marks.Person | None, last: date | None
) -> list[StepFlags]:
    """The rows of all steps of a case, and of the nights it waited."""
    about = history.about(case, missed_by=missed)
    made = []
    for place, step in enumerate(steps, 1):
        found = marks.of(about, steps[:place])
        if found is not None:
            made.append(rows.of_step(case, step, found))
    if last is not None:
        made += waiting.nights(case, steps, first=DISTANT, last=last)
    return made


def exemptions(cases: Collection[int]) -> dict[int, int]:
    """Which kinds of objects some cases do not count for, as bits."""
    found = Exemption.objects.filter(case__in=cases, lifted_at=None)
    return {row.case_id: bits(row.kinds) for row in found}


def bits(kinds: Collection[str]) -> int:
    """Kinds of objects as bits."""
    order = [kind.value for kind in ObjectKind]
    return sum(1 << order.index(kind) for kind in kinds)


def closed_until() -> date | None:
    """The last day at whose end the waiting cases were written."""
    return ClosedDay.objects.values_list("day", flat=True).first()
