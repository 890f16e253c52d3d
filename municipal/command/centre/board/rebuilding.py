"""Count everything anew from the cases and their steps, chunk by chunk."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from municipal.command.centre.models import Change, Standing
from municipal.command.enums import OPEN
from municipal.command.models import Case
from municipal.command.queries.milestones import COLUMNS, STEPS, Milestone
from platform_core.common import clock
from platform_core.common.models import Sequence as Turnstile
from platform_core.jobs.registry import job
from platform_core.jobs.work import Work
from platform_core.processes.models import ProcessStep

from . import noting, spots, standing, summing
from .noting import announce

CHUNK = 20_000
# Keys in one question: with many more the database reads the whole table instead.
LOOKED_UP = 1_000
STREAM = 30
DAY = len("2026-01-01")
KIND = "centre.rebuild"
FROM_COLUMNS = {
    name: column for name, column in COLUMNS.items() if name != Milestone.OVERDUE
}
BY_STEP = {action: name for name, actions in STEPS.items() for action in actions}
PLACE = ("street_code", "class_kind", "class_code", "source_id", "state_since")
FIELDS = (*PLACE, "process_id", *FROM_COLUMNS.values())
Say = Callable[[int], object]


@transaction.atomic
def rebuild(say: Say = lambda done: None) -> int:
    """Replace all counts by those of this moment; how many cases were counted.

    Steps made meanwhile wait in their changes and are added afterwards.
    """
    Turnstile.take("centre.sum")
    until = clock.now()
    summing.clear()
    kept: Counter[summing.Key] = Counter()
    done = 0
    for rows in _chunks(until):
        counted, standings = _count(rows, until)
        summing.add(_days_of(counted, kept))
        Standing.objects.bulk_create(standings, batch_size=300)
        done += len(rows)
        say(len(rows))
    summing.add(kept)
    Change.objects.filter(at__lte=until).update(is_summed=True)
    _stream()
    spots.rebuild()
    transaction.on_commit(announce)
    return done


def _count(
    rows: list[dict[str, Any]], until: datetime
) -> tuple[Counter[summing.Key], list[Standing]]:
    """What these cases add to the counts; those that may still change."""
    counted: Counter[summing.Key] = Counter()
    reached: Counter[summing.Key] = Counter()
    standings = []
    for row in rows:
        now = standing.standing_of(row)
        counted.update(standing.difference(row, None, now))
        reached.update(_milestones(row, until))
        if row["state"] in OPEN or row["state_since"] > until - summing.KEPT:
            standings.append(now)
    for fact, times in reached.items():
        for key in summing.spread(fact):
            counted[key] += times
    return counted, standings


def _days_of(
    counted: Counter[summing.Key], kept: Counter[summing.Key]
) -> Counter[summing.Key]:
    """The counts of days, which a chunk nearly completes; all others go to `kept`.

    Months, years and what stands meet every chunk: written each time, the same few
    rows would be rewritten a hundred times in one transaction.
    """
    days: Counter[summing.Key] = Counter()
    for key, value in counted.items():
        (days if len(key[-1]) == DAY else kept)[key] += value
    return days


def _chunks(until: datetime) -> Iterator[list[dict[str, Any]]]:
    rows = Case.objects.filter(reported_at__lte=until).order_by("pk")
    last = 0
    while True:
        chunk = rows.filter(pk__gt=last).values(*standing.FIELDS, *FIELDS)
        found = list(chunk[:CHUNK])
        if not found:
            return
        last = found[-1]["pk"]
        _add_moments({row["process_id"]: row for row in found})
        yield found


def _add_moments(rows: dict[int, dict[str, Any]]) -> None:
    """When each case came to its milestones first, by its process."""
    for row in rows.values():
        row |= {f"at_{name}": row[column] for name, column in FROM_COLUMNS.items()}
    keys = sorted(rows)
    for start in range(0, len(keys), LOOKED_UP):
        _add_steps(rows, keys[start : start + LOOKED_UP])


def _add_steps(rows: dict[int, dict[str, Any]], keys: list[int]) -> None:
    steps = ProcessStep.objects.filter(instance_id__in=keys, action__in=BY_STEP)
    ordered = steps.order_by("instance_id", "seq")
    for process, action, at in ordered.values_list("instance_id", "action", "at"):
        rows[process].setdefault(f"at_{BY_STEP[action]}", at)


def _milestones(row: dict[str, Any], until: datetime) -> Iterator[summing.Key]:
    """What a case counts for, by what it came to until then."""
    place = {
        "area": row["division_code"],
        "class": f"{row['class_kind']}-{row['class_code']}",
        "source": row["source_id"],
        "street": row["street_code"],
        "unit": row["handling_unit__code"] or "",
    }
    for name in Milestone.values:
        at = row.get(f"at_{name}")
        if at is not None and at <= until:
            day = timezone.localtime(at).date().isoformat()
            yield from summing.facts(place, name, day)


def _stream() -> None:
    """Where no step was noted yet the stream begins with the newest reports."""
    if Change.objects.exists():
        return
    newest = Case.objects.order_by("-reported_at", "-pk")[:STREAM]
    for case in reversed(newest.select_related("handling_unit")):
        noting.write(
            case,
            case.reported_at,
            milestone=Milestone.REPORTED,
            to_state=case.state,
            is_summed=True,
        )


@job(KIND, _("Figures of the wall counted anew"))
def rebuild_as_job(work: Work) -> None:
    """Count anew in the background."""
    work.expect(Case.objects.count())
    rebuild(lambda done: work.advance(done=done))
