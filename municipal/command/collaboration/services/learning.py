"""Counts of duty made anew from the cases, and the old ones dropped."""

from collections import Counter
from datetime import timedelta

from django.utils.translation import gettext_lazy

from municipal.command.collaboration.models import DutyCount
from municipal.command.collaboration.resolving import DAYS
from municipal.command.models import Case
from platform_core.common import clock
from platform_core.jobs.registry import job
from platform_core.jobs.work import Work

KEEP_DAYS = 400
CHUNK = 2000
Key = tuple[str, str, str, int]


@job("collaboration.learn", gettext_lazy("Learn from past dispatches"))
def learn_anew(work: Work) -> None:
    """Count the dispatches of the last days, day by day; each day is replaced."""
    today = clock.today()
    work.expect(DAYS + 1)
    for back in range(DAYS, -1, -1):
        day = today - timedelta(days=back)
        rows = Case.objects.filter(dispatched_at__date=day).values_list(
            "class_kind", "class_code", "street_code", "handling_unit"
        )
        counts: Counter[Key] = Counter()
        for kind, code, street, unit in rows.iterator(chunk_size=CHUNK):
            if unit:
                for place in {street, ""}:
                    counts[kind, code, place, unit] += 1
        DutyCount.objects.filter(day=day).delete()
        DutyCount.objects.bulk_create(
            [
                DutyCount(
                    class_kind=kind,
                    class_code=code,
                    street_code=street,
                    unit_id=unit,
                    day=day,
                    cases=cases,
                )
                for (kind, code, street, unit), cases in counts.items()
            ],
            batch_size=CHUNK,
        )
        work.advance(done=1)


def forget() -> int:
    """Drop counts older than anybody looks back; how many."""
    before = clock.today() - timedelta(days=KEEP_DAYS)
    return DutyCount.objects.filter(day__lt=before).delete()[0]
