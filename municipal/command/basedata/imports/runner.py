"""The job that tries or imports a delivered file, chunk by chunk, exactly once."""

import csv
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from municipal.command.basedata.models import Delivery
from platform_core.audit import services as audit
from platform_core.common.errors import DomainError
from platform_core.jobs.registry import job
from platform_core.jobs.work import Work

from . import positions
from .batches import Outcome
from .sources import Chunk, Source, open_source
from .targets import Target, target_of

KIND = "basedata.import"
CHUNK = 40_000
HOPELESS = 1000
REPORT = "rows.csv"


def source_of(delivery: Delivery) -> Source:
    """The delivered file, opened."""
    unpacked = delivery.folder / "data.shp"
    path = unpacked if delivery.format == "shapefile" else delivery.path
    return open_source(path, delivery.format, delivery.encoding)


@job(KIND, gettext_lazy("Import of base data"))
def run(work: Work) -> None:
    """Try or import a file; goes on after the last stored chunk."""
    delivery = Delivery.objects.select_related("by").get(uid=work.params["delivery"])
    source = source_of(delivery)
    move = positions.reader(delivery.coord_sys, source.coord_sys)
    if source.total:
        work.expect(source.total)
    importer = Importer(work, target_of(delivery, move, work.by))
    for chunk in source.chunks(CHUNK):
        importer.take(chunk)
    importer.end(delivery)


class Importer:
    """One run over a file."""

    def __init__(self, work: Work, target: Target) -> None:
        self.work, self.target = work, target
        self.trial = bool(work.params.get("trial"))
        held = work.checkpoint
        self.rows: int = held.get("rows", 0)
        self.counts = {
            name: held.get(name, 0) for name in ("new", "changed", "unchanged", "bad")
        }
        self.report = work.output(REPORT, _("Rows that were there already"))
        self._open_report(held.get("report"))

    def _open_report(self, size: int | None) -> None:
        """Cut off what was written after the last stored chunk."""
        if size is None:
            with self.report.open("w", encoding="utf-8-sig", newline="") as stream:
                heads = (_("Row number"), _("Code"), _("Result"))
                csv.writer(stream).writerow(heads)
        else:
            with self.report.open("r+b") as stream:
                stream.truncate(size)

    def take(self, chunk: Chunk) -> None:
        """A chunk and the note that it was taken, in one transaction."""
        if chunk.last <= self.rows:
            self.target.skip(chunk)
            return
        with transaction.atomic():
            outcome = self.target.take(chunk, trial=self.trial)
            self._tell(outcome)
            self.rows = chunk.last
            self.work.advance(
                outcome.new + outcome.changed,
                skipped=outcome.unchanged,
                failed=len(outcome.problems),
                checkpoint=self._checkpoint(outcome),
            )
        self._give_up_early()

    def _tell(self, outcome: Outcome) -> None:
        for each in outcome.problems:
            self.work.problem(each.row, each.reason, field=each.field, value=each.value)
        words = {
            "changed": _("changed"),
            "unchanged": _("unchanged"),
        }
        with self.report.open("a", encoding="utf-8", newline="") as stream:
            lines = ((row, code, words[result]) for row, code, result in outcome.told)
            csv.writer(stream).writerows(lines)

    def _checkpoint(self, outcome: Outcome) -> dict[str, Any]:
        self.counts["new"] += outcome.new
        self.counts["changed"] += outcome.changed
        self.counts["unchanged"] += outcome.unchanged
        self.counts["bad"] += len(outcome.problems)
        size = Path(self.report).stat().st_size
        return {"rows": self.rows, "report": size, **self.counts}

    def _give_up_early(self) -> None:
        taken = sum(self.counts.values()) - self.counts["bad"]
        if not taken and self.counts["bad"] >= HOPELESS:
            raise DomainError(
                _(
                    "None of the first %(rows)d rows can be taken. See the problems: "
                    "the columns or the coordinate system may be chosen wrongly."
                )
                % {"rows": self.counts["bad"]}
            )

    def end(self, delivery: Delivery) -> None:
        """Say what was done, or what would be done."""
        text = _(
            "%(new)d new, %(changed)d changed, %(unchanged)d unchanged, "
            "%(bad)d not taken."
        )
        if self.trial:
            text = _(
                "A trial, nothing was stored: %(new)d new, %(changed)d changed, "
                "%(unchanged)d unchanged, %(bad)d would not be taken."
            )
        self.work.note = text % self.counts
        if not self.trial:
            self.target.finish()
            audit.record(
                "delivery.imported", delivery, by=self.work.by, data=self.counts
            )
