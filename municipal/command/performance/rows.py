"""Rows of flags: made of what a step counts as and where its case lies."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone

from municipal.command.models import Case
from platform_core.accounts.models import OrgUnit
from platform_core.common import bulk
from platform_core.common.snapshots import Snapshot

from .enums import RowKind
from .marks import Marks, Person, Step
from .models import StepFlags

AREA = ("grid_code", "community_code", "street_code", "division_code")
CLASS = ("edition", "class_kind", "class_code")
_codes = Snapshot("performance.unit_codes")


def unit_key(code: str, case: Case | None = None) -> int | None:
    """The key of a unit that a step names; that of the case needs no look-up."""
    if not code:
        return None
    if case is not None and case.handling_unit_id:
        unit = case.handling_unit
        if unit is not None and unit.code == code:
            return unit.pk
    rows = OrgUnit.objects.filter(code=code).values_list("pk", flat=True)
    return _codes.get(code, rows.first)


def about_case(case: Case) -> dict[str, Any]:
    """Place, class and source of a case, as every row of it keeps them."""
    named = {name: getattr(case, name) for name in (*AREA, *CLASS)}
    return named | {
        "case_id": case.pk,
        "duty_grid_id": case.duty_grid_id,
        "source": case.source_id,
    }


def of_step(case: Case, step: Step, found: Marks | None, **further: Any) -> StepFlags:
    """The row of one step."""
    row = StepFlags(
        row=RowKind.STEP,
        step_id=step.pk,
        action=step.action,
        **moment(step.at),
        **about_case(case),
        **further,
    )
    if found is not None:
        set_people(row, found)
        if found.with_unit:
            row.unit_id = unit_key(step.unit, case)
        set_flags(row, found.flags)
    return row


def moment(at: datetime) -> dict[str, Any]:
    """When it counts: the moment and the day of the city."""
    return {"at": at, "day": timezone.localtime(at).date()}


def set_people(row: StepFlags, found: Marks) -> None:
    """Whom it counts for."""
    set_supervisor(row, found.supervisor)
    for post in ("acceptor", "leader", "dispatcher"):
        person = getattr(found, post)
        setattr(row, f"{post}_id", person[0] if person else None)


def set_supervisor(row: StepFlags, person: Person | None) -> None:
    """An inspector, and the company they belong to."""
    row.supervisor_id, row.company_id = person or (None, None)


def set_flags(row: StepFlags, flags: Iterable[str]) -> None:
    for name in flags:
        setattr(row, name, True)


NAMES = bulk.columns(StepFlags)


def put(made: Sequence[StepFlags]) -> None:
    """Write new rows."""
    if len(made) < bulk.FEW:
        StepFlags.objects.bulk_create(made)
        return
    values = map(vars, made)
    bulk.insert(StepFlags, ([row[name] for name in NAMES] for row in values))
