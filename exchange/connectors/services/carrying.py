"""Carrying rows from a source into their table, batch by batch, exactly once."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from exchange.connectors.enums import Mode, OnError, RunState
from exchange.connectors.errors import BadValue, Drifted
from exchange.connectors.mapping import Fault, Mapper, Transform
from exchange.connectors.models import Flow, Reject, Run, SeenFile
from exchange.connectors.readers import Began, Ended, Event, Item, Reader, opened
from exchange.interfaces.enums import SourceKind
from exchange.interfaces.services import land, withdraw_gone
from platform_core.common.clock import now
from platform_core.common.errors import Conflict, DomainError
from platform_core.jobs.work import Cancelled, Work

from . import running

# What an incremental flow remembers from run to run.
LASTING = ("key", "same", "since", "last")


class Halted(DomainError):
    """The run was paused, or the flow must wait."""

    status = 409
    code = "halted"


@dataclass
class Chunk:
    """What is written in one transaction."""

    items: list[Item] = field(default_factory=list)
    ended: list[Ended] = field(default_factory=list)

    @property
    def position(self) -> dict[str, Any] | None:
        """Where reading goes on behind it."""
        if self.ended:
            return self.ended[-1].position
        return self.items[-1].position if self.items else None


def carry(run: Run, work: Work) -> None:
    """Do a run from where it stands; DomainError says why it broke off."""
    with watched(run, work.by) as goes_on:
        if not goes_on:
            return
        for landed, filtered, rejected in _carry(run):
            work.advance(
                landed,
                skipped=filtered,
                failed=rejected,
                checkpoint={"batch": run.chunks},
            )
        _withdraw_gone(run)


def _withdraw_gone(run: Run) -> None:
    """Withdraw what a snapshot no longer has, if it was read without a fault."""
    if run.version.definition["mode"] != Mode.SNAPSHOT:
        return
    if run.rejected or not run.read:
        text = _("Nothing is withdrawn: the snapshot is empty or has wrong rows.")
        running.note(run, text, "warning")
        return
    gone = withdraw_gone(
        table=run.flow.table,
        source=run.flow.source.name,
        kept=f"{run.uid}:",
        key=f"{run.uid}/gone",
        by=run.by,
    )
    running.note(run, _("%(count)d records are gone and withdrawn") % {"count": gone})


def follow(run: Run, *, stop: Callable[[], bool], seconds: float | None) -> None:
    """Do a run that has no end of its own, such as listening to a topic."""
    with watched(run, run.by) as goes_on:
        if goes_on:
            for _counts in _carry(run, stop=stop, seconds=seconds):
                pass


@contextmanager
def watched(run: Run, by: Any) -> Iterator[bool]:
    """Begins and ends a run; whatever goes wrong is noted with it."""
    goes_on = running.begin(run)
    try:
        yield goes_on
    except Cancelled:
        running.pause(run=run, by=by)
        raise
    except Halted:
        return
    except DomainError as error:
        running.fail(run, str(error.message), halts=isinstance(error, Drifted))
        raise
    except Exception:
        running.fail(run, _("Something went wrong inside the platform."))
        raise
    if goes_on:
        running.finish(run)


def _carry(run: Run, **facts: Any) -> Iterator[tuple[int, int, int]]:
    """Keeps batch after batch; the counts of each."""
    flow = run.flow
    definition = {**run.version.definition, "session": str(flow.uid), **facts}
    mapper = Mapper(definition, flow.table)
    seen = frozenset() if run.again else _seen(flow)
    with opened(flow.source, definition, seen) as reader:
        events = _checked(reader, run, mapper)
        for chunk in _chunks(events, definition["batch_size"]):
            counts = _keep(run, chunk, mapper)
            for ended in chunk.ended:
                reader.settle(ended)
            yield counts
            check_limit(run, definition["tolerated"])


def _seen(flow: Flow) -> frozenset[str]:
    return frozenset(
        SeenFile.objects.filter(flow=flow).values_list("digest", flat=True)
    )


def _checked(reader: Reader, run: Run, mapper: Mapper) -> Iterator[Event]:
    """What the reader gives, as long as the columns are those of the mapping."""
    for event in reader.items(run.position):
        if isinstance(event, Began):
            if event.name:
                running.note(run, _("Reading %(name)s") % {"name": event.name})
            if event.columns is not None:
                mapper.check_columns(event.columns)
        yield event


def _chunks(events: Iterator[Event], size: int) -> Iterator[Chunk]:
    """Batches of rows; what came before a fault of the source is not lost."""
    chunk = Chunk()
    try:
        for event in events:
            if isinstance(event, Ended):
                chunk.ended.append(event)
            elif isinstance(event, Item):
                chunk.items.append(event)
            if isinstance(event, Ended) or len(chunk.items) >= size:
                yield chunk
                chunk = Chunk()
    except DomainError:
        if chunk.items:
            yield chunk
        raise
    if chunk.items:
        yield chunk


@transaction.atomic
def _keep(run: Run, chunk: Chunk, mapper: Mapper) -> tuple[int, int, int]:
    """Land a batch and note how far the run is, both or none."""
    locked = Run.objects.select_for_update().get(pk=run.pk)
    if locked.state != RunState.RUNNING or locked.chunks != run.chunks:
        raise Halted(_("The run was paused."))
    good, bad = _sorted(mapper, chunk.items)
    if bad and run.version.definition["on_error"] == OnError.STOP:
        raise Conflict(told(*bad[0]))
    if good:
        land(
            table=run.flow.table,
            rows=good,
            source=run.flow.source.name,
            by=run.by,
            kind=SourceKind.CONNECTOR,
            key=f"{run.uid}:{run.chunks + 1}",
        )
    Reject.objects.bulk_create([rejected_row(run, item, fault) for item, fault in bad])
    for ended in chunk.ended:
        if ended.digest:
            _remember(run.flow, ended)
    filtered = len(chunk.items) - len(good) - len(bad)
    _count(run, chunk, landed=len(good), filtered=filtered, rejected=len(bad))
    return len(good), filtered, len(bad)


def _sorted(
    mapper: Mapper, items: list[Item]
) -> tuple[list[dict[str, Any]], list[tuple[Item, Fault]]]:
    """Records to land, and rows that are wrong with the first fault of each."""
    good, bad = [], []
    for item in items:
        record, faults = mapped(mapper, item)
        if faults:
            bad.append((item, faults[0]))
        elif record is not None:
            good.append(record)
    return good, bad


def mapped(mapper: Transform, item: Item) -> tuple[dict[str, Any] | None, list[Fault]]:
    """The record, None where the filter leaves it out, or what is wrong."""
    if item.fault:
        return None, [Fault("", "format", item.fault)]
    try:
        if not mapper.wants(item.row):
            return None, []
    except BadValue as error:
        return None, [Fault("", error.code, str(error.message))]
    made = mapper.map(item.row)
    return made.record, made.faults


def told(item: Item, fault: Fault) -> str:
    text = _("Line %(line)d: %(field)s %(reason)s")
    facts = {"line": item.line, "field": fault.field, "reason": fault.reason}
    return text % facts


def rejected_row(run: Run, item: Item, fault: Fault) -> Reject:
    return Reject(
        run=run,
        flow=run.flow,
        place=item.place[:200],
        line=item.line,
        field=fault.field[:120],
        code=fault.code[:30],
        reason=fault.reason[:300],
        raw=item.row,
    )


def _remember(flow: Flow, ended: Ended) -> None:
    facts = {"name": ended.name[:300], "size": ended.size, "rows": ended.rows}
    SeenFile.objects.update_or_create(
        flow=flow, digest=ended.digest, defaults={**facts, "read_at": now()}
    )


def _count(
    run: Run, chunk: Chunk, *, landed: int, filtered: int, rejected: int
) -> None:
    run.chunks += 1
    run.read += len(chunk.items)
    run.landed += landed
    run.filtered += filtered
    run.rejected += rejected
    run.position = chunk.position or run.position
    run.save(
        update_fields=["chunks", "read", "landed", "filtered", "rejected", "position"]
    )
    remember_position(run)


def remember_position(run: Run) -> None:
    """What the next run begins behind."""
    lasting = {name: run.position[name] for name in LASTING if name in run.position}
    if lasting:
        Flow.objects.filter(pk=run.flow_id).update(position=lasting)


def check_limit(run: Run, tolerated: int, more: int = 0) -> None:
    """Too many wrong rows are a fault of the source or the mapping.

    `more` are rows that are not counted with the run yet.
    """
    if run.rejected + more > tolerated:
        text = _("More than %(count)d rows were rejected.") % {"count": tolerated}
        raise Drifted(text, code="too_many_rejects")
