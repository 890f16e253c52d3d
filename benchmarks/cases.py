"""Many plausible cases, written in bulk past the services."""

import random
from collections.abc import Iterator
from datetime import timedelta

from django.db import connection
from django.utils import timezone

from municipal.command.enums import PROCESS, State
from municipal.command.models import Case, UnitGrid
from platform_core.accounts.models import OrgUnit
from platform_core.classification import selectors as classification
from platform_core.geo.cells import cell
from platform_core.processes.models import ProcessInstance, ProcessStep
from platform_core.processes.selectors import published

BATCH = 5000
# Most cases of a city are done; the rest is spread over the open states.
STATES = [State.CLOSED] * 17 + [
    State.PENDING_ACCEPT,
    State.PENDING_DISPATCH,
    State.HANDLING,
]
STAGES = {
    State.CLOSED: 6,
    State.PENDING_ACCEPT: 1,
    State.PENDING_DISPATCH: 3,
    State.HANDLING: 4,
}


def fill(total: int) -> None:
    """Add cases until the city holds `total` of them."""
    chance = random.Random(total)
    present = Case.objects.count()
    while present < total:
        count = min(BATCH, total - present)
        write(chance, present, count)
        present += count
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def write(chance: random.Random, start: int, count: int) -> None:
    made = list(_cases(chance, start, count))
    ProcessInstance.objects.bulk_create([case.process for case in made])
    for case in made:
        case.process_id = case.process.pk
    ProcessStep.objects.bulk_create([_first_step(case) for case in made])
    Case.objects.bulk_create(made)


def _first_step(case: Case) -> ProcessStep:
    return ProcessStep(
        instance=case.process,
        seq=1,
        action="register",
        from_state=State.REPORTED,
        to_state=State.PENDING_ACCEPT,
        at=case.reported_at,
        role="acceptor",
        by_name="bench",
        elapsed_seconds=0,
    )


def _cases(chance: random.Random, start: int, count: int) -> Iterator[Case]:
    process = published(PROCESS)
    grids = list(UnitGrid.objects.all())
    problems = classification.classes(classification.default_edition(), "matter")
    units = list(OrgUnit.objects.filter(kind="department"))
    now = timezone.now()
    for number in range(start, start + count):
        state = chance.choice(STATES)
        grid, problem = chance.choice(grids), chance.choice(problems)
        reported = now - timedelta(minutes=chance.randint(1, 60 * 24 * 365))
        sent = state in (State.CLOSED, State.HANDLING)
        filed = state != State.PENDING_ACCEPT
        yield Case(
            number=f"B{number:021d}",
            task_number=f"9{number:011d}" if filed else "",
            source_id="01",
            edition=problem.edition,
            class_kind=problem.kind,
            class_code=problem.code,
            class_name=problem.name,
            description="路面有垃圾堆放，影响通行，请尽快处理。" * 3,
            address=f"示例路{number % 500}号",
            lon=grid.lon,
            lat=grid.lat,
            cell=cell(grid.lon, grid.lat),
            grid_code=grid.code,
            division_code=grid.code[:6],
            street_code=grid.code[:9],
            community_code=grid.code[:12],
            process=ProcessInstance(
                definition_id=process.pk,
                state=state,
                entered_at=reported,
                started_at=reported,
                step_count=1,
            ),
            state=state,
            stage=STAGES[state],
            state_since=reported,
            reported_at=reported,
            filed_at=reported if filed else None,
            dispatched_at=reported if sent else None,
            handling_unit=chance.choice(units) if sent else None,
            closed_at=reported if state == State.CLOSED else None,
            created_at=reported,
            updated_at=reported,
        )
