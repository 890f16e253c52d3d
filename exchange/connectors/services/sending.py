"""Carrying records of a table to the outside, batch by batch, each counting once.

What the other end took is noted right behind it: after a break the same batch goes
out again, and every writer lets the same records count once.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from exchange.connectors import records, writers
from exchange.connectors.enums import Mode, OnError, RejectState, RunState, SourceKind
from exchange.connectors.errors import Drifted
from exchange.connectors.mapping import Fault, Outward
from exchange.connectors.models import Reject, Run
from exchange.connectors.readers import Item
from exchange.connectors.writers import Letter, Writer
from exchange.interfaces.enums import OFFERED
from exchange.interfaces.models import Table
from platform_core.common.errors import Conflict, DomainError
from platform_core.jobs.work import Work

from .carrying import (
    Halted,
    check_limit,
    mapped,
    rejected_row,
    remember_position,
    told,
    watched,
)


@dataclass
class Part:
    """What became of some records."""

    read: int = 0
    sent: int = 0
    left: int = 0
    bad: list[tuple[Item, Fault]] = field(default_factory=list)
    position: dict[str, Any] = field(default_factory=dict)

    def take(self, other: "Part") -> None:
        """Count what came later, too."""
        self.read += other.read
        self.sent += other.sent
        self.left += other.left
        self.bad += other.bad
        self.position = other.position


def carry(run: Run, work: Work) -> None:
    """Do a run from where it stands; DomainError says why it broke off."""
    with watched(run, work.by) as goes_on:
        if not goes_on:
            return
        for part in _carry(run):
            work.advance(
                part.sent,
                skipped=part.left,
                failed=len(part.bad),
                checkpoint={"batch": run.chunks},
            )


def follow(run: Run) -> None:
    """Do a run here, without a job."""
    with watched(run, run.by) as goes_on:
        if goes_on:
            for _part in _carry(run):
                pass


def check_table(table: Table) -> None:
    """Only what was published leaves the platform."""
    if table.state not in OFFERED:
        text = _("The table is not published; its records stay here.")
        raise Drifted(text, code="not_published")


def definition_of(run: Run, sender: Outward) -> dict[str, Any]:
    """What a writer has to know."""
    return {
        **run.version.definition,
        "session": str(run.flow.uid),
        "columns": sender.columns,
        "first": run.position.get("last", 0),
    }


def _carry(run: Run) -> Iterator[Part]:
    check_table(run.flow.table)
    definition = run.version.definition
    sender, whole = Outward(definition), Part()
    with writers.opened(run.flow.source, definition_of(run, sender)) as writer:
        writer.check(sender.columns)
        if writer.whole:
            run.rejects.filter(state=RejectState.OPEN).delete()  # of an earlier try
        for items in _batches(run, definition):
            part = _send(run, items, sender, writer)
            whole.take(part)
            if not writer.whole:
                _keep(run, part)
                yield part
            check_limit(run, definition["tolerated"], _more(run, whole, writer))
        writer.finish()
        if writer.whole:
            _keep(run, whole)
            yield whole


def _more(run: Run, whole: Part, writer: Writer) -> int:
    """Rejects that are not kept yet; beyond the limit they are, to be looked at."""
    if not writer.whole:
        return 0
    if run.rejected + len(whole.bad) > run.version.definition["tolerated"]:
        _keep_rejects(run, whole)
    return len(whole.bad)


def _batches(run: Run, definition: Mapping[str, Any]) -> Iterator[list[Item]]:
    found = records.items(
        run.flow.table,
        run.position.get("last", 0),
        settled=definition["mode"] == Mode.INCREMENTAL,
    )
    while items := list(islice(found, definition["batch_size"])):
        yield items


def _send(run: Run, items: list[Item], sender: Outward, writer: Writer) -> Part:
    """Deliver one batch; what is wrong or refused is set aside."""
    if Run.objects.get(pk=run.pk).state != RunState.RUNNING:
        raise Halted(_("The run was paused."))
    part = Part(read=len(items), position=items[-1].position)
    letters = list(_letters(items, sender, writer, part))
    _stop_at_first(run, part)
    for refused in writer.write(letters):
        fault = Fault(refused.field, refused.code, refused.reason)
        part.bad.append((refused.letter.item, fault))
    part.sent = part.read - part.left - len(part.bad)
    _stop_at_first(run, part)
    return part


def _stop_at_first(run: Run, part: Part) -> None:
    if part.bad and run.version.definition["on_error"] == OnError.STOP:
        raise Conflict(told(*part.bad[0]))


def _letters(
    items: list[Item], sender: Outward, writer: Writer, part: Part
) -> Iterator[Letter]:
    """Records that are to be sent; what is left out or wrong is counted."""
    for item in items:
        record, faults = mapped(sender, item)
        if faults:
            part.bad.append((item, faults[0]))
        elif record is None or not _tells(item, sender, writer):
            part.left += 1
        else:
            yield Letter(item, record)


def _tells(item: Item, sender: Outward, writer: Writer) -> bool:
    """A withdrawn record goes only where it is understood as such."""
    if not item.row[records.WITHDRAWN] or writer.removes:
        return True
    return any(records.WITHDRAWN in one.get("from", ()) for one in sender.fields)


@transaction.atomic
def _keep_rejects(run: Run, part: Part) -> None:
    Reject.objects.bulk_create([rejected_row(run, *one) for one in part.bad])


def _keep(run: Run, part: Part) -> None:
    """Note what the other end has; a pause that was asked for meanwhile holds."""
    with transaction.atomic():
        locked = Run.objects.select_for_update().get(pk=run.pk)
        if locked.chunks != run.chunks:
            raise Halted(_("The run was paused."))
        _keep_rejects(run, part)
        run.chunks += 1
        run.read += part.read
        run.landed += part.sent
        run.filtered += part.left
        run.rejected += len(part.bad)
        run.position = part.position or run.position
        counted = ["chunks", "read", "landed", "filtered", "rejected", "position"]
        run.save(update_fields=counted)
        remember_position(run)
    if locked.state != RunState.RUNNING:
        raise Halted(_("The run was paused."))


def send_one(reject: Reject, corrected: dict[str, Any]) -> None:
    """Send a rejected record once more; DomainError names what is still wrong."""
    flow = reject.flow
    check_table(flow.table)
    _check_newest(reject)
    sender = Outward(flow.definition)
    made = sender.map(corrected)
    if made.faults:
        raise refusal({one.field or "row": one.reason for one in made.faults})
    item = Item(corrected, reject.line, {"last": reject.line}, reject.place)
    definition = {
        **flow.definition,
        "session": str(flow.uid),
        "columns": sender.columns,
        "name": f"reject-{reject.pk}",
    }
    with writers.opened(flow.source, definition) as writer:
        writer.check(sender.columns)
        refused = writer.write([Letter(item, made.record)])
        if refused:
            raise refusal({refused[0].field or "row": refused[0].reason})
        writer.finish()


def _check_newest(reject: Reject) -> None:
    flow = reject.flow
    if records.overtaken(flow.table, reject.raw, reject.line):
        text = _("The record has changed since; its newest revision goes by itself.")
        raise Conflict(text)
    full = flow.definition.get("mode") == Mode.FULL
    if full and flow.source.kind == SourceKind.FILES:
        text = _("The next run writes the whole file; correct the record where it is.")
        raise Conflict(text)


def refusal(fields: dict[str, str]) -> DomainError:
    """What is still wrong with a record, by field."""
    text = "; ".join(f"{name}: {reason}" for name, reason in fields.items())
    return DomainError(text, code="refused", fields=fields)
