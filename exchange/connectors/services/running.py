"""Beginning, pausing, resuming and ending runs."""

from typing import Any

import structlog
from django.db import transaction
from django.utils.translation import gettext as _

from exchange.connectors import timing
from exchange.connectors.enums import (
    LOG_LINES,
    OPEN,
    FlowState,
    Mode,
    RunState,
    Trigger,
)
from exchange.connectors.errors import Busy
from exchange.connectors.models import Flow, LogLine, Run
from platform_core.audit import services as audit
from platform_core.common.clock import now
from platform_core.common.errors import Conflict, DomainError
from platform_core.jobs import services as jobs
from platform_core.notices import services as notices

log = structlog.get_logger(__name__)
KIND = "connectors.run"


@transaction.atomic
def start(*, flow: Flow, by: Any, trigger: Trigger, again: bool = False) -> Run:
    """Begin a run in the background; `again` reads everything from the start."""
    run = open_run(flow=flow, by=by, trigger=trigger, again=again)
    _send(run, by)
    return run


@transaction.atomic
def open_run(*, flow: Flow, by: Any, trigger: Trigger, again: bool = False) -> Run:
    """A run of an active flow that has no other one open."""
    flow = Flow.objects.select_for_update().get(pk=flow.pk)
    if flow.state != FlowState.ACTIVE or flow.current is None:
        raise Conflict(_("The flow is not active."))
    if Run.objects.filter(flow=flow, state__in=OPEN).exists():
        raise Busy(_("The flow is being run already."))
    if again:
        flow.position = {}
        flow.save(update_fields=["position"])
    incremental = flow.definition["mode"] == Mode.INCREMENTAL
    run = Run.objects.create(
        flow=flow,
        version=flow.current,
        trigger=trigger,
        again=again,
        position=flow.position if incremental else {},
        by=by,
    )
    data = {"run": str(run.uid), "trigger": trigger, "again": again}
    audit.record("connector.run_started", flow, by=by, data=data)
    return run


def _send(run: Run, by: Any) -> None:
    title = _("Run of %(flow)s") % {"flow": run.flow.name}
    job = jobs.start(KIND, by=by, title=title, params={"run": str(run.uid)})
    run.job = job.uid
    run.save(update_fields=["job"])


@transaction.atomic
def pause(*, run: Run, by: Any) -> Run:
    """Stop a run behind the batch that is being written; it can go on later."""
    run = Run.objects.select_for_update().get(pk=run.pk)
    if not run.is_open:
        raise Conflict(_("The run has ended."))
    run.state = RunState.PAUSED
    run.save(update_fields=["state"])
    note(run, _("Paused by a person"))
    audit.record("connector.run_paused", run, by=by)
    return run


@transaction.atomic
def resume(*, run: Run, by: Any) -> Run:
    """Let a paused or failed run go on where it stood."""
    run = Run.objects.select_for_update().get(pk=run.pk)
    if run.state not in {RunState.PAUSED, RunState.FAILED}:
        raise Conflict(_("Only a paused or failed run can go on."))
    if Run.objects.filter(flow=run.flow_id, state__in=OPEN).exists():
        raise Busy(_("The flow is being run already."))
    newer = Run.objects.filter(flow=run.flow_id, pk__gt=run.pk)
    if newer.exclude(trigger=Trigger.RESEND).exists():
        raise Conflict(_("A later run has begun already; run the flow again."))
    if run.flow.current is not None:
        run.version = run.flow.current
    run.state, run.error, run.ended_at = RunState.WAITING, "", None
    run.save(update_fields=["state", "error", "ended_at", "version"])
    note(run, _("Goes on"))
    _send(run, by)
    audit.record("connector.run_resumed", run, by=by)
    return run


def begin(run: Run) -> bool:
    """Mark a run as being done; False where it was paused meanwhile."""
    moment = now()
    open_ones = Run.objects.filter(pk=run.pk, state__in=OPEN)
    if not open_ones.update(state=RunState.RUNNING):
        return False
    Run.objects.filter(pk=run.pk, started_at=None).update(started_at=moment)
    run.refresh_from_db()
    note(run, _("Begins") if not run.chunks else _("Goes on behind a break"))
    return True


def note(run: Run, text: str, level: str = "info") -> None:
    """A line in the log of a run; it does not grow without end."""
    if run.log.count() < LOG_LINES:
        LogLine.objects.create(run=run, text=text[:500], level=level)


@transaction.atomic
def finish(run: Run) -> None:
    """All was read."""
    Run.objects.filter(pk=run.pk, state=RunState.RUNNING).update(
        state=RunState.DONE, ended_at=now()
    )
    run.refresh_from_db()
    counts = {"read": run.read, "landed": run.landed, "rejected": run.rejected}
    text = (
        _("Done: %(read)d read, %(landed)d sent, %(rejected)d rejected")
        if run.flow.outgoing
        else _("Done: %(read)d read, %(landed)d landed, %(rejected)d rejected")
    )
    note(run, text % counts)
    audit.record("connector.run_ended", run.flow, by=run.by, data=counts)


@transaction.atomic
def fail(run: Run, error: str, *, halts: bool = False) -> None:
    """A run broke off; with `halts` its flow waits until somebody looks at it."""
    state = RunState.PAUSED if halts else RunState.FAILED
    Run.objects.filter(pk=run.pk, state__in=OPEN).update(
        state=state, error=error[:500], ended_at=now()
    )
    run.refresh_from_db()
    note(run, error, "error")
    if halts:
        Flow.objects.filter(pk=run.flow_id).update(
            state=FlowState.PAUSED, reason=error[:300], next_at=None
        )
    audit.record("connector.run_failed", run.flow, by=run.by, data={"error": error})
    _tell(run, error)


def _tell(run: Run, error: str) -> None:
    people = {one for one in (run.by, run.version.by) if one is not None}
    if people:
        notices.notify(
            list(people),
            kind="connector",
            title=_("%(flow)s broke off") % {"flow": run.flow.name},
            body=error,
            link=run.get_absolute_url(),
            level="warning",
        )


def start_due() -> int:
    """Begin the runs whose time has come; how many."""
    count, moment = 0, now()
    due = Flow.objects.filter(state=FlowState.ACTIVE, next_at__lte=moment)
    for flow in due.select_related("current"):
        following = timing.of(flow.definition, moment)
        mine = Flow.objects.filter(pk=flow.pk, next_at=flow.next_at)
        if not mine.update(next_at=following):
            continue
        try:
            start(flow=flow, by=None, trigger=Trigger.SCHEDULE)
        except DomainError as error:
            log.info("connectors.not_begun", flow=flow.name, error=str(error.message))
        else:
            count += 1
    return count
