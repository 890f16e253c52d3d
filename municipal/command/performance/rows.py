"""Rows of flags: made of what a step counts as and where its case lies."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from io import StringIO
from typing import Any

from django.db import connection
from django.utils import timezone

from municipal.command.models import Case
from platform_core.accounts.models import OrgUnit
from platform_core.common.snapshots import Snapshot

from .enums import RowKind
from .marks import Marks, Person, Step
from .models import StepFlags

BATCH = 500
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


# Writing many -------------------------------------------------------------------

FIELDS = [field for field in StepFlags._meta.concrete_fields if not field.primary_key]
COLUMNS = [str(field.column) for field in FIELDS]
ESCAPED = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})
NAMES = [str(field.attname) for field in FIELDS]


def put(made: Sequence[StepFlags]) -> None:
    """Write new rows; a PostgreSQL takes them as a stream."""
    if connection.vendor != "postgresql" or len(made) < BATCH:
        StepFlags.objects.bulk_create(made, batch_size=BATCH)
        return
    stream = StringIO()
    for row in made:
        values = row.__dict__
        line = "\t".join([plain(values[name]) for name in NAMES])
        stream.write(f"{line}\n")
    stream.seek(0)
    names = ", ".join(connection.ops.quote_name(name) for name in COLUMNS)
    with connection.cursor() as cursor:
        cursor.copy_expert(
            f"COPY {StepFlags._meta.db_table} ({names}) FROM STDIN", stream
        )


def plain(value: Any) -> str:
    """A value as COPY reads it; tabs and backslashes do not end it."""
    if value is None:
        return "\\N"
    if isinstance(value, str):
        return value.translate(ESCAPED)
    return value.isoformat() if isinstance(value, date) else str(value)
