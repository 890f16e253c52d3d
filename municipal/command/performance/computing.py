"""From counts to results: all objects of a kind in one pass in memory."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Q

from municipal.command.models import DutyGrid
from platform_core.accounts.models import OrgUnit, User
from platform_core.common import clock
from platform_core.regions import selectors as regions

from . import counting, documents, objects, scoring
from .counting import Counts
from .enums import AREAS, ObjectKind, RunState
from .models import Result, Run, Scheme
from .periods import Period
from .scoring import Outcome, Plan, Scored

BATCH = 2000
UNITS = (ObjectKind.UNIT, ObjectKind.COMPANY)
DIGITS_ABOVE = {
    ObjectKind.UNIT_GRID: 12,
    ObjectKind.COMMUNITY: 9,
    ObjectKind.STREET: 6,
}


@dataclass(frozen=True)
class Place:
    """Where an object belongs: what it lies in, its group, whom it is about."""

    division_code: str
    parent: str = ""
    group: str = ""
    unit_id: int | None = None
    person_id: int | None = None


@dataclass(frozen=True)
class Judged:
    """An outcome as it is stored."""

    composite: Decimal | None
    grade: str
    colour: str
    scores: dict[str, list[Any]]


class Evaluator:
    """Scores counts by a scheme; objects with the same counts are scored once."""

    def __init__(self, scheme: Scheme, period: Period) -> None:
        self.plan = scheme.plan
        self.months = scoring.month_share(period.kind, period.days)
        self.measures = documents.measures(scheme.body)
        self._plans: dict[str, Plan] = {}
        self._known: dict[tuple[Any, ...], Judged] = {}

    def judged(self, counts: Mapping[str, int], group: str = "") -> Judged:
        """What the counts of an object come to."""
        key = (group, *(counts.get(name, 0) for name in self.measures))
        found = self._known.get(key)
        if found is None:
            if group not in self._plans:
                self._plans[group] = self.plan.of_group(group)
            outcome = scoring.evaluate(self._plans[group], counts, self.months)
            found = self._known[key] = self._judge(outcome)
        return found

    def _judge(self, outcome: Outcome) -> Judged:
        grade = scoring.grade_of(self.plan.grades, outcome.composite)
        return Judged(
            outcome.composite,
            grade.code if grade else "",
            grade.colour if grade else "",
            {row.code: _stored(row) for row in outcome.scored},
        )


def compute(run: Run, counts: Counts | None = None) -> None:
    """Work the results of a run out anew and store them; the caller holds the lock."""
    if counts is None:
        counts = counting.counts(run.kind, run.period)
    rows = results(run, counts)
    run.results.all().delete()
    Result.objects.bulk_create(rows, batch_size=BATCH)
    run.objects_count, run.computed_at = len(rows), clock.now()
    run.touch()
    run.save()


def results(run: Run, counts: Counts) -> list[Result]:
    """Results that are not stored yet, with ranks and the index before."""
    period, kind = run.period, ObjectKind(run.kind)
    labels = objects.labels(kind, list(counts))
    places = _places(run, list(counts))
    evaluator, before = Evaluator(run.scheme, period), previous(kind, period)
    rows = []
    for key, place in places.items():
        row = _result(counts[key], labels.get(key, key), place, evaluator)
        row.run_id, row.key, row.previous = run.pk, key, before.get(key)
        rows.append(row)
    _rank(rows)
    return rows


def _result(
    counts: Mapping[str, int], label: str, place: Place, evaluator: Evaluator
) -> Result:
    judged = evaluator.judged(counts, place.group)
    return Result(
        label=label[:120],
        parent=place.parent[:120],
        group=place.group,
        division_code=place.division_code,
        unit_id=place.unit_id,
        person_id=place.person_id,
        sums={name: count for name, count in counts.items() if count},
        scores=judged.scores,
        composite=judged.composite,
        grade=judged.grade,
        colour=judged.colour,
    )


def _stored(row: Scored) -> list[Any]:
    value = None if row.value is None else str(row.value)
    score = None if row.score is None else str(row.score)
    return [row.above, row.below, value, score]


def _rank(rows: Iterable[Result]) -> None:
    groups: dict[str, list[Result]] = {}
    for row in rows:
        groups.setdefault(row.group, []).append(row)
    for members in groups.values():
        places = scoring.ranks({row.key: row.composite for row in members})
        for row in members:
            row.rank = places[row.key]


def previous(kind: str, period: Period) -> dict[str, Decimal]:
    """The indices of the period before, by object; published ones if there are."""
    runs = list(
        Run.objects.of(kind, period.previous()).exclude(state=RunState.REPLACED)
    )
    if not runs:
        return {}
    best = max(runs, key=lambda run: (run.state == RunState.PUBLISHED, run.pk))
    rows = best.results.values_list("key", "composite")
    return {key: index for key, index in rows if index is not None}


# Where objects belong ---------------------------------------------------------------


def _places(run: Run, keys: list[str]) -> dict[str, Place]:
    if run.kind in AREAS:
        return _areas(ObjectKind(run.kind), keys)
    if run.kind in UNITS:
        return _units(run.scheme, keys)
    return _people(keys)


def _areas(kind: ObjectKind, keys: list[str]) -> dict[str, Place]:
    if kind == ObjectKind.DISTRICT:
        return {key: Place(key) for key in keys}
    if kind == ObjectKind.DUTY_GRID:
        return _duty_grids(keys)
    digits = DIGITS_ABOVE[kind]
    above = {key[:digits] for key in keys}
    names = {
        code: found.label for code in above if (found := regions.find_division(code))
    }
    return {key: Place(key[:12], names.get(key[:digits], key[:digits])) for key in keys}


def _duty_grids(keys: list[str]) -> dict[str, Place]:
    rows = DutyGrid.objects.filter(pk__in=keys).select_related("community")
    return {
        str(row.pk): Place(row.community_id, str(row.community.label)) for row in rows
    }


def _units(scheme: Scheme, keys: list[str]) -> dict[str, Place]:
    rows = OrgUnit.objects.filter(pk__in=keys).select_related("parent")
    return {
        str(row.pk): Place(
            row.division_id,
            str(row.parent or ""),
            scheme.group_of(row.code),
            unit_id=row.pk,
        )
        for row in rows
    }


def _people(keys: list[str]) -> dict[str, Place]:
    own = regions.own_division().code
    return {
        str(row.pk): Place(
            row.unit.division_id if row.unit else own,
            str(row.unit or ""),
            person_id=row.pk,
        )
        for row in User.objects.filter(pk__in=keys)
    }


# Which cases count -------------------------------------------------------------------


def cases_in(period: Period, prefix: str = "") -> Q:
    """Cases that ended or fell due in a period, as a condition on cases."""
    closed, due = f"{prefix}closed_at__date", f"{prefix}handling_deadline__date"
    return Q(**{f"{closed}__gte": period.first, f"{closed}__lte": period.last}) | Q(
        **{f"{due}__gte": period.first, f"{due}__lte": period.last}
    )


def shifted(stored: Counts, before: Counts, after: Counts) -> Counts:
    """Locked counts changed by exactly what an exemption changed, nothing else."""
    found = {}
    for key, row in stored.items():
        old, new = before.get(key, {}), after.get(key, {})
        names = row.keys() | old.keys() | new.keys()
        found[key] = {
            name: max(0, row.get(name, 0) + new.get(name, 0) - old.get(name, 0))
            for name in names
        }
    return found
