"""Deadlines of the open cases, reckoned as the services do."""

from collections.abc import Iterator
from typing import Any

from municipal.command import clocks
from municipal.command.enums import OPEN, WITH_UNIT
from municipal.command.models import Case
from platform_core.common import clock
from platform_core.processes.selectors import definition_of

from . import tables

FIELDS = {
    "handling_deadline": "timestamptz",
    "deadline": "timestamptz",
    "warn_at": "timestamptz",
    "red_at": "timestamptz",
    "sign_deadline": "timestamptz",
    "next_alert_at": "timestamptz",
    "overdue_at": "timestamptz",
}


def reckon() -> int:
    """Give every open case its deadlines and lights; how many there are."""
    columns = ", ".join(f"{name} {kind}" for name, kind in FIELDS.items())
    tables.run(f"CREATE TEMP TABLE seed_clock (id bigint, {columns})")
    found = list(_rows())
    tables.fill("seed_clock", ["id", *FIELDS], found)
    assignments = ", ".join(f"{name} = k.{name}" for name in FIELDS)
    tables.run(
        f"UPDATE command_case c SET {assignments}"  # noqa: S608
        " FROM seed_clock k WHERE k.id = c.id"
    )
    return len(found)


def _rows() -> Iterator[tuple[Any, ...]]:
    now = clock.now()
    cases = Case.objects.filter(state__in=OPEN).select_related("process")
    for case in cases.order_by("pk").iterator(chunk_size=2000):
        clocks.recompute(case)
        clocks.enter_stage(case, definition_of(case.process))
        late = case.state in WITH_UNIT and (case.handling_deadline or now) < now
        case.overdue_at = case.handling_deadline if late else None
        yield (case.pk, *(getattr(case, name) for name in FIELDS))
