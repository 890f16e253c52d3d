"""Waiting changes become counts; safe to run twice and in two workers."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from typing import Any

from django.db import connection, transaction

from municipal.command.centre.models import Change, Count, Standing
from municipal.command.queries.milestones import Milestone
from platform_core.common import clock
from platform_core.common.models import Sequence as Turnstile
from platform_core.regions import selectors as regions

from . import spots, standing
from .noting import announce

BATCH = 2000
ROWS_PER_STATEMENT = 150
KEPT = timedelta(days=2)
STREAM = 200
# What the counts of a milestone are split into.
PARTS: dict[str, tuple[str, ...]] = {
    Milestone.REPORTED: ("class", "source", "street"),
    Milestone.DISPATCHED: ("unit",),
    Milestone.CLOSED: ("unit",),
    Milestone.OVERDUE: ("unit",),
}
Key = tuple[str, str, str, str, str]  # area, part, milestone, key, period


def sum_up(*, limit: int = BATCH) -> int:
    """Add up what waits; how many changes that were."""
    if not Change.objects.filter(is_summed=False).exists():
        return 0
    with transaction.atomic():
        Turnstile.take("centre.sum")
        waiting = Change.objects.filter(is_summed=False).order_by("pk")
        rows = list(waiting[:limit])
        counted = Counter[Key]()
        for row in rows:
            counted.update(entries(about(row), row.milestone, row.day.isoformat()))
        counted.update(standing.follow({row.case_id for row in rows}))
        add(counted)
        spots.follow(rows)
        Change.objects.filter(pk__in=[row.pk for row in rows]).update(is_summed=True)
        transaction.on_commit(announce)
    return len(rows)


def sum_all() -> int:
    """Add up until nothing waits."""
    total = 0
    while done := sum_up():
        total += done
    return total


def forget() -> int:
    """Drop what no stream shows and nothing can follow any more."""
    before = clock.now() - KEPT
    newest = Change.objects.order_by("-pk").values_list("pk", flat=True)
    last = newest[STREAM : STREAM + 1].first() or 0
    old = Change.objects.filter(is_summed=True, at__lt=before, pk__lte=last)
    standing.forget(before)
    return old.delete()[0]


def about(row: Change) -> dict[str, str]:
    """Where a change belongs."""
    return {
        "area": row.division_code,
        "class": f"{row.class_kind}-{row.class_code}",
        "source": row.source_code,
        "street": row.street_code,
        "unit": row.unit_code,
    }


def entries(place: dict[str, str], milestone: str, day: str) -> Iterator[Key]:
    """The counts that go up by one when a case comes to a milestone on a day."""
    for fact in facts(place, milestone, day):
        yield from spread(fact)


def facts(place: dict[str, str], milestone: str, day: str) -> Iterator[Key]:
    """What there is to count, by the case's district and by the day alone."""
    if not milestone:
        return
    parts = [("", "")]
    parts += [(part, place[part]) for part in PARTS.get(milestone, ()) if place[part]]
    for part, key in parts:
        yield place["area"], part, milestone, key, day


def spread(fact: Key) -> Iterator[Key]:
    """The counts of the city and the district, the day, the month and the year."""
    division, part, milestone, key, day = fact
    for area in areas(division):
        for period in (day, day[:7], day[:4]):
            yield area, part, milestone, key, period


def areas(division: str) -> tuple[str, str]:
    """The city and the district."""
    return regions.own_division().code, division


def add(counted: Counter[Key]) -> None:
    """Add to the counts, in the order of keys so that nobody waits in a ring."""
    rows = [(*key, value) for key, value in sorted(counted.items()) if value]
    for start in range(0, len(rows), ROWS_PER_STATEMENT):
        _add(rows[start : start + ROWS_PER_STATEMENT])


def _add(rows: Sequence[Sequence[Any]]) -> None:
    """One upsert that adds; both databases know it, Django's cannot add."""
    table = connection.ops.quote_name(Count._meta.db_table)
    marks = ", ".join(["(%s, %s, %s, %s, %s, %s)"] * len(rows))
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (area, part, milestone, key, period, value) "  # noqa: S608
            f"VALUES {marks} "
            "ON CONFLICT (area, part, period, milestone, key) "
            f"DO UPDATE SET value = {table}.value + excluded.value",
            _flat(rows),
        )


def _flat(rows: Iterable[Sequence[Any]]) -> list[Any]:
    return [cell for row in rows for cell in row]


def clear() -> None:
    """Begin at nothing."""
    Count.objects.all().delete()
    Standing.objects.all().delete()
