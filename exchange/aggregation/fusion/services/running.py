"""Runs: started, carried out in the background, safe to do again after a crash."""

import shutil
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from exchange.aggregation.fusion.engine.plans import Member, Pair
from exchange.aggregation.fusion.engine.run import Fusion
from exchange.aggregation.fusion.enums import KEPT, Change, Trigger
from exchange.aggregation.fusion.models import (
    Master,
    MasterRevision,
    Run,
    Task,
)
from platform_core.audit import services as audit
from platform_core.audit.services import Actor
from platform_core.common.clock import now
from platform_core.common.errors import Conflict, DomainError
from platform_core.jobs import services as jobs
from platform_core.jobs.work import Work

from . import applying, deciding, exporting, queueing, resolving, unmatched
from .people import person

KIND = "fusion.run"
COUNTED = {
    "made": (Change.MADE,),
    "changed": (Change.CHANGED, Change.REVIVED),
    "merged": (Change.MERGED,),
    "split": (Change.SPLIT,),
    "retired": (Change.RETIRED,),
}


@transaction.atomic
def start(*, task: Task, by: Actor, trigger: str = Trigger.MANUAL) -> Run:
    """Fuse all newest rows by the published version, in a job."""
    row = Task.objects.select_for_update(of=("self",)).get(pk=task.pk)
    if row.current is None:
        raise DomainError(_("Publish the task first."))
    last = Run.objects.filter(task=row).select_related("job").first()
    if last and last.ended_at is None and last.job and last.job.is_open:
        raise Conflict(_("A run of this task is not finished yet."))
    run = Run.objects.create(
        task=row, version=row.current, trigger=trigger, by=person(by)
    )
    title = _("Fusion of %(task)s") % {"task": row.name}
    run.job = jobs.start(KIND, by=by, title=title, params={"run": run.pk})
    run.save(update_fields=["job"])
    audit.record("fusion.run_started", run, by=by, data={"trigger": trigger})
    return run


class Share:
    """How much of a run is done, told as a part of its rows."""

    def __init__(self, work: Work, rows: int) -> None:
        self._work, self._rows, self._told = work, rows, work.job.done
        work.expect(rows)

    def to(self, part: float) -> None:
        """Say that this part of the whole is done."""
        more = max(int(self._rows * part) - self._told, 0)
        self._told += more
        self._work.advance(more)


def carry_out(work: Work) -> None:
    """The job: rows out, fused, masters in. Doing it again ends the same."""
    rows = Run.objects.select_related("task", "version__task")
    run = rows.get(pk=work.params["run"])
    folder = work.job.folder / "fusion"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    share = Share(work, sum(exporting.rows(one).count() for one in _sources(run)))
    files = _export(run, folder, share)
    maps = resolving.maps_of(run.version)
    run.used = {str(one): one.current.number for one in maps.values() if one.current}
    plan = resolving.plan(run.version, files, maps)
    with Fusion(
        plan,
        folder / "work",
        decided=deciding.said(run.task),
        progress=lambda part: share.to(0.1 + 0.5 * part),
    ) as done:
        done.run()
        _keep(run, done, share)
        _note(run, maps, done)
    shutil.rmtree(folder, ignore_errors=True)
    _end(run)
    work.note = _("%(rows)d rows, %(masters)d master records.") % {
        "rows": run.rows,
        "masters": run.masters,
    }


def _sources(run: Run) -> list[dict[str, Any]]:
    return run.version.part("sources")


def _export(run: Run, folder: Path, share: Share) -> dict[str, Path]:
    files = {}
    for place, source in enumerate(_sources(run)):
        files[source["code"]] = folder / f"{place}.ndjson"
        exporting.export(source, files[source["code"]], tick=lambda _n: share.to(0))
        share.to(0.1 * (place + 1) / len(_sources(run)))
    return files


def _keep(run: Run, done: Fusion, share: Share) -> None:
    """Groups become masters, unsure pairs work."""
    hidden = resolving.personal(run.version)
    unsure = list(islice(done.review(), KEPT))
    writer = applying.Writer(run, done.plan, hidden)
    writer.plan(done)
    seen = _Seen(unsure)
    total, written = max(done.rows, 1), 0
    for count in writer.write(seen.watch(done.masters())):
        written += count
        share.to(0.6 + 0.3 * min(written / total, 1))
    writer.end()
    writer.leave(seen.present)
    queue = queueing.Queue(run, seen.members, hidden, len(done.conflicts))
    run.unsure = queue.keep(unsure, KEPT)
    run.rows, run.same, run.masters = done.rows, done.same, written
    run.compared, run.large = done.matcher.compared, done.matcher.large
    share.to(0.95)


class _Seen:
    """Notes rows while they pass: who is present, and those that are in question."""

    def __init__(self, unsure: list[Pair]) -> None:
        self._wanted = set(queueing.wanted(unsure))
        self.present: set[str] = set()
        self.members: dict[str, Member] = {}

    def watch(self, groups: Iterator[applying.Group]) -> Iterator[applying.Group]:
        for number, rows in groups:
            for row in rows:
                self.present.add(row.uid)
                if row.uid in self._wanted:
                    self.members[row.uid] = row
            yield number, rows


def _note(run: Run, maps: resolving.Maps, done: Fusion) -> None:
    """The unmatched codes of every map, none where all are known."""
    found = unmatched.by_map(
        (maps[one.source, one.field], one.value, one.count, one.row)
        for one in done.unmatched
    )
    every = {known.pk: known for known in maps.values()}
    run.unmatched = sum(
        unmatched.note(known, found.get(known, {})) for known in every.values()
    )


@transaction.atomic
def _end(run: Run) -> None:
    changes = Counter(
        MasterRevision.objects.filter(run=run).values_list("change", flat=True)
    )
    for name, kinds in COUNTED.items():
        setattr(run, name, sum(changes[kind] for kind in kinds))
    run.masters = Master.objects.current().filter(task=run.task).count()
    run.ended_at = now()
    run.save()
    about = {"rows": run.rows, "masters": run.masters, "made": run.made}
    audit.record("fusion.run_ended", run, by=run.by, data=about)
