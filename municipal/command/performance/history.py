"""What happened to cases, read from the raw steps: one case or thousands."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any

from django.db.models import F, QuerySet
from django.db.models.fields.json import KT

from municipal.command import inspectors
from municipal.command.enums import State
from municipal.command.listeners import Happened
from municipal.command.models import Case
from platform_core.processes.models import ProcessStep

from .marks import About, Person, Step

UNDONE = (State.CANCELLED, State.NOT_FILED)
READ = (
    *("instance_id", "pk", "action", "at", "by_id", "company", "overdue"),
    *("code", "to_state", "due"),
)


def about(case: Case, *, missed_by: Person | None = None) -> About:
    """What counting wants to know of a case; asks the database nothing."""
    return About(
        is_public=case.source.is_public,
        class_kind=case.class_kind,
        urgent=case.is_urgent,
        important=case.is_important,
        missed=case.is_missed,
        undone=case.state in UNDONE,
        deadline=case.handling_deadline,
        missed_by=missed_by,
    )


def now(happened: Happened) -> Step:
    """The step that was just made."""
    step, by = happened.step, happened.by
    unit = happened.kept.get("unit_code") or _unit_code(happened.case)
    return Step(
        action=happened.action,
        at=step.at,
        by=(by.pk, by.unit_id) if by else None,
        late=happened.late,
        unit=str(unit),
        to=step.to_state,
        due=str(happened.kept.get("deadline") or ""),
        pk=step.pk,
    )


def _unit_code(case: Case) -> str:
    return case.handling_unit.code if case.handling_unit else ""


def before(happened: Happened) -> list[Step]:
    """The steps before the one that was just made."""
    unit = _unit_code(happened.case)
    return [
        Step(
            action=past.action,
            at=past.at,
            by=(past.by, past.unit) if past.by else None,
            late=past.overdue,
            unit=past.data.get("unit_code") or unit,
            to=past.to_state,
            due=past.data.get("deadline") or "",
            pk=past.pk,
        )
        for past in happened.past
    ]


def _read(rows: QuerySet[ProcessStep]) -> Iterable[tuple[Any, ...]]:
    named = rows.annotate(
        code=KT("data__unit_code"), due=KT("data__deadline"), company=F("by__unit")
    )
    return named.order_by("instance", "seq").values_list(*READ)


def _step(row: tuple[Any, ...], unit: str) -> Step:
    _instance, pk, action, at, by, company, late, code, to, due = row
    person = (by, company) if by else None
    return Step(action, at, person, late, code or unit, to, due or "", pk)


def load(cases: Collection[Case]) -> dict[int, list[Step]]:
    """All steps of many cases by case, in one query more than the cases."""
    by_process = {case.process_id: case for case in cases}
    found: dict[int, list[Step]] = defaultdict(list)
    wanted = ProcessStep.objects.filter(instance__in=list(by_process))
    for row in _read(wanted):
        case = by_process[row[0]]
        found[case.pk].append(_step(row, _unit_code(case)))
    return found


def of(keys: Iterable[int]) -> list[Case]:
    """Cases with what counting reads of other tables."""
    rows = Case.objects.filter(pk__in=list(keys))
    return list(
        rows.select_related("source", "handling_unit", "field_inspector").order_by("pk")
    )


def missed_by(cases: Iterable[Case]) -> dict[int, Person]:
    """Whose patrol missed them: by case, the inspector of the duty grid."""
    found: dict[int, Person] = {}
    owners: dict[int, Person | None] = {}
    for case in cases:
        grid = case.duty_grid_id
        if not case.is_missed or grid is None:
            continue
        if grid not in owners:
            owner = inspectors.grid_owner(case)
            owners[grid] = (owner.pk, owner.unit_id) if owner else None
        person = owners[grid]
        if person:
            found[case.pk] = person
    return found
