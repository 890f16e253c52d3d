"""Rows of a table brought as a file: by the names of its columns, checked as ever."""

import csv
import os
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import IO, Any

from django.db import transaction
from django.utils.translation import gettext as _

from exchange.connectors import mapping
from exchange.connectors.enums import TRIAL
from exchange.connectors.mapping import Fault, Mapper
from exchange.connectors.readers import Item, tables
from exchange.connectors.readers.drops import digest
from exchange.interfaces.enums import SourceKind
from exchange.interfaces.models import Batch, Table
from exchange.interfaces.services import land
from platform_core.audit import services as audit
from platform_core.common.errors import DomainError
from platform_core.jobs import services as jobs
from platform_core.jobs.models import Job
from platform_core.jobs.work import Work
from platform_core.ui.exports import harmless

from .carrying import mapped

KIND = "connectors.upload"
Row = tuple[Item, dict[str, Any] | None, list[Fault]]


@transaction.atomic
def start(*, table: Table, file: IO[bytes], source: str, trial: bool, by: Any) -> Job:
    """Have a file read in the background; a trial reads its first rows only."""
    params = {"table": table.code, "source": source, "trial": trial}
    words = {"table": table.label}
    title = _("Trial of a file for %(table)s") if trial else _("File for %(table)s")
    job = jobs.start(KIND, by=by, title=title % words, params=params, upload=file)
    audit.record("connector.file_brought", table, by=by, data=params)
    return job


def take(table: Table, work: Work) -> None:
    """Read the file of a job: what is right lands, what is wrong is listed."""
    assert work.input is not None  # such a job is never started without a file
    upload = Upload(table, work)
    if work.params["trial"]:
        rows = list(islice(upload.rows(), TRIAL))
        wrong = sum(bool(faults) for _item, _record, faults in rows)
        text = _("%(count)d rows, %(wrong)d of them wrong. Nothing was taken.")
        work.note = text % {"count": len(rows), "wrong": wrong}
        return
    batch = upload.land()
    facts = {"landed": batch.count, "rejected": upload.rejected}
    work.note = _("%(landed)d landed, %(rejected)d rejected") % facts


def _suffixed(path: Path, name: str) -> Path:
    """The file under a name with its ending, which readers of workbooks want."""
    named = path.with_name(f"input{Path(name).suffix.lower()}")
    if not named.exists():
        os.link(path, named)
    return named


class Upload:
    """A file on its way into a table; rows that are wrong go into a file back."""

    def __init__(self, table: Table, work: Work) -> None:
        assert work.input is not None
        self.table, self.work = table, work
        self.path = _suffixed(work.input, work.job.input_name)
        self.file = tables.open_table(self.path, work.job.input_name, {})
        self.columns = self.file.columns()
        fields = mapping.suggest(self.columns, table)
        if not fields:
            text = _("No column has the name of a field of the table.")
            raise DomainError(text, code="format")
        self.mapper = Mapper({"fields": fields}, table)
        self.named = {one["to"]: one["from"][0] for one in fields}
        self.rejected = 0

    def rows(self) -> Iterator[Row]:
        """Each row with its record, or what is wrong with it."""
        for row, line, fault in self.file.lines():
            item = Item(row, line, {}, fault=fault)
            record, faults = mapped(self.mapper, item)
            for one in faults:
                value = row.get(self.named.get(one.field, ""), "")
                self.work.problem(line, one.reason, field=one.field, value=value)
            self.work.advance(done=not faults, failed=bool(faults))
            yield item, record, faults

    def land(self) -> Batch:
        """Land what is right; the same file again is the same batch."""
        name = f"{self.table.code}-rejected.csv"
        back = self.work.output(name, _("Rejected rows"))
        with back.open("w", encoding="utf-8-sig", newline="") as stream:
            writer = csv.writer(stream)
            writer.writerow([*self.columns, _("Reason")])
            return land(
                table=self.table,
                rows=self._good(writer),
                source=self.work.params["source"],
                by=self.work.by,
                kind=SourceKind.FILE,
                key=digest(self.path),
            )

    def _good(self, writer: Any) -> Iterator[dict[str, Any]]:
        for item, record, faults in self.rows():
            if faults:
                self.rejected += 1
                reason = "; ".join(f"{one.field} {one.reason}" for one in faults)
                values = [harmless(item.row.get(name, "")) for name in self.columns]
                writer.writerow([*values, reason.strip()])
            elif record is not None:
                yield record


def template(table: Table) -> list[str]:
    """The headings of an empty file for a table: the names of its fields."""
    return [one.name for one in table.fields]
