"""Write all flags and sums anew from the raw steps, as a job.  [CC-60]

Case by case in chunks: each chunk takes its old rows out of the sums, writes the new
ones and adds them in one transaction, so the figures are right all the time and a
crash leaves nothing half-done.
"""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from municipal.command.models import Case, CaseQuerySet
from platform_core.accounts.models import User
from platform_core.jobs import services as jobs
from platform_core.jobs.models import Job
from platform_core.jobs.registry import job
from platform_core.jobs.work import Work

from . import closing, rewriting, waiting

KIND = "performance.rebuild"
CHUNK = 1000


def start(*, by: User, first: date | None = None, last: date | None = None) -> Job:
    """Rebuild the figures of all cases, or of those reported in a span of days."""
    days = {"first": first, "last": last}
    params = {name: str(day) for name, day in days.items() if day}
    return jobs.start(KIND, by=by, params=params)


def cases_of(params: dict[str, Any]) -> CaseQuerySet:
    """The cases that a rebuild is about."""
    found = Case.objects.all()
    if "first" in params:
        begin = waiting.end_of(date.fromisoformat(params["first"]) - waiting.ONE_DAY)
        found = found.filter(reported_at__gt=begin)
    if "last" in params:
        end = waiting.end_of(date.fromisoformat(params["last"]))
        found = found.filter(reported_at__lte=end)
    return found


@job(KIND, gettext_lazy("Rebuild of the figures of performance"))
def run(work: Work) -> None:
    """Rebuild chunk by chunk; after a crash go on behind the last one."""
    found = cases_of(work.params)
    if not work.checkpoint:
        work.expect(found.count())
        closing.close_days()
    after = work.checkpoint.get("after", 0)
    while keys := next_keys(found, after):
        after = keys[-1]
        with transaction.atomic():
            done = rewriting.rewrite(keys, wait=True)
            work.advance(done, checkpoint={"after": after})
    work.note = _("The figures are those of the steps again.")


def next_keys(found: CaseQuerySet, after: int, limit: int = CHUNK) -> list[int]:
    """Keys of the next cases."""
    rows = found.filter(pk__gt=after).order_by("pk")
    return list(rows.values_list("pk", flat=True)[:limit])


def rebuild_all() -> int:
    """Rebuild at once, for samples and benches; how many cases."""
    closing.close_days()
    found, after, total = Case.objects.all(), 0, 0
    while keys := next_keys(found, after):
        after = keys[-1]
        total += rewriting.rewrite(keys, wait=True)
    return total
