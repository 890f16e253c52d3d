"""Close the days: write which cases were waiting at the end of each."""

from collections.abc import Iterator
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from municipal.command.enums import OPEN
from municipal.command.models import Case
from platform_core.common import clock

from . import history, rewriting, rows, summing, waiting
from .models import ClosedDay, StepFlags

CHUNK = 1000
GRACE = timedelta(minutes=5)  # for steps made just before midnight


def close_days() -> int:
    """Close every day that is over and not closed yet; how many."""
    last = timezone.localtime(clock.now() - GRACE).date() - timedelta(days=1)
    known = rewriting.closed_until()
    day = known + timedelta(days=1) if known else last
    closed = 0
    while day <= last:
        closed += close_day(day)
        day += timedelta(days=1)
    return closed


@transaction.atomic
def close_day(day: date) -> bool:
    """Write the cases open at the end of a day; a second time changes nothing."""
    summing.enter()
    mark, made = ClosedDay.objects.get_or_create(day=day, defaults={"cases": 0})
    if not made:
        return False
    for batch in _open_at(day):
        steps = history.load(batch)
        found: list[StepFlags] = []
        for case in batch:
            found += waiting.nights(case, steps[case.pk], first=day, last=day)
        rows.put(found)
        mark.cases += len(found)
    mark.save(update_fields=["cases"])
    return True


def _open_at(day: date) -> Iterator[list[Case]]:
    """Cases open at the end of a day, those that ended later as well."""
    end = waiting.end_of(day)
    still = Q(state__in=OPEN) | Q(state_since__gt=end)
    keys = list(
        Case.objects.filter(still, reported_at__lte=end)
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    for first in range(0, len(keys), CHUNK):
        yield history.of(keys[first : first + CHUNK])
