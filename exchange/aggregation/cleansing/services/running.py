"""Runs: started, carried out in the background, safe to go on after a crash."""

import csv
import shutil
from collections.abc import Iterable, Iterator
from itertools import groupby, islice
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from exchange.aggregation.cleansing.engine.rules import Found, Verdict
from exchange.aggregation.cleansing.engine.run import Changed, Cleansing
from exchange.aggregation.cleansing.enums import CHUNK, KEPT, Trigger
from exchange.aggregation.cleansing.models import (
    Correction,
    Rule,
    RuleResult,
    RuleSet,
    Run,
)
from exchange.interfaces import selectors as landed
from exchange.interfaces.enums import RowState
from exchange.interfaces.services import landing
from platform_core.audit import services as audit
from platform_core.audit.services import Actor
from platform_core.common.clock import now
from platform_core.common.errors import Conflict, DomainError
from platform_core.jobs import services as jobs
from platform_core.jobs.work import Work
from platform_core.ui import exports

from . import closing, exporting, finding, resolving, scoring, waiving
from .people import person

KIND = "cleansing.run"
STATES = {
    Verdict.CLEAN: RowState.CLEAN,
    Verdict.FIXED: RowState.FIXED,
    Verdict.REJECTED: RowState.REJECTED,
    Verdict.RETURNED: RowState.RETURNED,
}


@transaction.atomic
def start(*, rule_set: RuleSet, by: Actor, trigger: str = Trigger.MANUAL) -> Run:
    """Apply the published rules to all newest rows, in a job."""
    row = RuleSet.objects.select_for_update(of=("self",)).get(pk=rule_set.pk)
    if row.current is None:
        raise DomainError(_("Publish the rules first."))
    last = Run.objects.filter(table=row.table).select_related("job").first()
    if last and last.ended_at is None and last.job and last.job.is_open:
        raise Conflict(_("A run over this table is not finished yet."))
    run = Run.objects.create(
        version=row.current, table=row.table, trigger=trigger, by=person(by)
    )
    title = _("Cleansing of %(table)s") % {"table": row.table}
    run.job = jobs.start(KIND, by=by, title=title, params={"run": run.pk})
    run.save(update_fields=["job"])
    audit.record("cleansing.run_started", run, by=by, data={"trigger": trigger})
    return run


class Share:
    """How much of a run is done, told as a part of its rows."""

    def __init__(self, work: Work, rows: int) -> None:
        self._work, self._rows, self._told = work, rows, work.job.done
        work.expect(rows)

    def to(self, part: float, checkpoint: dict[str, Any] | None = None) -> None:
        """Say that this part of the whole is done."""
        more = max(int(self._rows * part) - self._told, 0)
        self._told += more
        self._work.advance(more, checkpoint=checkpoint)


def carry_out(work: Work) -> None:
    """The job: rows out, rules over them, results in; goes on where it stood."""
    run = Run.objects.select_related("version__rule_set", "table").get(
        pk=work.params["run"]
    )
    rules = list(run.version.rules.all())
    folder = work.job.folder / "cleansing"
    folder.mkdir(parents=True, exist_ok=True)
    share = Share(work, landed.rows(run.table).count())
    source, resolved = folder / "rows.ndjson", resolving.resolve(rules, folder)
    if not work.checkpoint:
        exported = exporting.export(run.table, source, tick=lambda _n: share.to(0))
        run.last_row = exported.last
        with Cleansing(
            source,
            resolved,
            folder / "work",
            progress=lambda done, total: share.to(0.1 + 0.6 * done / total),
        ) as done:
            done.run()
            waiving.waive(run.table, rules, done)
            keep_results(run, rules, done)
            share.to(0.7, {"stage": "problems", "after": -1})
    if work.checkpoint.get("stage") != "done":
        with Cleansing(source, resolved, folder / "work", again=True) as done:
            finish(work, share, run, rules, done)
    shutil.rmtree(folder, ignore_errors=True)
    work.note = _("%(rows)d rows, %(problems)d problems.") % {
        "rows": run.rows,
        "problems": run.problems,
    }


@transaction.atomic
def keep_results(run: Run, rules: list[Rule], done: Cleansing) -> None:
    """What the rules found, in numbers."""
    counts, ends = done.counts(), done.verdicts()
    run.rows, run.problems = done.rows, sum(one.found for one in counts)
    run.good, run.fixed = ends[Verdict.CLEAN], ends[Verdict.FIXED]
    run.rejected, run.returned = ends[Verdict.REJECTED], ends[Verdict.RETURNED]
    run.save()
    RuleResult.objects.filter(run=run).delete()
    RuleResult.objects.bulk_create(
        RuleResult(run=run, rule=rule, found=count.found, open=count.open)
        for rule, count in zip(rules, counts, strict=True)
    )
    scoring.keep(run, rules, done.groups(), done.bad_by_group())


def finish(
    work: Work, share: Share, run: Run, rules: list[Rule], done: Cleansing
) -> None:
    """Problems as work, repairs, states of rows; each part safe to repeat."""
    still = sum(result.open for result in run.results.all())
    if work.checkpoint.get("stage") == "problems":
        finder, kept = finding.Finder(run, rules), 0
        found = done.problems(after=work.checkpoint["after"], open_only=True)
        for chunk in _by_rows(found):
            with transaction.atomic():
                finder.keep(chunk)
                kept += len(chunk)
                mark = {"stage": "problems", "after": chunk[-1].row}
                share.to(0.7 + 0.1 * min(kept / max(still, 1), 1), mark)
            if kept >= KEPT:
                break
    _write(work, rules, done)
    share.to(0.8, {"stage": "rows"})
    _correct(run, done.changes())
    for verdict, state in STATES.items():
        landing.mark(rows=done.ended(verdict), state=state)
    share.to(0.95, {"stage": "rows"})
    _end(run, whole=still <= KEPT)
    share.to(1, {"stage": "done"})


def _by_rows(found: Iterable[Found]) -> Iterator[list[Found]]:
    """Chunks that never part the problems of one row."""
    chunk: list[Found] = []
    for _row, mine in groupby(found, key=lambda one: one.row):
        chunk.extend(mine)
        if len(chunk) >= CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _correct(run: Run, changes: Iterator[Changed]) -> None:
    while chunk := list(islice(changes, CHUNK)):
        Correction.objects.bulk_create(
            [
                Correction(row=one.row, table=run.table, values=one.values, run=run)
                for one in chunk
            ],
            update_conflicts=True,
            unique_fields=["row"],
            update_fields=["values", "run"],
        )
    Correction.objects.filter(table=run.table).exclude(run=run).delete()


def _write(work: Work, rules: list[Rule], done: Cleansing) -> None:
    """All problems as a file, those repaired by a rule too."""
    personal = finding.personal_fields(rules)
    target: Path = work.output("problems.csv", str(_("All problems")))
    head = [_("Row"), _("Rule"), _("Field"), _("Value"), _("New value"), _("Open")]
    with target.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(head)
        for found in done.problems():
            one = finding.hidden(found, personal)
            values = [one.value or "", one.fix or "", one.open]
            row = [one.row, rules[one.rule].name, one.field, *values]
            writer.writerow([exports.harmless(value) for value in row])


@transaction.atomic
def _end(run: Run, *, whole: bool) -> None:
    """Close what was not found again, and the run itself."""
    if whole:
        closing.close_gone(run)
    run.ended_at = now()
    run.save(update_fields=["ended_at"])
    about = {"rows": run.rows, "problems": run.problems, "fixed": run.fixed}
    audit.record("cleansing.run_ended", run, by=run.by, data=about)
